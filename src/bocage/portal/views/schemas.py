"""The registry of schemas, for people: the list, a schema and its versions, what changed between two of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bocage.access.standing import viewer_of
from bocage.access.viewer import Viewer
from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry.code_lists import with_code_lists
from bocage.check.registry.diff import diff
from bocage.check.registry.diff.words import conclusion, told
from bocage.check.registry.errors import CodeListAbsent
from bocage.check.registry.geography import geographic_profile
from bocage.check.registry.lint.words import told as told_findings
from bocage.check.registry.rule_words import field_lines, table_rules
from bocage.check.registry.selectors import adopters, lines, schema_version, versions_for
from bocage.check.registry.writing import may_lead
from bocage.check.vocabulary import SchemaLanguage
from bocage.portal.paging import paging
from bocage.portal.schema_query import LAST_PAGE, PAGE_SIZE, SchemaQuery, found_by


@require_safe
def schemas(request: HttpRequest) -> HttpResponse:
    query = SchemaQuery.read(request.GET)
    found, facets = found_by(query, lines(Schema.objects.order_by("title", "name")))
    pages = paging(len(found), query.page, PAGE_SIZE, lambda n: query.address(page=n), last_page=LAST_PAGE)
    start = (pages.page - 1) * PAGE_SIZE
    context = {
        "query": query,
        "total": len(found),
        "lines": found[start : start + PAGE_SIZE],
        "facets": facets,
        "active": [(box.title, link) for box in facets for link in box.active],
        "paging": pages,
    }
    return render(request, "portal/schemas/list.html", context)


@require_safe
def schema(request: HttpRequest, owner: str, slug: str, number: str = "") -> HttpResponse:
    """A version of a schema; the one that stands for it when no number is given."""
    viewer = viewer_of(request.user)
    version = schema_version(f"{owner}/{slug}", number, viewer=viewer)
    return render(request, "portal/schemas/schema.html", _context(viewer, version) | {"owner": owner, "slug": slug})


@require_safe
def compare(request: HttpRequest, owner: str, slug: str) -> HttpResponse:
    """`?from=1.0.0&to=1.1.0`; by default, the version that stands for the schema and the one before it."""
    viewer = viewer_of(request.user)
    name = f"{owner}/{slug}"
    after = schema_version(name, request.GET.get("to", "")[:40], viewer=viewer)
    every = list(versions_for(viewer).filter(schema=after.schema).defer("descriptor", "lint"))
    earlier = [one for one in every if one.precedence < after.precedence]
    asked = request.GET.get("from", "")[:40] or (earlier[0].number if earlier else after.number)
    before = schema_version(name, asked, viewer=viewer)
    found = diff(before.descriptor, after.descriptor)
    context = {
        "schema": after.schema, "owner": owner, "slug": slug, "versions": every, "before": before, "after": after,
        "found": found, "changes": told(found), "conclusion": conclusion(found),
    }  # fmt: skip
    return render(request, "portal/schemas/compare.html", context)


def _context(viewer: Viewer, version: SchemaVersion) -> dict[str, Any]:
    resolved = resolved_descriptor(version)
    versions = list(versions_for(viewer).filter(schema=version.schema).defer("descriptor", "lint"))
    earlier = [one for one in versions if one.precedence < version.precedence]
    return {
        "schema": version.schema,
        "version": version,
        "versions": versions,
        "before": earlier[0] if earlier else None,
        "is_table": version.schema.language == SchemaLanguage.TABLE,
        "fields": field_lines(resolved),
        "rules": table_rules(resolved),
        "profile": geographic_profile(resolved),
        "adoptions": adopters(version.schema),
        "findings": told_findings(version.lint),
        "may_lead": may_lead(viewer, version.schema),
    }


def resolved_descriptor(version: SchemaVersion) -> dict[str, Any]:
    """With its code lists in place; as it is written when one of them is not here."""
    try:
        return with_code_lists(version.descriptor)
    except CodeListAbsent:
        written: dict[str, Any] = version.descriptor
        return written
