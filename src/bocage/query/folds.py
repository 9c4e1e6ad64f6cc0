"""Texts that are the same whatever their case or their accents, computed alike for the rows and for the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.query.sql import Sql, Writer, call, case, text

if TYPE_CHECKING:
    from bocage.query.plan import Call

_ONE_FOR_ONE = {
    "µ": "μ",
    "ſ": "s",
    "ς": "σ",
    "ϐ": "β",
    "ϑ": "θ",
    "ϕ": "φ",
    "ϖ": "π",
    "ϰ": "κ",
    "ϱ": "ρ",
    "ϵ": "ε",
    "ẛ": "ṡ",
}
_ONE_FOR_MANY = {"ß": "ss", "ŉ": "ʼn", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
"""Small letters that Unicode folds to others (CaseFolding.txt, C and F), of the Latin and Greek scripts."""


def case_folded(writer: Writer, node: Call) -> Sql:
    """Straße and STRASSE are one text, ΟΔΟΣ and οδος too. Rare letters are looked for before they are replaced."""
    lower = call("translate", call("lower", writer.value(node.arguments[0])), text("".join(_ONE_FOR_ONE)),
                 text("".join(_ONE_FOR_ONE.values())))  # fmt: skip
    spelled = lower.copy()
    for letter, letters in _ONE_FOR_MANY.items():
        spelled = call("replace", spelled, text(letter), text(letters))
    rare = call("regexp_matches", lower.copy(), text(f"[{''.join(_ONE_FOR_MANY)}]"))
    return case([(rare, spelled)], lower)


def accents_folded(writer: Writer, node: Call) -> Sql:
    return call("strip_accents", writer.value(node.arguments[0]))
