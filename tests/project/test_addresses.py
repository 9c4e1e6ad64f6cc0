"""Every address is listed in docs/developer/addresses.md, as public or not; the ones that are not refuse a stranger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "developer" / "addresses.md"
LINE = re.compile(r"^\| `(?P<route>[^`]*)` \| (?P<audience>public|signed in|operator|closed) \|", re.MULTILINE)


def routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route.replace("\\", "").rstrip("$").removesuffix("Z")


def documented() -> dict[str, str]:
    return {found["route"]: found["audience"] for found in LINE.finditer(PAGE.read_text("utf-8"))}


def test_every_address_is_documented_and_every_documented_address_exists() -> None:
    real = set(routes(get_resolver().url_patterns))
    assert real - set(documented()) == set(), "add these to docs/developer/addresses.md"
    assert set(documented()) - real == set(), "these no longer exist"


def example(route: str) -> str:
    """An address of this route, with plausible but absent things in it."""
    filled = re.sub(r"<int:[^>]+>", "1", route)
    filled = re.sub(r"<[^>]+>", "absent", filled)
    return re.sub(r"\(\?P<[^>]+>[^)]*\)|\([^)]*\)", "absent", filled)


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(route for route, audience in documented().items() if audience != "public"))
def test_an_address_that_is_not_public_refuses_a_stranger(client: Client, route: str) -> None:
    for method in (client.get, client.post):
        answer = method(example(route), headers={"x-forwarded-for": "203.0.113.7"}, REMOTE_ADDR="203.0.113.7")
        refused = answer.status_code in (401, 403, 404, 405)
        sent_to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
        assert refused or sent_to_sign_in, (route, answer.status_code)
