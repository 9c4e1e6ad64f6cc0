"""A style made without writing it: what the drawing is made by, then the words and the colour of each class."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bocage.catalog.fields import Field
from bocage.catalog.styles.choices import Choices, Kind, read_choices
from bocage.catalog.styles.errors import StyleNotRead
from bocage.catalog.styles.models import TITLE_LENGTH
from bocage.catalog.styles.palettes import RAMPS
from bocage.catalog.styles.usual import ACCENT
from bocage.catalog.vocabulary import FieldType
from bocage.query.classes import CATEGORIES, NUMBERS
from bocage.query.style_proposals import Wish

METHODS = (
    ("quantile", _("As many records in each class")),
    ("natural", _("Natural breaks: values that are close together")),
    ("equal", _("Equal steps")),
)
RAMP_NAMES = {
    "green": _("Greens"), "blue": _("Blues"), "warm": _("From yellow to brown"), "purple": _("Purples"),
    "heat": _("From yellow to purple"),
}  # fmt: skip
WIDTHS = (("0.6", _("Thin")), ("1", _("Usual")), ("1.6", _("Wide")))
NOT_LABELS = (FieldType.GEOPOINT, FieldType.GEOMETRY, FieldType.OBJECT)
ASKED: dict[Kind, tuple[str, ...]] = {
    "one": ("color", "width", "label"),
    "category": ("field", "shapes", "width", "label"),
    "class": ("field", "method", "count", "ramp", "width", "label"),
    "size": ("field", "method", "count", "color", "label"),
}
"""What is asked, by what the drawing is made by."""


def fields_for(kind: Kind, fields: Sequence[Field]) -> list[Field]:
    """Those that such a drawing may be made by."""
    wanted: tuple[FieldType, ...] = CATEGORIES if kind == "category" else NUMBERS if kind in ("class", "size") else ()
    return [one for one in fields if one.type in wanted]


class WishForm(forms.Form):
    field = forms.ChoiceField(label=_("Field"))
    method = forms.ChoiceField(label=_("How classes are made"), choices=METHODS)
    count = forms.TypedChoiceField(
        label=_("Number of classes"), coerce=int, choices=[(one, str(one)) for one in range(2, 8)]
    )
    ramp = forms.ChoiceField(label=_("Colours"), choices=[(name, RAMP_NAMES[name]) for name in RAMPS])
    color = forms.RegexField(
        r"^#[0-9a-fA-F]{6}\Z", label=_("Colour"), widget=forms.TextInput(attrs={"type": "color"}), initial=ACCENT
    )
    shapes = forms.BooleanField(label=_("Tell points apart by their shape too"), required=False)
    width = forms.TypedChoiceField(label=_("Thickness of the symbols"), coerce=float, choices=WIDTHS, initial="1")
    label = forms.ChoiceField(label=_("Text written beside each record"), required=False)

    def __init__(self, *args: Any, kind: Kind, fields: Sequence[Field], points: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["field"].choices = [(one.name, one.label or one.name) for one in fields_for(kind, fields)]  # type: ignore[attr-defined]
        labels = [(one.name, one.label or one.name) for one in fields if one.type not in NOT_LABELS]
        self.fields["label"].choices = [("", _("None")), *labels]  # type: ignore[attr-defined]
        kept = set(ASKED[kind]) - (set() if points else {"shapes"})
        for name in set(self.fields) - kept:
            del self.fields[name]
        self.order_fields([name for name in ASKED[kind] if name in kept])

    @property
    def wish(self) -> Wish:
        """Of a valid form."""
        return Wish(kind=self.kind, **self.cleaned_data)


def initial_of(choices: Choices) -> dict[str, Any]:
    """What the form asked to make these choices, as far as they tell it."""
    return {
        "field": choices.field,
        "color": choices.bands[0].color if choices.bands and choices.kind == "size" else choices.color,
        "width": f"{choices.width:g}",
        "shapes": choices.shapes,
        "label": choices.label,
        "count": len(choices.bands) or 5,
    }


class SavingForm(forms.Form):
    title = forms.CharField(label=_("Name of the style"), max_length=TITLE_LENGTH)
    is_default = forms.BooleanField(
        label=_("Draw the dataset with it"),
        required=False,
        help_text=_(
            "On its map, in the services for GIS software and in the files for QGIS. The others stay offered beside."
        ),
    )


def with_words(choices: Choices, data: QueryDict) -> Choices:
    """The choices with the words and colours of the classes as they were written: `title.0`, `color.0`…, `title.others`… Raises
    StyleNotRead."""
    said = asdict(choices)
    for rank, one in enumerate(said["categories"] or said["bands"]):
        _worded(one, str(rank), data)
    for name in ("others", "missing"):
        _worded(said[name], name, data)
    return read_choices(json.dumps(said).encode())


def _worded(one: dict[str, Any], name: str, data: QueryDict) -> None:
    one["title"] = data.get(f"title.{name}", one["title"]).replace("\0", "").strip()
    one["color"] = data.get(f"color.{name}", one["color"])


def choices_in(data: QueryDict, fields: Sequence[Field]) -> Choices:
    """What the page was made of, as it was sent back; of fields that the keeper sees as they are. Raises StyleNotRead,
    StyleTooLarge."""
    choices = read_choices(data.get("choices", "").encode())
    unknown = choices.named() - {one.name for one in fields}
    if unknown:
        raise StyleNotRead(reason=_("there is no field “%(name)s” here.") % {"name": min(unknown)[:100]})
    return with_words(choices, data)
