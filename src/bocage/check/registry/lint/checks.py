"""Custom checks: known here, with the parameters they need, on fields that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.lint.finding import Finding, shown
from bocage.check.registry.lint.spelling import nearest, words
from bocage.check.registry.lint.table import nearest_name
from bocage.check.rules.kinds import RULES

PARAMETERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "compare-columns-value": (("column", "column2"), ("op",)),
    "cohesive-columns-value": (("column", "othercolumns"), ()),
    "one-of-required": (("column1", "column2"), ()),
    "sum-columns-value": (("column", "columns"), ()),
    "year-interval-value": (("column",), ()),
    "opening-hours-value": (("column",), ()),
    "phone-number-value": (("column",), ()),
    "french-gps-coordinates": (("column",), ()),
}
"""Check → (parameters that name columns, other parameters it needs)."""

ONE_COLUMN = words(
    """siren siret nomenclature-acte canton code-commune-insee code-departement code-fantoir code-pays-iso2 code-pays-iso3
    code-postal code-region commune departement id-rnb pays region"""
)
OLD_NAMES = {
    "french-siren-value": "siren", "french-siret-value": "siret", "nomenclature-actes-value": "nomenclature-acte",
}  # fmt: skip
OPERATORS = frozenset({">", ">=", "==", "<=", "<"})


def known_checks() -> frozenset[str]:
    """Ours, those of the installed packages, and the former names."""
    return frozenset(PARAMETERS) | ONE_COLUMN | frozenset(OLD_NAMES) | frozenset(RULES)


def check_findings(data: Mapping[str, Any], names: list[str]) -> Iterator[Finding]:
    written = data.get("custom_checks")
    if written is None:
        return
    if not isinstance(written, list):
        yield Finding("list-unreadable", "", {"property": "custom_checks", "written": shown(written)})
        return
    for check in written:
        if not isinstance(check, dict) or not isinstance(check.get("name"), str):
            yield Finding("check-unreadable", "", {"written": shown(check)})
            continue
        yield from _one(check["name"], check.get("params"), names)


def _one(name: str, params: Any, names: list[str]) -> Iterator[Finding]:
    if name not in known_checks():
        yield Finding("check-unknown", "", {"check": shown(name), "meant": nearest(name, known_checks())})
        return
    given = params if isinstance(params, dict) else {}
    current = OLD_NAMES.get(name, name)
    columns, others = PARAMETERS.get(current, (("column",), ()) if current in ONE_COLUMN else ((), ()))
    for parameter in (*columns, *others):
        if not given.get(parameter):
            yield Finding("check-parameter-absent", "", {"check": name, "parameter": parameter})
    for column in (one for parameter in columns for one in _columns(given.get(parameter))):
        if column not in names:
            fields = {"check": name, "name": shown(column), "meant": nearest_name(str(column), names)}
            yield Finding("check-of-no-field", "", fields)
    if "op" in others and given.get("op") and given["op"] not in OPERATORS:
        yield Finding("check-operator", "", {"check": name, "written": shown(given["op"])})
    if name in OLD_NAMES:
        yield Finding("check-renamed", "", {"check": name, "meant": current})


def _columns(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written] if written else []
