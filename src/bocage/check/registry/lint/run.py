"""All the findings on one schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.lint.checks import check_findings
from bocage.check.registry.lint.fields import field_findings
from bocage.check.registry.lint.finding import Finding
from bocage.check.registry.lint.geography import profile_findings
from bocage.check.registry.lint.references import reference_findings
from bocage.check.registry.lint.table import table_findings

MOST = 1_000
"""Findings kept: an author mends those first."""


def lint(data: Mapping[str, Any], *, number: str = "") -> list[Finding]:
    """What should be mended, fields first, in their order. `number`: of the version, to compare with what the schema says.
    A JSON Schema has only its references looked at."""
    return [finding for finding, _rank in zip(_findings(data, number), range(MOST), strict=False)]


def _findings(data: Mapping[str, Any], number: str) -> Iterator[Finding]:
    yield from reference_findings(data)
    fields = data.get("fields")
    if not isinstance(fields, list) or not all(isinstance(one, dict) for one in fields):
        return
    names = [one["name"] if isinstance(one.get("name"), str) else "" for one in fields]
    for rank, (name, described) in enumerate(zip(names, fields, strict=True), 1):
        yield from field_findings(name or f"#{rank}", described)
    yield from table_findings(data, names, number=number)
    yield from check_findings(data, names)
    yield from profile_findings(data, names)
