"""Cells that look filled: `strict.spaces` (code `surrounding-spaces`, note: the value without them) and `strict.placeholder`
(code `placeholder`): a dash, NC, n/a… standing for nothing. Warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.kinds import RULES, Bench, Test
from bocage.check.verdict import Family
from bocage.store.engine import literal

_BLANK = r"[\s\x{A0}\x{2000}-\x{200B}\x{202F}\x{3000}\x{FEFF}]"
_EDGES = f"^{_BLANK}+|{_BLANK}+$"
# Compared in lower case, without the signs around them.
PLACEHOLDERS = (
    "nc", "n.c", "n.c.", "n/c", "na", "n/a", "#n/a", "nd", "n.d", "n.d.", "nr", "n.r", "n.r.", "ns", "sans objet",
    "non renseigné", "non renseigne", "non communiqué", "non communique", "non connu", "inconnu", "inconnue", "indéterminé",
    "néant", "neant", "à compléter", "a completer", "à renseigner", "null", "none", "nan", "nil", "undefined", "#ref!",
    "#valeur!", "#value!", "xxx", "todo", "?", "??", "???", "-", "--", "---", "_", "/", ".", "..", "...", "…", "–", "—",
)  # fmt: skip


class SurroundingSpaces:
    name = "strict.spaces"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        return [
            Test(
                Family("surrounding-spaces", self.name, "warning", cell.field.name, cell.place),
                f"regexp_matches({cell.text}, {literal(_EDGES)})",
                cell.text,
                f"regexp_replace({cell.text}, {literal(_EDGES)}, '', 'g')",
            )
            for cell in bench.cells.values()
        ]


class Placeholders:
    name = "strict.placeholder"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        """Only columns of text: elsewhere a placeholder is not of the type. A value that the schema lists is one."""
        known = ", ".join(literal(one) for one in PLACEHOLDERS)
        return [
            Test(
                Family("placeholder", self.name, "warning", cell.field.name, cell.place),
                f"lower(trim({cell.text})) IN ({known})",
                cell.text,
            )
            for cell in bench.cells.values()
            if cell.field.type == "string" and "enum" not in cell.field.constraints
        ]


RULES.register(SurroundingSpaces.name, SurroundingSpaces())
RULES.register(Placeholders.name, Placeholders())
