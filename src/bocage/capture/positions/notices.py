"""Sentences of the notices about geometry, JSON documents and archives: code → sentence, with the notice's fields.

`capture.notices` shows them: `str(SENTENCES[notice.code] % notice.fields)`, in the active language.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.store.staged import Notice

CRS_INFERRED = "crs-inferred"
CRS_OVERRIDDEN = "crs-overridden"
SWAPPED = "latlon-swapped"
UNPARSABLE = "geometry-unparsable"
OUTSIDE = "geometry-outside-the-world"
INVALID = "geometry-invalid"
EMPTY = "geometry-empty"
OTHER_LAYERS = "other-layers"
OTHER_MEMBERS = "other-members"
WRAPPED_RECORDS = "wrapped-records"
FLATTENED = "records-flattened"
SINGLE_RECORD = "single-record"
MIXED_TYPES = "mixed-types"
BINARY_COLUMN = "binary-column"
ENCODING_ASSUMED = "shapefile-encoding-assumed"
MEMBERS_IGNORED = "members-ignored"
ORDER_UNKNOWN = "latlon-order-guessed"

SENTENCES: dict[str, Any] = {
    CRS_INFERRED: _(
        "The file does not say its coordinate reference system; from its coordinates, it is %(crs)s. Check it on the map."
    ),
    CRS_OVERRIDDEN: _("The file declares %(declared)s; %(crs)s, chosen by hand, is used instead."),
    SWAPPED: _(
        "Latitudes and longitudes look swapped (“%(columns)s”): the positions fall far from France, and would fall in "
        "France if they were exchanged. Nothing was changed: choose the columns again if needed."
    ),
    ORDER_UNKNOWN: _("In “%(column)s”, the positions are read as “%(order)s”. Check it on the map."),
    UNPARSABLE: ngettext_lazy(
        "%(count)s position could not be read in “%(columns)s” (first seen: “%(example)s”): it is left empty.",
        "%(count)s positions could not be read in “%(columns)s” (first seen: “%(example)s”): they are left empty.",
        "count",
    ),
    OUTSIDE: ngettext_lazy(
        "%(count)s position of “%(columns)s” is nowhere on Earth: it is left empty.",
        "%(count)s positions of “%(columns)s” are nowhere on Earth: they are left empty.",
        "count",
    ),
    INVALID: ngettext_lazy(
        "%(count)s shape crosses itself or is otherwise invalid (first: record %(record)s). It is kept as it is.",
        "%(count)s shapes cross themselves or are otherwise invalid (first: record %(record)s). They are kept as they are.",
        "count",
    ),
    EMPTY: ngettext_lazy(
        "%(count)s record has no shape.",
        "%(count)s records have no shape.",
        "count",
    ),
    OTHER_LAYERS: _("The file has several layers: “%(layer)s” is read. The others: %(others)s."),
    OTHER_MEMBERS: _("The archive has several files: “%(layer)s” is read. The others: %(others)s."),
    MEMBERS_IGNORED: _("Files of the archive that are not read: %(members)s."),
    WRAPPED_RECORDS: _("The records were found under “%(path)s”; what surrounds them is left out."),
    FLATTENED: _("The fields of each record were found under “%(path)s” and brought up."),
    SINGLE_RECORD: _("This document holds a single record."),
    MIXED_TYPES: _("“%(column)s” mixes several types of values: it is kept as text."),
    BINARY_COLUMN: _("“%(column)s” holds binary data: it is kept as text (Base64)."),
    ENCODING_ASSUMED: _("The shapefile does not say its encoding: %(encoding)s is assumed. Check the accents."),
}


def notice(code: str, **fields: Any) -> Notice:
    """A notice of this module; an unknown code is a programming error."""
    if code not in SENTENCES:
        raise KeyError(code)
    return Notice(code, fields)


def listed(names: list[str], most: int = 12) -> str:
    """`a, b, c…`: as many names as a sentence bears."""
    return ", ".join(names[:most]) + (f"… (+{len(names) - most})" if len(names) > most else "")
