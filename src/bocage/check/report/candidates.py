"""Which steps are worth trying for which faults: the habits of offices and of spreadsheets, one cause each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bocage.check.mapping.normal import normal
from bocage.check.mapping.steps import Step
from bocage.check.rules.custom.gps import BOXES
from bocage.check.schema import SchemaField
from bocage.check.verdict import Family

SWAPPED = ("reversed-french-gps-coordinates", "strict.swapped-position")
NEAR = 0.8
"""Likeness, of 1, below which a value is not the misspelling of a code."""

MOST_COMPARED = 500
"""Misspelt values compared with a list: beyond, the column holds something else."""

FIXED_LENGTH = re.compile(r"\^?(?:\(\?:)?(?:\[[^\]]+\]|\\d)\{(\d+)\}\)?\$?")
LENGTHS = {"siren": 9, "siret": 14, "code-commune-insee": 5, "code-postal": 5, "code-departement": 2, "code-region": 2}
PAIR = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*[,;/ ]\s*(-?\d+(?:[.,]\d+)?)")


@dataclass(frozen=True, eq=False)
class Candidate:
    """`cause`: a word of `mend_words`; `steps` in order, on the value as it is written. Two candidates are never the same."""

    cause: str
    steps: tuple[Step, ...]


def candidates(family: Family, field: SchemaField, values: Sequence[str]) -> list[Candidate]:
    """Most precise cause first. `values`: faulty ones, distinct, for the causes that depend on them."""
    kind, _dot, name = family.rule.partition(".")
    makers: list[Iterator[Candidate]] = []
    if kind == "type":
        makers.append(_of_type(field, values))
    if family.rule in SWAPPED:
        makers.append(_of_position(field, values))
    if name == "enum":
        makers.append(_of_list([str(one) for one in field.constraints.get("enum", ())], values))
    makers += [_of_code(family, field), _of_blanks()]
    if name in ("pattern", "enum"):
        makers.append(_of_case())
    if name in ("pattern", "uri"):
        makers.append(_of_address(values))
    if name == "pattern":
        makers.append(_of_separator(field))
    return [candidate for maker in makers for candidate in maker]


def _step(kind: str, **params: Any) -> Step:
    return Step(kind, params)


def _of_type(field: SchemaField, values: Sequence[str]) -> Iterator[Candidate]:
    match field.type:
        case "date":
            to = {} if field.format in ("", "default", "any") else {"to": field.format}
            yield Candidate("french_date", (_step("date", order="dmy", **to),))
            yield Candidate("serial_date", (_step("date", order="dmy", serial=True, **to),))
            yield Candidate("american_date", (_step("date", order="mdy", **to),))
        case "datetime":
            yield Candidate("french_date", (_step("datetime", order="dmy"),))
        case "time":
            yield Candidate("time_words", (_step("time"),))
        case "integer" | "year":
            yield Candidate("point_zero", (_step("point_zero"),))
            yield Candidate("number_marks", (_step("number", whole=True),))
        case "number":
            yield Candidate("decimal_comma", (_step("number", decimal=","),))
            yield Candidate("number_marks", (_step("number"),))
        case "boolean":
            words = {"true": field.true_values[0], "false": field.false_values[0]}
            yield Candidate("yes_no", (_step("boolean", **words),))
        case "geopoint":
            yield from _of_position(field, values)
        case _other:
            return


def _of_position(field: SchemaField, values: Sequence[str]) -> Iterator[Candidate]:
    """Degrees in either order, or metres: the numbers themselves say which."""
    to = "array" if field.format == "array" else "lonlat"
    if latitude_first(values):
        yield Candidate("swapped", (_step("position", order="yx", to=to),))
    else:
        yield Candidate("position", (_step("position", order="xy", to=to),))
    yield Candidate("lambert", (_step("position", order="xy", crs="EPSG:2154", to=to),))


def latitude_first(values: Sequence[str]) -> bool:
    """Most of these pairs are in France once swapped, and are not as they stand."""
    swapped = straight = 0
    for value in values[:MOST_COMPARED]:
        if found := PAIR.search(value):
            first, second = (float(number.replace(",", ".")) for number in found.groups())
            swapped += is_in_france(second, first)
            straight += is_in_france(first, second)
    return swapped > straight


def is_in_france(longitude: float, latitude: float) -> bool:
    return any(west <= longitude <= east and south <= latitude <= north for west, south, east, north in BOXES)


def _of_list(codes: Sequence[str], values: Sequence[str]) -> Iterator[Candidate]:
    """The accepted value that a person meant: the same but for case, accents and blanks; else one that looks like it."""
    alike: dict[str, set[str]] = {}
    for code in codes:
        alike.setdefault(normal(code), set()).add(code)
    exact = {value: next(iter(found)) for value in values if len(found := alike.get(normal(value), set())) == 1}
    if exact:
        yield Candidate("spelling_of_list", (_step("vocabulary", table=exact),))
    others = {value: _nearest(value, alike) for value in values[:MOST_COMPARED] if value not in exact}
    near = {value: code for value, code in others.items() if code}
    if near:
        yield Candidate("nearest_code", (_step("vocabulary", table=near),))


def _nearest(value: str, alike: dict[str, set[str]]) -> str | None:
    """The only accepted value near this one: two candidates are none."""
    found = get_close_matches(normal(value)[:80], list(alike), n=2, cutoff=NEAR)
    if len(found) != 1 or len(alike[found[0]]) != 1:
        return None
    return next(iter(alike[found[0]]))


def _of_code(family: Family, field: SchemaField) -> Iterator[Candidate]:
    """A code that a spreadsheet took for a number: its `.0`, its lost zeros, its spaces."""
    if field.type != "string":
        return
    length = _length(family, field)
    yield Candidate("point_zero", (_step("point_zero"),))
    if length:
        yield Candidate("lost_zero", (_step("pad", length=length),))
        yield Candidate("lost_zero", (_step("point_zero"), _step("pad", length=length)))


def _length(family: Family, field: SchemaField) -> int | None:
    """How many characters the code has, when they are always as many."""
    for word, known in LENGTHS.items():
        if family.rule.endswith(f".{word}"):
            return known
    if family.code == "phone-number-value":
        return 10
    pattern = FIXED_LENGTH.fullmatch(str(field.constraints.get("pattern", "")))
    if pattern:
        return int(pattern[1])
    low, high = field.constraints.get("minLength"), field.constraints.get("maxLength")
    if isinstance(low, int) and low == high:
        return low
    example = str(field.example or "")
    return len(example) if family.rule == "constraint.pattern" and example.isdigit() else None


def _of_blanks() -> Iterator[Candidate]:
    yield Candidate("blanks", (_step("blanks"),))
    yield Candidate("blanks", (_step("blanks", all=True),))


def _of_address(values: Sequence[str]) -> Iterator[Candidate]:
    if any(value.startswith("www.") for value in values):
        yield Candidate("web_prefix", (_step("template", template="https://{1}"),))


def _of_separator(field: SchemaField) -> Iterator[Candidate]:
    """Lists whose items the schema parts with another sign than people do."""
    for wanted in ("|", ";", ","):
        if wanted in str(field.example or ""):
            others = [sign for sign in (",", ";", "|", "/") if sign != wanted]
            yield from (
                Candidate("separator", (_step("separated", **{"from": sign, "to": wanted}),)) for sign in others
            )
            return


def _of_case() -> Iterator[Candidate]:
    yield Candidate("capitals", (_step("case", to="upper"),))
    yield Candidate("small_letters", (_step("case", to="lower"),))
