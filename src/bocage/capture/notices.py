"""What capture did on its way or finds doubtful, as sentences in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.capture.positions import notices as geo_notices
from bocage.catalog.vocabulary import FieldType
from bocage.store.staged import Notice

ITEMS_SHOWN = 8

SENTENCES: dict[str, Any] = {
    "encoding-guessed": _("The file is not in UTF-8: it was read as %(encoding)s. Check the accents."),
    "preamble": ngettext_lazy(
        "%(lines)s line above the names of the columns was left out.",
        "%(lines)s lines above the names of the columns were left out.",
        "lines",
    ),
    "header-doubtful": _(
        "The first row was taken for the names of the columns, but it looks like data: does the file have a row of names?"
    ),
    "duplicate-headers": _("Several columns have the same name: %(labels)s. Their technical names are numbered."),
    "blank-headers": _("Columns without a name were named by their place: %(columns)s."),
    "empty-columns-dropped": ngettext_lazy(
        "%(count)s column without a name and without a value was left out.",
        "%(count)s columns without a name and without a value were left out.",
        "count",
    ),
    "blank-rows-dropped": ngettext_lazy(
        "%(count)s blank row was left out.", "%(count)s blank rows were left out.", "count"
    ),
    "short-rows": ngettext_lazy(
        "%(count)s row has fewer cells than the header and was completed with empty cells (line %(lines)s).",
        "%(count)s rows have fewer cells than the header and were completed with empty cells (first lines: %(lines)s).",
        "count",
    ),
    "sheet-full": _(
        "The sheet is filled to its last possible line (%(rows)s): rows were probably lost. Export the data as CSV."
    ),
    "other-sheets": _("The workbook has several sheets; “%(layer)s” was read. The others: %(others)s."),
    "short-years": _("“%(field)s”: years of two digits were completed (16 gives 2016). Check the dates."),
    "no-offset": _("“%(field)s”: times without a time zone were kept as written, and count as universal time (UTC)."),
    "kept-code": _("“%(field)s” holds identifiers (SIREN, SIRET…): it was kept as text."),
    "ambiguous-comma": _(
        "“%(field)s” was kept as text: in %(value)s, the comma may separate decimals or thousands. Choose its type."
    ),
    "kept-as-text": ngettext_lazy(
        "“%(field)s” was kept as text: %(count)s value is not of the type “%(type)s” (line %(line)s: “%(value)s”).",
        "“%(field)s” was kept as text: %(count)s values are not of the type “%(type)s” (first: line %(line)s, “%(value)s”).",
        "count",
    ),
    "missing-markers": _(
        "“%(field)s” was kept as text: %(values)s seems to mean that the value is missing. If so, choose the type “%(type)s”: "
        "these cells will be left empty."
    ),
    "markers-emptied": ngettext_lazy(
        "“%(field)s”: %(count)s cell was read as empty (%(values)s).",
        "“%(field)s”: %(count)s cells were read as empty (%(values)s).",
        "count",
    ),
    # Of a delivery that follows a schema (see `pipeline.conforming`).
    "values-emptied": ngettext_lazy(
        "“%(field)s”: %(count)s cell that the schema refuses is published empty.",
        "“%(field)s”: %(count)s cells that the schema refuses are published empty.",
        "count",
    ),
    "columns-followed": _(
        "The columns of the source have changed, and the contract allows it. No longer there: %(lost)s. New: %(new)s."
    ),
    **geo_notices.SENTENCES,
}


def sentence(notice: Notice) -> str:
    """The notice in the active language; an unknown code (of a plug-in) is shown as it is."""
    template = SENTENCES.get(notice.code)
    if template is None:
        return notice.code
    return str(template % {name: _shown(name, value) for name, value in notice.fields.items()})


def _shown(name: str, value: Any) -> Any:
    if name == "type" and value in FieldType.values:
        return str(FieldType(value).label)
    if isinstance(value, list | tuple):
        items = [str(item) for item in value]
        return ", ".join(items[:ITEMS_SHOWN]) + ("…" if len(items) > ITEMS_SHOWN else "")
    return value
