"""What was understood of a file, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from bocage.capture.reading import FORMATS
from bocage.capture.understanding import Understanding
from bocage.console.forms.corrections import CRS, DELIMITERS, ENCODINGS


def facts_of(understanding: Understanding | None) -> list[tuple[str, str]]:
    """(what, value) of everything that is true of the file; what does not apply is left out."""
    return list(_facts(understanding)) if understanding else []


def _facts(it: Understanding) -> Iterator[tuple[str, str]]:
    yield _("Format"), FORMATS.get(it.format).label if it.format in FORMATS else it.format
    if it.layer and len(it.layers) > 1:
        yield _("Sheet or layer"), it.layer
    if it.row_estimate is not None:
        yield _("Rows"), localize(it.row_estimate, use_l10n=True)
    yield _("Fields"), str(len(it.fields))
    if it.encoding:
        yield _("Encoding (accents)"), _label(it.encoding, ENCODINGS)
    if it.delimiter:
        yield _("Separator"), _label(it.delimiter, DELIMITERS)
    if it.header_line is not None:
        yield _("Names of the columns"), _("line %(line)s") % {"line": it.header_line}
    yield _("Map"), _label(it.geometry.crs, CRS) if it.geometry else _("no position found")


def _label(value: str, choices: list[Any]) -> str:
    return str(dict(choices).get(value, value))


def preview_of(understanding: Understanding | None) -> list[list[str]]:
    """The first rows, in the order of the fields, as texts; an empty text is a missing value."""
    if understanding is None:
        return []
    return [[cell(row.get(field.name)) for field in understanding.fields] for row in understanding.preview]


def cell(value: Any) -> str:
    """One value of the preview: positions as “latitude, longitude”, shapes by their name, numbers as they are written here."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return localize(value, use_l10n=True)
    if isinstance(value, list):
        return ", ".join(map(str, value[:5]))
    if isinstance(value, dict):
        return _place(value)
    return str(value)


def _place(value: dict[str, Any]) -> str:
    shape = value.get("geometry") or value
    if {"lon", "lat"} <= shape.keys():
        return f"{shape['lat']:.5f}, {shape['lon']:.5f}"
    if shape.get("type") == "Point" and len(shape.get("coordinates") or ()) >= 2:
        return f"{shape['coordinates'][1]:.5f}, {shape['coordinates'][0]:.5f}"
    return str(shape.get("type", "…"))
