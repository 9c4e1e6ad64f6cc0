"""A dataset that becomes a reference, and a column that points to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.catalog.references.rules import key_fields
from bocage.catalog.references.selectors import references_for
from bocage.catalog.references.vocabulary import ReferenceKind

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset

MOST_OFFERED = 300


class MarkForm(forms.Form):
    """Fields of the dataset by their names, shown by their labels."""

    kind = forms.ChoiceField(label=_("What does it describe?"), choices=ReferenceKind.choices)
    key = forms.ChoiceField(
        label=_("Key column"),
        help_text=_(
            "The code by which other datasets point to one of its rows: an INSEE code, an identifier of address…"
        ),
    )
    label = forms.ChoiceField(
        label=_("Column of names"), required=False, help_text=_("What a person reads in the place of the code.")
    )

    def __init__(self, data: Any = None, *, dataset: Dataset, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)
        choices = [(one.name, one.label or one.name) for one in key_fields(dataset.fields)]
        key: Any = self.fields["key"]
        label: Any = self.fields["label"]
        key.choices = choices
        label.choices = [("", _("none")), *choices]


class LinkForm(forms.Form):
    """References that the viewer may read, by the identifier of their dataset: the first MOST_OFFERED of them."""

    field = forms.ChoiceField(label=_("Column of this dataset"))
    reference = forms.ChoiceField(label=_("Reference"))

    def __init__(self, data: Any = None, *, dataset: Dataset, viewer: Viewer) -> None:
        super().__init__(data)
        field: Any = self.fields["field"]
        reference: Any = self.fields["reference"]
        field.choices = [(one.name, one.label or one.name) for one in key_fields(dataset.fields)]
        offered = references_for(viewer).exclude(dataset=dataset)[:MOST_OFFERED]
        reference.choices = [
            (one.dataset.slug, f"{one.dataset.title} · {one.dataset.organization.name} ({one.get_kind_display()})")
            for one in offered
        ]

    @property
    def possible(self) -> bool:
        """Is there anything to point with, and to point to?"""
        field: Any = self.fields["field"]
        reference: Any = self.fields["reference"]
        return bool(field.choices and reference.choices)
