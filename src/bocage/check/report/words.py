"""How one rule speaks: a title of a few words, what was found, what is expected, what to do.

`found` counts (a `ngettext_lazy` on "n"); the others are single sentences. Placeholders: `label` (the column), `count`, and the
fields of the family as `values.shown` writes them. A rule that has no words of its own takes those of its code.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.kernel.errors import Text

CELLS = ngettext_lazy(
    "%(count)s cell of the column “%(label)s” is not right.",
    "%(count)s cells of the column “%(label)s” are not right.",
    "n",
)


@dataclass(frozen=True)
class Words:
    title: Text
    found: Text = CELLS
    expected: Text = ""
    advice: Text = ""


UNKNOWN = Words(_("Other problem"))


class Wordings:
    """Rule, code or kind of rule (what is before its point) → words. Filled by the modules of `wording`."""

    def __init__(self) -> None:
        self._words: dict[str, Words] = {}

    def add(self, words: dict[str, Words]) -> None:
        twice = self._words.keys() & words.keys()
        if twice:
            raise RuntimeError(f"worded twice: {', '.join(sorted(twice))}")
        self._words |= words

    def has(self, rule: str) -> bool:
        return self._found(rule) is not None

    def of(self, rule: str, code: str = "") -> Words:
        return self._found(rule, code) or UNKNOWN

    def items(self) -> list[tuple[str, Words]]:
        return list(self._words.items())

    def _found(self, rule: str, code: str = "") -> Words | None:
        """The rule itself, its code, rules that end alike (`bal.*.valeur_manquante`), its kind."""
        kind, end = rule.partition(".")[0], rule.rpartition(".")[2]
        names = (rule, code, f"{kind}.*.{end}", kind)
        return next((self._words[name] for name in names if name in self._words), None)


WORDINGS = Wordings()
