"""The SQL of `where` → CQL2, whose grammar it nearly is: never SQL of ours. What it cannot say is refused.

Words that differ are rewritten one by one, literals never looked into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.kernel import clock
from bocage.publish.geoservices.errors import Invalid
from bocage.query.cql2.reading import read_filter

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

LONGEST = 20_000
_TOKEN = re.compile(r"""\s+|[nN]?'(?:[^']|'')*'|"(?:[^"]|"")*"|<>|!=|<=|>=|[^\W\d]\w*|\d[\w.]*|.""", re.DOTALL)
_ALWAYS = re.compile(r"\s*\(?\s*1\s*=\s*1\s*\)?\s*")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?Z?)?")
FOLDED = ("UPPER", "LOWER")
OTHERWISE = {"!=": "<>"}
REFUSED = ("SELECT", "CASE", "CAST", "EXISTS", "ESCAPE", "EXTRACT", "UNION", "INTERVAL")


def condition_of(text: str, scope: Scope) -> Predicate | None:
    """None for what is always true. Raises Invalid, and the errors of CQL2."""
    if len(text) > LONGEST:
        raise Invalid("where", _("it is too long"))
    if not text.strip() or _ALWAYS.fullmatch(text):
        return None
    return read_filter(as_cql2(text), scope)


def as_cql2(text: str) -> str:
    """Raises Invalid."""
    tokens = [one for one in _TOKEN.findall(text) if not one.isspace()]
    found: list[str] = []
    folded, waiting = False, ""
    for rank, token in enumerate(tokens):
        word, following = token.upper(), tokens[rank + 1] if rank + 1 < len(tokens) else ""
        if word in REFUSED:
            raise Invalid("where", _("“%(word)s” is not offered") % {"word": token[:20]})
        if word in ("AND", "OR"):
            folded = False
        if word in FOLDED and following == "(":
            folded = True
            found.append("CASEI")
        elif word in ("DATE", "TIMESTAMP") and following[:1] == "'":
            waiting = word
        elif waiting:
            found.append(_instant(token))
            waiting = ""
        elif word in ("CURRENT_TIMESTAMP", "CURRENT_DATE"):
            found.append(_now(word))
        elif token[-1:] == "'" and len(token) > 1:
            literal = token.lstrip("nN")
            found.append(f"CASEI({literal})" if folded else literal)
        else:
            found.append(OTHERWISE.get(token, token))
    return " ".join(found)


def _instant(literal: str) -> str:
    """`DATE '2026-01-02'`, `TIMESTAMP '2026-01-02 08:00:00'`, in UTC."""
    read = _INSTANT.fullmatch(literal.strip("'"))
    if read is None:
        raise Invalid("where", _("a date is written DATE 'YYYY-MM-DD', an instant TIMESTAMP 'YYYY-MM-DD HH:MM:SS'"))
    day, hour, second = read.groups()
    return f"TIMESTAMP('{day}T{hour}{second or ':00'}Z')" if hour else f"DATE('{day}')"


def _now(word: str) -> str:
    instant = clock.now()
    return f"DATE('{instant:%Y-%m-%d}')" if word == "CURRENT_DATE" else f"TIMESTAMP('{instant:%Y-%m-%dT%H:%M:%S}Z')"
