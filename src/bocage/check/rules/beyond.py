"""All the tests beyond types, constraints, structure and keys: the one call that a run of a check makes for them."""

from __future__ import annotations

from bocage.check.rules.custom.parameters import check_error
from bocage.check.rules.kinds import RULES, Bench, Test
from bocage.check.rules.strict.positions import tells_positions
from bocage.check.schema import TableSchema
from bocage.check.verdict import Family

STRICT = "strict"


def tests(bench: Bench) -> list[Test | Family]:
    """The custom checks of the schema in their order, its foreign keys, then the rules of the strict profile."""
    found: list[Test | Family] = []
    for check in bench.schema.custom_checks:
        if check.name in RULES:
            found += RULES.get(check.name).tests(bench, check.params)
        else:
            found.append(check_error("unknown", check.name))
    if bench.schema.foreign_keys:
        found += RULES.get("foreign-key").tests(bench, {})
    if bench.profile == STRICT:
        found += [test for name in strict_rules() for test in RULES.get(name).tests(bench, {})]
    return found


def strict_rules() -> list[str]:
    """Rules called `strict.…`, ours and those of installed packages: every check of the strict profile runs them."""
    return sorted(name for name in RULES if name.startswith(f"{STRICT}."))


def needs_spatial(schema: TableSchema, profile: str, *, boundaries: bool = True) -> bool:
    """Whether the workshop needs geometry. To be asked before any table is made in it: opening geometry empties it.

    `boundaries`: those of communes or of the producer are known; positions are only compared to them."""
    if {"geometry", "coverage"} & {check.name for check in schema.custom_checks}:
        return True
    if profile != STRICT:
        return False
    shaped = any(field.type == "geojson" for field in schema.fields)
    return shaped or (boundaries and tells_positions(schema.fields))
