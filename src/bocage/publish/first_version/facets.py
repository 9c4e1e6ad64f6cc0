"""`facet_groups`: the counts of values, with how each may be asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bocage.publish.explore.facets import MOST_FACETS, SORTS
from bocage.publish.first_version.refusals import Malformed
from bocage.query import services
from bocage.query.requests import FacetRequest, FacetValue

if TYPE_CHECKING:
    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.relation import Relation
    from bocage.query.requests import OdsqlRequest


def facet_groups(
    inquiry: Inquiry,
    relation: Relation,
    request: OdsqlRequest,
    aliases: Mapping[str, str],
    unknown: tuple[str, ...] = (),
) -> list[dict[str, Any]]:
    """Of the facets asked for. `aliases`: names of this version → of the fields; `unknown`: facets that have no value here."""
    asked = [name.strip() for text in inquiry.texts("facet") for name in text.split(",")]
    names = [name for name in dict.fromkeys(filter(None, asked)) if name not in unknown]
    if len(names) > MOST_FACETS:
        raise Malformed("facet", f"{len(names)} facets, at most {MOST_FACETS} are accepted")
    if not names:
        return []
    wanted = {name: _request(inquiry, name, aliases) for name in names}
    unique = list({one.name: one for one in wanted.values()}.values())
    counted = services.facets(inquiry.viewer, relation, dataclasses.replace(request, select="", order_by=""), unique)
    return [_group(name, counted[one.name]) for name, one in wanted.items() if counted[one.name]]


def _request(inquiry: Inquiry, name: str, aliases: Mapping[str, str]) -> FacetRequest:
    sort = inquiry.text(f"facetsort.{name}")
    disjunctive = name in inquiry.disjunctive()
    return FacetRequest(aliases.get(name, name), disjunctive=disjunctive, sort=sort if sort in SORTS else "")


def _group(name: str, values: list[FacetValue]) -> dict[str, Any]:
    return {"name": name, "count": sum(value.count for value in values), "facets": [_value(value) for value in values]}


def _value(value: FacetValue) -> dict[str, Any]:
    document: dict[str, Any] = {"name": value.name, "path": value.value, "count": value.count, "state": value.state}
    if value.facets:
        document["facets"] = [_value(child) for child in value.facets]
    return document
