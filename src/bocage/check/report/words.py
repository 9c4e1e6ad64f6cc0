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
    """Rule or code → words. Filled by the modules of `wording`, one family of rules each."""

    def __init__(self) -> None:
        self._words: dict[str, Words] = {}

    def add(self, words: dict[str, Words]) -> None:
        twice = self._words.keys() & words.keys()
        if twice:
            raise RuntimeError(f"worded twice: {', '.join(sorted(twice))}")
        self._words |= words

    def has(self, rule: str) -> bool:
        return rule in self._words

    def of(self, rule: str, code: str = "") -> Words:
        return self._words.get(rule) or self._words.get(code) or UNKNOWN


WORDINGS = Wordings()
