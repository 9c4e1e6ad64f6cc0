"""The parameters that several addresses share: bounds, pages, names with a prefix; and their echo in the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bocage.publish.explore.parameters import LANGUAGES, LONGEST_TEXT, MOST_REPEATED
from bocage.publish.first_version.refusals import Malformed
from bocage.query.odsql.escapes import escape

if TYPE_CHECKING:
    from django.http import QueryDict

MOST_ROWS = 10_000
"""Rows of one page, and the last one that pages reach."""
SINGLE = ("dataset", "q", "lang", "timezone", "format", "geofilter.distance", "geofilter.polygon", "geofilter.bbox")
LISTS = ("facet", "sort", "fields")
PREFIXES = ("refine", "exclude", "disjunctive")


def LANG(text: str) -> str:  # noqa: N802  read like the parameters of the Explore API
    """The language of a code like `fr` or `fr-FR`; French for what is not known."""
    code = text[:2].lower()
    return code if code in LANGUAGES else "fr"


def checked(name: str, values: Sequence[str]) -> list[str]:
    """Raises Malformed when a parameter is too long or too often given."""
    if len(values) > MOST_REPEATED:
        raise Malformed(name[:50], f"given {len(values)} times, at most {MOST_REPEATED} are accepted")
    for value in values:
        if len(value) > LONGEST_TEXT:
            raise Malformed(name[:50], f"{len(value)} characters, at most {LONGEST_TEXT} are accepted")
        if "\x00" in value or "\x00" in name:
            raise Malformed(name.replace("\x00", "\ufffd")[:50], "a null character")
    return list(values)


def named(given: QueryDict, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """What follows `prefix` in the names of parameters, and the values that are not empty."""
    for name, values in given.lists():
        if name.startswith(prefix) and name != prefix and (kept := [value for value in checked(name, values) if value]):
            yield name.removeprefix(prefix), kept


def refinement(given: QueryDict, prefix: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """`refine.x=v` → `x:"v"`, quoted so that the value is a value whatever it holds."""
    return tuple(
        f"{escape(aliases.get(name, name), '`')}:{escape(value, chr(34))}"
        for name, values in named(given, prefix)
        for value in values
    )


def whole(name: str, text: str, default: int, least: int, most: int) -> int:
    """A whole number within bounds. Raises Malformed."""
    if not text:
        return default
    try:
        number = int(text) if len(text) < 18 and text.isascii() else None
    except ValueError:
        number = None
    if number is None or not least <= number <= most:
        raise Malformed(name, f"{text[:50]!r} was found, a whole number from {least} to {most} is expected")
    return number


def page(rows: str, start: str, default: int = 10) -> tuple[int, int]:
    """`rows` and `start`; -1 is as many rows as a page may hold. Raises Malformed."""
    first = whole("start", start, 0, 0, MOST_ROWS)
    count = whole("rows", rows, default, -1, MOST_ROWS)
    if count == -1:
        return MOST_ROWS - first, first
    if first + count > MOST_ROWS:
        raise Malformed("start + rows", f"{first + count} was found, at most {MOST_ROWS} is expected; use the download")
    return count, first


def echo(given: QueryDict, **read: Any) -> dict[str, Any]:
    """`parameters` of an answer: what was understood of the question."""
    told: dict[str, Any] = {name: given[name] for name in SINGLE if given.get(name)} | read
    told |= {name: [one for one in given.getlist(name) if one] for name in LISTS if any(given.getlist(name))}
    for prefix in PREFIXES:
        found = {name: values[0] if len(values) == 1 else values for name, values in named(given, prefix + ".")}
        if found:
            told[prefix] = dict.fromkeys(found, True) if prefix == "disjunctive" else found
    return told
