"""The functions of `q`: #now(…) as a value; #null, #exact, #startswith, #search, #suggest as conditions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bocage.publish.first_version.refusals import Malformed
from bocage.query.odsql import nodes

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope

_ARGUMENT = re.compile(r'\s*(?:"(?P<text>(?:[^"\\]|\\.)*)"\s*|(?P<bare>[^,"]+))(?:,|$)', re.DOTALL)
_NAMED = re.compile(r"(?P<name>\w+)\s*=\s*(?P<value>[+-]?\d{1,9}|[A-Za-z]{2}\s*(?:\(\s*[+-]?\d{1,6}\s*\))?)")
_DAY = re.compile(r"([A-Za-z]{2})\s*(?:\(\s*([+-]?\d+)\s*\))?")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TEXT_SEARCHES = ("startswith", "search", "suggest")


def predicate(name: str, written: str, scope: Scope) -> nodes.Node:
    """Raises Malformed, UnknownField."""
    arguments = _arguments(name, written)
    if name == "null" and len(arguments) == 1:
        return nodes.IsNull(_field(arguments[0], scope), negated=False)
    if name == "exact" and len(arguments) == 2:
        return nodes.Comparison("=", _field(arguments[0], scope), nodes.Text(arguments[1].value))
    if name in _TEXT_SEARCHES and arguments:
        *fields, text = arguments
        return nodes.Function(name, (*(_field(field, scope) for field in fields), nodes.Text(text.value)))
    raise Malformed("q", f"#{name[:50]}({written[:100]}) is not a condition that is known")


def _arguments(name: str, written: str) -> list[nodes.Text]:
    """Texts, quoted or not, between commas."""
    found: list[nodes.Text] = []
    at = 0
    while written[at:].strip():
        argument = _ARGUMENT.match(written, at)
        if argument is None or len(found) == 50:
            raise Malformed("q", f"the arguments of #{name[:50]} cannot be read")
        bare = argument["bare"]
        found.append(nodes.Text(re.sub(r"\\(.)", r"\1", argument["text"]) if bare is None else bare.strip()))
        at = argument.end()
    return found


def _field(argument: nodes.Text, scope: Scope) -> nodes.Name:
    scope.expression(argument.value)  # raises UnknownField
    return nodes.Name(argument.value)


def now(written: str, scope: Scope) -> nodes.Node:
    """Arguments as in ODSQL, but the day of the week: `weekday=MO(2)` is the second Monday from that day on."""
    shifts: dict[str, int] = {}
    day = ""
    for part in filter(None, (part.strip() for part in written.split(","))):
        named = _NAMED.fullmatch(part)
        if named is None:
            raise Malformed("q", f"#now has named arguments, like #now(days=-1): {part[:50]!r} was found")
        name, value = named["name"].lower(), named["value"]
        if name == "weekday":
            day = value
        else:
            shifts[name] = _whole(value)
    if day:
        shifts |= _weekday(day, shifts)
    return nodes.Function("now", tuple(nodes.Named(name, nodes.Number(str(value))) for name, value in shifts.items()))


def _whole(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise Malformed("q", f"a whole number was expected in #now, {value[:50]!r} was found") from None


def _weekday(value: str, shifts: dict[str, int]) -> dict[str, int]:
    """After all the rest. A day counted backwards is the first one from six days before on, then whole weeks."""
    if not value[0].isalpha():
        return {"weekday": _whole(value)}
    found = _DAY.fullmatch(value)
    day, rank = (found[1].upper(), int(found[2] or 1)) if found else ("", 0)
    if day not in _DAYS or rank == 0:
        raise Malformed("q", f"{value[:50]!r} is not a day like MO or MO(2)")
    back, weeks = (0, rank - 1) if rank > 0 else (-6, rank + 1)
    return {
        "weeks": shifts.get("weeks", 0) + weeks,
        "days": shifts.get("days", 0) + back,
        "weekday": _DAYS.index(day),
    }
