"""A report for a terminal: the same words as on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from bocage.check.report.gathering import gathered
from bocage.check.report.mend_words import mend_sentence
from bocage.check.report.mends import Mend
from bocage.check.report.sentences import ToldFamily, summary, told
from bocage.check.schema import TableSchema
from bocage.check.verdict import Verdict

MOST_EXAMPLES = 3
MARKS = {"error": "✗", "warning": "!"}


def report_lines(verdict: Verdict, mends: Sequence[Mend] = (), schema: TableSchema | None = None) -> Iterator[str]:
    name = f"{(schema.title if schema else '') or verdict.schema} {verdict.schema_version}".strip()
    yield f"{'✓' if verdict.valid else '✗'} {summary(verdict)} · {name}"
    for family in gathered(told(verdict, mends, schema)):
        yield ""
        yield from family_lines(family)


def family_lines(family: ToldFamily) -> Iterator[str]:
    yield f"{MARKS[family.level]} {family.title} · {family.sentence}"
    for words in (family.expected, family.advice if family.level == "error" else ""):
        if words:
            yield f"    {words}"
    for one in [one for one in family.examples if one.row is not None][:MOST_EXAMPLES]:
        place = _("row %(row)s") % {"row": one.row}
        cell = "" if one.cell is None else f" : {one.cell!r}".replace("'", '"')
        proposed = f" → {one.proposed}" if one.proposed is not None else ""
        note = f" ({one.note})" if one.note else ""
        yield f"      {place}{cell}{proposed}{note}"
    for mend in family.mends:
        yield f"    + {mend_sentence(mend)}"
