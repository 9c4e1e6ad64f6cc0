"""The `facet` parameter and the shape of facets in answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bocage.publish.explore.errors import InvalidRESTParameter
from bocage.query.requests import FacetRequest, FacetValue

CALL = re.compile(r"\s*facet\s*\((?P<arguments>.*)\)\s*", re.IGNORECASE | re.DOTALL)
ARGUMENT = re.compile(
    r"""\s*(?P<name>\w+)\s*=\s*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<bare>[^\s,"']+))\s*(?:,|$)""",
    re.DOTALL,
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
SORTS = ("count", "-count", "alphanum", "-alphanum", "num", "-num")
MOST_VALUES = 20_000
"""Of one facet, for who asks for them; 100 otherwise, as the standard has it."""
EVERYTHING = "-1"
MOST_FACETS = 50
FIELD = "a field, or facet(name=…, disjunctive=…, hierarchical=…, separator=…, sort=…, limit=…)"


def facet_requests(texts: Sequence[str]) -> list[FacetRequest]:
    """Every facet asked, in order, the first of each name. A text may also list bare names: `facet=theme,publisher`."""
    wanted: dict[str, FacetRequest] = {}
    for text in texts:
        for request in _parse(text):
            wanted.setdefault(request.name, request)
    if len(wanted) > MOST_FACETS:
        raise InvalidRESTParameter("facet", f"{len(wanted)} facets", f"at most {MOST_FACETS}")
    return list(wanted.values())


def _parse(text: str) -> list[FacetRequest]:
    call = CALL.fullmatch(text)
    if call is None:
        return [FacetRequest(name.strip().strip("`")) for name in text.split(",") if name.strip()]
    arguments: dict[str, str] = {}
    position, body = 0, call.group("arguments")
    while body[position:].strip():
        argument = ARGUMENT.match(body, position)
        if argument is None:
            raise InvalidRESTParameter("facet", text[:200], FIELD)
        quoted = argument.group("double") if argument.group("double") is not None else argument.group("single")
        value = argument.group("bare") if quoted is None else ESCAPED.sub(r"\1", quoted)
        arguments[argument.group("name").lower()] = value
        position = argument.end()
    return [_request(text, arguments)]


def _request(text: str, arguments: Mapping[str, str]) -> FacetRequest:
    known = {"name", "disjunctive", "hierarchical", "separator", "sort", "limit"}
    if not arguments.get("name") or set(arguments) - known:
        raise InvalidRESTParameter("facet", text[:200], FIELD)
    sort, limit = arguments.get("sort", ""), arguments.get("limit", "100")
    if sort and sort not in SORTS:
        raise InvalidRESTParameter("facet", f"sort={sort[:50]}", f"one of {', '.join(SORTS)}")
    if limit == EVERYTHING:
        limit = str(MOST_VALUES)
    if not limit.isascii() or not limit.isdigit() or len(limit) > 9 or not 1 <= int(limit) <= MOST_VALUES:
        raise InvalidRESTParameter("facet", f"limit={limit[:50]}", f"1 <= limit <= {MOST_VALUES}, or {EVERYTHING}")
    return FacetRequest(
        name=arguments["name"],
        disjunctive=_flag(arguments, "disjunctive"),
        hierarchical=_flag(arguments, "hierarchical"),
        separator=arguments.get("separator", "/"),
        sort=sort,
        limit=int(limit),
    )


def _flag(arguments: Mapping[str, str], name: str) -> bool:
    value = arguments.get(name, "false").lower()
    if value not in ("true", "false"):
        raise InvalidRESTParameter("facet", f"{name}={value[:50]}", "true or false")
    return value == "true"


def facets_document(facets: Mapping[str, Sequence[FacetValue]]) -> dict[str, Any]:
    return {
        "links": [],
        "facets": [{"name": name, "facets": [_value(value) for value in values]} for name, values in facets.items()],
    }


def _value(value: FacetValue) -> dict[str, Any]:
    """An excluded value carries no count; a leaf carries no `facets`."""
    document: dict[str, Any] = {"name": value.name, "value": value.value, "state": value.state}
    if value.state != "excluded":
        document["count"] = value.count
    if value.facets:
        document["facets"] = [_value(child) for child in value.facets]
    return document
