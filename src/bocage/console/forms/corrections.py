"""From what Bocage understood to what the person corrects: only what differs is kept, so that the rest stays automatic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bocage.capture.understanding import Corrections, FieldCorrection, Understanding
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType

FIELDS_MOST = 250
"""Fields that one page offers to correct: a form of more than 1,000 values is refused by the server."""

ENCODINGS = [
    ("utf-8", _("UTF-8: the usual one today")),
    ("cp1252", _("Windows: older Excel files")),
    ("iso-8859-15", _("Latin 9: older French files")),
    ("utf-16", _("UTF-16: “Unicode text” of Excel")),
    ("mac-roman", _("Macintosh: very old files")),
]
DELIMITERS = [(";", _("semicolon ;")), (",", _("comma ,")), ("\t", _("tabulation")), ("|", _("vertical bar |"))]
CRS = [
    ("OGC:CRS84", _("Longitude and latitude (GPS)")),
    ("EPSG:2154", _("Lambert-93")),
    *((f"EPSG:39{zone}", f"CC{zone}") for zone in range(42, 51)),
    ("EPSG:3857", _("Web Mercator")),
    ("EPSG:27572", _("Lambert II extended")),
    ("EPSG:5490", _("Guadeloupe, Martinique (UTM 20N)")),
    ("EPSG:2972", _("French Guiana (UTM 22N)")),
    ("EPSG:2975", _("Réunion (UTM 40S)")),
    ("EPSG:4471", _("Mayotte (UTM 38S)")),
]
PLACES = [
    ("latlon", _("In two columns: latitude or Y, then longitude or X")),
    ("latlon_text", _("In one column: “latitude, longitude”")),
    ("lonlat_text", _("In one column: “longitude, latitude”")),
    ("wkt", _("In one column: POINT (…), POLYGON (…)")),
    ("geojson", _("In one column: GeoJSON")),
    ("none", _("Nowhere: make no map")),
]


@dataclass(frozen=True)
class FieldRow:
    """One field on the page: as understood, or dropped by the person (`kept` False)."""

    name: str
    label: str
    type: str
    kept: bool
    geographic: bool
    examples: tuple[str, ...]
    types: tuple[tuple[str, str], ...]


class FileForm(forms.Form):
    """How the file is read. Empty leaves it to Bocage. Questions that the format does not raise are not asked."""

    layer = forms.ChoiceField(label=_("Sheet or layer"), required=False)
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        help_text=_("How accents were written in the file. If you see “Ã©” in the preview, try another one."),
    )
    delimiter = forms.ChoiceField(label=_("Separator"), required=False, help_text=_("What stands between two columns."))
    header_line = forms.IntegerField(
        label=_("Line that holds the names of the columns"), required=False, min_value=1, max_value=1000
    )
    geometry_source = forms.ChoiceField(label=_("Where is the position of each row?"), required=False)
    geometry_first = forms.ChoiceField(label=_("Column of the position, or latitude (Y)"), required=False)
    geometry_second = forms.ChoiceField(label=_("Column of the longitude (X)"), required=False)
    crs = forms.ChoiceField(
        label=_("Coordinate system"),
        required=False,
        help_text=_("If the map shows your data in the wrong place, try another one."),
    )

    def __init__(
        self, understanding: Understanding | None, corrections: Corrections, data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        self.understanding, self.corrections = understanding, corrections
        shown = displayed(understanding, corrections)
        self.initial = shown
        automatic = ("", _("Let Bocage find it"))
        self._offer("layer", [(name, name) for name in layers_of(understanding)] or [automatic])
        self._offer("encoding", _with(shown["encoding"], ENCODINGS) if understanding else [automatic, *ENCODINGS])
        self._offer("delimiter", _with(shown["delimiter"], DELIMITERS) if understanding else [automatic, *DELIMITERS])
        self._offer("crs", _with(shown["crs"], [automatic, *CRS]))
        columns = [automatic, *((row.name, row.label) for row in field_rows(understanding, corrections))]
        self._offer("geometry_first", _with(shown["geometry_first"], columns))
        self._offer("geometry_second", _with(shown["geometry_second"], columns))
        self._offer("geometry_source", _with(shown["geometry_source"], [automatic, *PLACES]))
        self._ask_only_what_matters(understanding)

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _ask_only_what_matters(self, understanding: Understanding | None) -> None:
        if understanding is None:
            unasked = {"layer", "geometry_source", "geometry_first", "geometry_second", "crs"}
        else:
            unasked = {
                name
                for name, asked in (
                    ("layer", len(understanding.layers) > 1),
                    ("encoding", bool(understanding.encoding)),
                    ("delimiter", bool(understanding.delimiter)),
                    ("header_line", understanding.header_line is not None),
                )
                if not asked
            }
            if understanding.geometry is not None and understanding.geometry.source == "native":
                unasked |= {"geometry_first", "geometry_second"}
                self._offer("geometry_source", [("native", _("In the file itself")), PLACES[-1]])
        for name in unasked:
            del self.fields[name]

    @property
    def asks_place(self) -> bool:
        return "geometry_source" in self.fields

    def corrected(self) -> Corrections:
        """The corrections before, changed where the answer differs from what was shown; only after `is_valid`."""
        answers = self.cleaned_data
        changed = {name: answers[name] for name in answers if answers[name] != self.initial.get(name)}
        new = replace(
            self.corrections,
            **{
                name: value
                for name, value in changed.items()
                if name in ("encoding", "delimiter", "header_line", "crs")
            },
        )
        if "layer" in changed:  # another layer has other fields
            new = Corrections(layer=changed["layer"], encoding=new.encoding)
        if changed.keys() & {"geometry_source", "geometry_first", "geometry_second"}:
            source = str(answers["geometry_source"])
            names = [
                answers.get("geometry_first", ""),
                answers.get("geometry_second", "") if source == "latlon" else "",
            ]
            columns = tuple(name for name in names if name) if source not in ("", "none", "native") else ()
            new = replace(new, geometry_source="" if source == "native" else source, geometry_columns=columns)
        return new


def displayed(understanding: Understanding | None, corrections: Corrections) -> dict[str, Any]:
    """What the form shows before any answer."""
    refused = corrections.geometry_source == "none"
    geometry = understanding.geometry if understanding and not refused else None
    columns = (*(geometry.columns if geometry else corrections.geometry_columns), "", "")
    return {
        "layer": understanding.layer if understanding else corrections.layer,
        "encoding": understanding.encoding if understanding else corrections.encoding,
        "delimiter": understanding.delimiter if understanding else corrections.delimiter,
        "header_line": understanding.header_line if understanding else corrections.header_line,
        "crs": geometry.crs if geometry else corrections.crs,
        "geometry_source": geometry.source if geometry else corrections.geometry_source,
        "geometry_first": columns[0],
        "geometry_second": columns[1],
    }


def layers_of(understanding: Understanding | None) -> list[str]:
    return [layer.name for layer in understanding.layers] if understanding else []


def field_rows(understanding: Understanding | None, corrections: Corrections) -> list[FieldRow]:
    """The fields of the file, then the dropped ones, at most FIELDS_MOST."""
    if understanding is None:
        return []
    kept = [_row(f, _examples(understanding, f.name)) for f in understanding.fields]
    names = {row.name for row in kept}
    dropped = [
        FieldRow(name, correction.label or name, correction.type or FieldType.STRING, False, False, (), _types(""))
        for name, correction in corrections.fields.items()
        if not correction.keep and name not in names
    ]
    return [*kept, *dropped][:FIELDS_MOST]


def corrected_fields(
    rows: list[FieldRow], existing: dict[str, FieldCorrection], data: QueryDict
) -> dict[str, FieldCorrection]:
    """Corrections by field, from `label.<name>`, `type.<name>`, `keep.<name>`. A row that was not posted stays."""
    corrections = dict(existing)
    for row in rows:
        if f"label.{row.name}" not in data:
            continue
        before = existing.get(row.name, FieldCorrection())
        label, kind = str(data[f"label.{row.name}"]).strip()[:200], data.get(f"type.{row.name}", "")
        after = FieldCorrection(
            label=before.label if label == row.label else label or None,
            type=kind if kind in FieldType.values and kind != row.type else before.type,
            keep=f"keep.{row.name}" in data,
        )
        corrections[row.name] = after
    return {name: correction for name, correction in corrections.items() if correction != FieldCorrection()}


def _row(field: Field, examples: tuple[str, ...]) -> FieldRow:
    label = field.label or field.name
    return FieldRow(
        field.name, label, field.type.value, True, field.type.is_geographic, examples, _types(field.type.value)
    )


def _types(current: str) -> tuple[tuple[str, str], ...]:
    """The types that a person may choose; the odd ones only where they were found."""
    odd = {FieldType.GEOPOINT, FieldType.GEOMETRY, FieldType.ARRAY, FieldType.OBJECT}
    return tuple((kind.value, str(kind.label)) for kind in FieldType if kind not in odd or kind == current)


def _examples(understanding: Understanding, name: str) -> tuple[str, ...]:
    """Up to three different values of the preview, short."""
    values = (row.get(name) for row in understanding.preview)
    written = (str(value) for value in values if value not in (None, "") and not isinstance(value, (bool, dict, list)))
    return tuple(list(dict.fromkeys(text if len(text) <= 40 else text[:39] + "…" for text in written))[:3])


def _with(current: str, choices: list[Any]) -> list[Any]:
    """The choices, and the present value when it is not among them."""
    return (
        choices if not current or any(value == current for value, _label in choices) else [(current, current), *choices]
    )
