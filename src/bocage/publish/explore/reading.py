"""What a request says: its query, and the body of a POST, which says the same things."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from bocage.publish.explore.errors import ExploreError

if TYPE_CHECKING:
    from django.http import HttpRequest

JSON_TYPES = frozenset({"application/json", "text/json"})
LONGEST_BODY = 1024 * 1024


def sent_parameters(request: HttpRequest) -> QueryDict:
    """The parameters of the address, then those of the body: where a parameter is read once, the body decides.

    Raises ExploreError: a body too long (413) or that cannot be read (400)."""
    try:
        given = request.GET.copy()
        if request.method == "POST":
            for name, values in _body(request).lists():
                given.setlist(name, [*given.getlist(name), *map(str, values)])
        return given
    except RequestDataTooBig:
        raise _too_long() from None
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):  # too many fields among others
        raise _unreadable("a form or a JSON object of parameters is expected.") from None


def _body(request: HttpRequest) -> QueryDict:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LONGEST_BODY:
        raise _too_long()
    if (request.content_type or "").lower() in JSON_TYPES:
        return _of_json(request.body)
    return request.POST


def _of_json(body: bytes) -> QueryDict:
    """`{"select": "a", "where": ["b = 1", "c = 2"], "limit": 5}` as the query it stands for; null is absent."""
    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise _unreadable("the body is not JSON.") from None
    if not isinstance(document, dict):
        raise _unreadable("a JSON object of parameters is expected.")
    given = QueryDict(mutable=True)
    for name, value in document.items():
        values = value if isinstance(value, list) else [value]
        given.setlist(name, [_text(name, one) for one in values if one is not None])
    return given


def _text(name: str, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value.encode("utf-8", "replace").decode()  # half of a surrogate pair is no text
        case int() | float():
            return str(value)
    raise _unreadable(f"parameter {name[:100]} is neither a text, a number, a boolean nor a list of these.")


def _too_long() -> ExploreError:
    return ExploreError(413, "InvalidRESTParameterError", f"The body of a request has at most {LONGEST_BODY} bytes.")


def _unreadable(reason: str) -> ExploreError:
    return ExploreError(400, "InvalidRESTParameterError", f"The body of the request cannot be read: {reason}")
