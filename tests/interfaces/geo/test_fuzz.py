"""Requests at random to every interface of maps: none meets an unforeseen fault, none takes long.

`python -m tests.interfaces.geo.fuzz --requests 10000` asks more of them; `pytest -m slow` asks ten thousand."""

from __future__ import annotations

import json
import logging
import os
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from tests.interfaces.geo.at_random import Asked, asked

MOST = int(os.environ.get("BOCAGE_TEST_FUZZ", "400"))
FIRST = int(os.environ.get("BOCAGE_TEST_FUZZ_FIRST", "0"))
DOORS = frozenset(os.environ.get("BOCAGE_TEST_FUZZ_DOORS", "").split(",")) - {""}
"""All of them when empty."""
SHOWN = int(os.environ.get("BOCAGE_TEST_FUZZ_SHOWN", "3"))
REPORT = os.environ.get("BOCAGE_TEST_FUZZ_REPORT", "")
LONGEST = 10.0
"""Seconds, on a busy machine: the limit of a query is twenty, on these rows none should come near."""
ONCE = (
    "/ogc/api",
    "/ogc/collections/lieux/items",
    "/tiles/arrets/14/8122/5748.mvt",
    "/wfs?service=WFS&request=GetCapabilities",
    "/wms/arrets?service=WMS&request=GetMap&version=1.3.0&layers=arrets&crs=CRS:84&bbox=-1.7,47.1,-1.4,47.3&width=50&height=50&format=image/png",
)
"""What is slow the first time only."""
PASSWD = b"root:x:0:0"


def ask(client: Client, one: Asked) -> tuple[int, bytes, str]:
    """Status, body, type of the body."""
    kind = {"content_type": one.content_type} if one.content_type else {}
    headers = {name: value.encode("utf-8", "replace").decode("latin-1") for name, value in one.headers.items()}
    query = one.query.encode("utf-8", "replace").decode("latin-1")
    answer = client.generic(one.method, one.path, one.body, QUERY_STRING=query, **kind, **headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    return answer.status_code, body, answer.headers.get("Content-Type", "")


def fault(one: Asked, status: int, body: bytes, kind: str, spent: float) -> str:
    """What is wrong with an answer; empty when nothing is."""
    if status >= 500:
        return f"{status} {body[:300]!r}"
    if spent > LONGEST:
        return f"{spent:.1f} s"
    if PASSWD in body or b"Traceback (most recent" in body:
        return "tells what it must not"
    if one.method == "HEAD":
        return "a body to HEAD" if body else ""
    try:
        if body and "json" in kind.partition(";")[0]:
            json.loads(body)
        elif body and kind.partition(";")[0].endswith("xml"):
            ET.fromstring(body)
    except (ValueError, ET.ParseError) as error:
        return f"not {kind}: {error}"
    return ""


def run(client: Client, first: int, most: int, log: pytest.LogCaptureFixture) -> None:
    client.raise_request_exception = False
    log.set_level(logging.ERROR)
    slowest, faults, seen = (0.0, -1), [], Counter[tuple[str, int]]()
    for path in ONCE:
        client.get(path)
    for number in range(first, first + most):
        one = asked(number)
        if DOORS and one.door not in DOORS:
            continue
        log.clear()
        started = time.perf_counter()
        status, body, kind = ask(client, one)
        spent = time.perf_counter() - started
        slowest, seen[one.door, status] = max(slowest, (spent, number)), seen[one.door, status] + 1
        if wrong := fault(one, status, body, kind, spent):
            faults.append(f"{number}: {wrong}\n{one}\n{log.text[-2500:]}")
    if REPORT:
        told = {"slowest": slowest, "seen": [[door, status, count] for (door, status), count in sorted(seen.items())]}
        Path(REPORT).write_text(json.dumps(told), encoding="utf-8")
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:SHOWN])
    answered = sum(count for (_door, status), count in seen.items() if status == 200)
    assert answered > seen.total() / 6, seen  # not only refusals: most of the code is behind them


def test_no_request_meets_an_unforeseen_fault(client, data, caplog):
    run(client, FIRST, MOST, caplog)


@pytest.mark.slow
def test_ten_thousand_requests(client, data, caplog):
    run(client, 100_000, 10_000, caplog)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_more_parameters_than_are_read(client, data, method):
    """Found by request 6318."""
    client.raise_request_exception = False
    answer = client.generic(method, "/ogc/collections/arrets/items", QUERY_STRING="nom=x&" * 1001)
    assert answer.status_code in (400, 405)


def test_requests_are_written_again_from_their_number():
    assert asked(12345) == asked(12345)
    assert {one.door for one in map(asked, range(400))} >= {
        "items",
        "tile",
        "wfs",
        "wms",
        "csw",
        "arcgis",
        "records",
        "edit",
        "archive",
    }
