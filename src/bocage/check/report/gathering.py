"""Families that a person reads as one: columns missing, columns that the schema does not know, the same thing said twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import ngettext_lazy

from bocage.check.report.sentences import LABELS, ToldFamily
from bocage.check.report.values import counted, numbered, shortened

MOST_NAMED = 30
SENTENCES = {
    "missing-label": ngettext_lazy(
        "%(count)s column that the schema requires is missing: %(labels)s.",
        "%(count)s columns that the schema requires are missing: %(labels)s.",
        "n",
    ),
    "optional-label": ngettext_lazy(
        "%(count)s column of the schema is not in the file; it is optional: %(labels)s.",
        "%(count)s columns of the schema are not in the file; they are optional: %(labels)s.",
        "n",
    ),
    "extra-label": ngettext_lazy(
        "%(count)s column is not in the schema, and was not checked: %(labels)s.",
        "%(count)s columns are not in the schema, and were not checked: %(labels)s.",
        "n",
    ),
}


def gathered(families: Sequence[ToldFamily]) -> list[ToldFamily]:
    """In the same order; families of one of LABELS in the place of the first of them."""
    said: list[ToldFamily] = []
    for family in families:
        same = [one for one in families if one.code == family.code]
        if family.code not in LABELS or len(same) == 1:
            if not any(_same(one, family) for one in said):
                said.append(family)
        elif family is same[0]:
            said.append(_together(same))
    return said


def _same(one: ToldFamily, other: ToldFamily) -> bool:
    return one.level == other.level == "warning" and one.sentence == other.sentence


def _together(families: Sequence[ToldFamily]) -> ToldFamily:
    names = [shortened(family.label, 60) for family in families[:MOST_NAMED]]
    listed = ", ".join(names) + (", …" if len(families) > MOST_NAMED else "")
    values = numbered({"count": counted(len(families)), "labels": listed}, len(families))
    return replace(
        families[0],
        label="",
        place=None,
        count=len(families),
        sentence=str(SENTENCES[families[0].code] % values),
        mends=tuple(mend for family in families for mend in family.mends),
    )
