"""Requests at random, whole: none meets an unforeseen fault, none takes long. `python -m tests.security.fuzz` asks more of them."""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path

import pytest
from django.test import Client

from tests.security.conftest import consumed
from tests.security.requests_at_random import Sent, sent
from tests.security.test_hostile_requests import CATALOGUE, DATASET

MOST = int(os.environ.get("BOCAGE_TEST_FUZZ", "1500"))
FIRST = int(os.environ.get("BOCAGE_TEST_FUZZ_FIRST", "0"))
REPORT = os.environ.get("BOCAGE_TEST_FUZZ_REPORT", "")
LONGEST = 10.0
"""Seconds: the limit of a query is twenty, on four rows none should come near."""
PIECES = 5


def ask(client: Client, one: Sent) -> tuple[int, bytes, str]:
    """Status, body, type of the body."""
    kind = {"content_type": one.content_type} if one.content_type else {}
    headers = {name: on_the_wire(value) for name, value in one.headers.items()}
    query = on_the_wire(one.query)
    answer = client.generic(one.method, one.path, one.body, **kind, QUERY_STRING=query, **headers)
    return answer.status_code, consumed(answer), answer.headers.get("Content-Type", "")


def on_the_wire(text: str) -> str:
    """The bytes of a text, each as a character: what a server gives to an application."""
    return text.encode("utf-8", "replace").decode("latin-1")


@pytest.mark.parametrize("piece", range(PIECES))
def test_no_request_meets_an_unforeseen_fault(places, piece, caplog):
    caplog.set_level(logging.ERROR)
    client = Client(raise_request_exception=False)
    for path in ("swagger.json", "console", "catalog/datasets", "catalog/datasets/lieux/records"):  # what is slow once
        client.get(f"/api/explore/v2.1/{path}")
    slowest, statuses = 0.0, {}
    for seed in range(FIRST + piece, FIRST + MOST, PIECES):
        one = sent(seed, DATASET, CATALOGUE)
        started = time.perf_counter()
        status, body, kind = ask(client, one)
        spent = time.perf_counter() - started
        slowest, statuses[status] = max(slowest, spent), statuses.get(status, 0) + 1
        assert status < 500, (seed, status, one, body[:500], caplog.text[-2000:])
        assert spent < LONGEST, (seed, spent, one)
        if status >= 400 and body and kind.startswith("application/json"):
            refusal = json.loads(body)
            assert (
                {"error_code", "message"} <= set(refusal)
                or {"errorcode", "error"} <= set(refusal)
                or ("errors" in refusal)
            ), (seed, refusal)
        assert b"Traceback" not in body or "Traceback" in one.query, seed
    if REPORT:
        with Path(REPORT).open("a", encoding="utf-8") as report:
            report.write(json.dumps({"slowest": round(slowest, 2), "statuses": statuses}) + "\n")
    assert statuses.get(200, 0) > sum(statuses.values()) / 5  # not only refusals: most of the code is behind them


def test_requests_are_written_again_from_their_number():
    assert sent(12345, DATASET, CATALOGUE) == sent(12345, DATASET, CATALOGUE)
    assert len({sent(seed, DATASET, CATALOGUE).path for seed in range(300)}) > 60
