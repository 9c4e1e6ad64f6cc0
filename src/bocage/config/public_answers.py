"""Answers that any cache on the way may keep are kept here too, and given again to strangers without being made.

A cache of RFC 9111 inside each process, for the tiles of open data, which a map asks by the dozen. It keeps what the answer says
that everyone may keep, no longer than it says, LONGEST at most, and only while nothing was written to the database
(`kernel.unchanged`): what is withdrawn is withdrawn at the next request. Whoever shows something of themselves, a cookie or a key,
and whoever asks for a part or for news of what they have, is led to the door.

What is given again counts as a call of the address that asks, and is told to the log and to the meters like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.cache import get_max_age

from bocage.access.viewer import ANONYMOUS
from bocage.kernel.clock import now
from bocage.kernel.unchanged import WhileUnchanged
from bocage.publish import quotas

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.urls import ResolverMatch

BELOW = "/tiles/"
"""Answers elsewhere have something told of each of them, uses or languages."""
LONGEST, LONGEST_KEY = 60, 2_000
"""Seconds; characters of what an answer is found by, which takes room too."""
MOST, LARGEST, OVERHEAD = 32_000_000, 1_000_000, 5_000
"""Bytes kept in all, of one answer, and what an answer takes beside its body. Bodies are those of the tiles that are kept."""
TOLD_APART = (
    "HTTP_HOST",
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT_LANGUAGE",
)
"""Of the request, besides its address: no answer may depend on anything else, and `Vary` says so."""
VARY = frozenset({"accept", "accept-encoding", "accept-language", "cookie", "authorization"})
OF_SOMEBODY = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION")
CONDITIONS = ("HTTP_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE",
              "HTTP_IF_RANGE", "HTTP_CACHE_CONTROL", "HTTP_PRAGMA")  # fmt: skip
LED_TO_THE_DOOR = (*OF_SOMEBODY, *CONDITIONS)
QUOTA = "X-RateLimit-Limit"


@dataclass(frozen=True)
class Answer:
    """`match`: which operation it is of. `seconds`: for how long it may be kept, from when it was `made`."""

    status: int
    body: bytes
    headers: dict[str, str]
    match: ResolverMatch | None
    made: datetime
    seconds: int

    def again(self, request: HttpRequest) -> HttpResponseBase | None:
        """None for an address that has had all its calls of the day: the door says it in its words."""
        quota = quotas.consume(request, ANONYMOUS) if QUOTA in self.headers else None
        if quota is not None and quota.exceeded:
            return None
        request.resolver_match = self.match
        response = HttpResponse(self.body, status=self.status, headers=self.headers)
        if "Content-Type" not in self.headers:  # of an empty answer
            del response["Content-Type"]
        age = int((now() - self.made).total_seconds())
        response.headers["Age"] = str(age)  # whoever keeps it further keeps it less
        if quota is not None:
            quota.announce(response)
        return response


class KeepPublicAnswers:
    """Middleware, inside those that number, log and measure requests, and outside all those that make answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = _key(request) if is_plain(request) else ()
        if not 0 < sum(map(len, key)) <= LONGEST_KEY:
            return self.get_response(request)
        made: list[HttpResponseBase] = []

        def make() -> Answer | None:
            made.append(self.get_response(request))
            return kept_of(request, made[0])

        known = _answers(key, make, _until)
        if made:
            return made[0]
        again = known.again(request) if known else None
        return again or self.get_response(request)


def is_plain(request: HttpRequest) -> bool:
    """What a stranger asks whole."""
    below = request.method == "GET" and request.path.startswith(BELOW)
    return below and not any(request.META.get(name) for name in LED_TO_THE_DOOR)


def _key(request: HttpRequest) -> tuple[str, ...]:
    said = request.META
    return (request.path, said.get("QUERY_STRING", ""), *(said.get(name, "") for name in TOLD_APART))


def kept_of(request: HttpRequest, response: HttpResponseBase) -> Answer | None:
    """None for an answer that is not for everyone, or that is too large or too particular to be kept."""
    if response.status_code not in (200, 204) or not isinstance(response, HttpResponse) or response.cookies:
        return None
    control = response.get("Cache-Control", "").replace(" ", "").split(",")
    vary = {one.strip().lower() for one in response.get("Vary", "").split(",") if one.strip()}
    seconds = min(get_max_age(response) or 0, LONGEST)
    if "public" not in control or "no-store" in control or "no-cache" in control or not seconds or not vary <= VARY:
        return None
    if len(response.content) > LARGEST:
        return None
    return Answer(
        response.status_code, response.content, dict(response.items()), request.resolver_match, now(), seconds
    )


def _until(answer: Answer | None, moment: datetime) -> datetime:
    return moment + timedelta(seconds=answer.seconds if answer else 0)


def _weight(answer: Answer | None) -> int:
    return len(answer.body) + OVERHEAD if answer else 0


_answers = WhileUnchanged(MOST, _weight)
