"""A whole report as a page shows it: one sentence, then what is to be mended, then what is only to be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bocage.check.report.gathering import gathered
from bocage.check.report.mends import Mend
from bocage.check.report.sentences import ToldFamily, summary, told
from bocage.check.report.values import counted
from bocage.check.schema import TableSchema
from bocage.check.verdict import Verdict


@dataclass(frozen=True)
class ToldReport:
    """`places`: how rows are numbered. `mendable`: cells that the proposals would mend, `mend_keys` accepts them all.
    `hint`: what to look at first, when everything is wrong at once."""

    verdict: Verdict
    summary: str
    details: tuple[str, ...]
    errors: tuple[ToldFamily, ...]
    warnings: tuple[ToldFamily, ...]
    places: str
    mendable: int
    mend_keys: tuple[str, ...]
    hint: str = ""

    @property
    def valid(self) -> bool:
        return self.verdict.valid


def told_report(
    verdict: Verdict, mends: Sequence[Mend] = (), schema: TableSchema | None = None, *, sheet: str = ""
) -> ToldReport:
    families = gathered(told(verdict, mends, schema))
    errors = tuple(one for one in families if one.level == "error")
    return ToldReport(
        verdict=verdict,
        summary=summary(verdict),
        details=tuple(_details(verdict)),
        errors=errors,
        warnings=tuple(one for one in families if one.level != "error"),
        places=_("Rows are numbered as in the sheet “%(sheet)s”.") % {"sheet": sheet}
        if sheet
        else _("Rows are numbered as in your file, the line of names included."),
        mendable=sum(mend.mended for one in families for mend in one.mends),
        hint=_hint(verdict, schema),
        mend_keys=tuple(dict.fromkeys(mend.key for one in families for mend in one.mends)),
    )


def _hint(verdict: Verdict, schema: TableSchema | None) -> str:
    """The most frequent reason why everything is wrong at once."""
    absent = sum(family.code in ("missing-label", "optional-label") for family in verdict.families)
    if schema is None or not schema.fields or absent < len(schema.fields):
        return ""
    return _(
        "No column of the schema was found. Are the names of the columns on another row than the first one, "
        "or is it another schema?"
    )


def _details(verdict: Verdict) -> list[str]:
    said = []
    if verdict.wrong_rows:
        words = ngettext("%(count)s row has something wrong", "%(count)s rows have something wrong", verdict.wrong_rows)
        said.append(words % {"count": counted(verdict.wrong_rows)})
    words = ngettext("%(count)s row", "%(count)s rows", verdict.row_count)
    said.append(words % {"count": counted(verdict.row_count)})
    words = ngettext("%(count)s column", "%(count)s columns", verdict.field_count)
    said.append(words % {"count": counted(verdict.field_count)})
    return said
