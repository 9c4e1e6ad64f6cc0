"""The same table against every version of a schema: « valable pour 0.2.x, trois corrections pour 0.3.1 »."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bocage.check.report.values import counted
from bocage.check.verdict import Verdict


def compared(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """One line for all the versions that accept the table, one for each of the others, in the order given."""
    valid = [one.schema_version for one in verdicts if one.valid]
    if valid:
        yield _("Valid for: %(versions)s") % {
            "versions": ", ".join(grouped(valid, [v.schema_version for v in verdicts]))
        }
    for one in verdicts:
        if not one.valid:
            problems = len(one.errors)
            said = ngettext("%(version)s: %(count)s change to make", "%(version)s: %(count)s changes to make", problems)
            yield said % {"version": one.schema_version, "count": counted(problems)}


def grouped(numbers: Sequence[str], everyone: Sequence[str]) -> list[str]:
    """`0.2.2, 0.2.3` is `0.2.x` when there is no other 0.2."""
    said: list[str] = []
    for number in numbers:
        family = series(number)
        siblings = [one for one in everyone if series(one) == family]
        whole = len(siblings) > 1 and set(siblings) <= set(numbers)
        name = f"{family}.x" if whole else number
        if name not in said:
            said.append(name)
    return said


def series(number: str) -> str:
    return number.rpartition(".")[0] or number
