"""A rule on what an audience sees inside a dataset: to whom, which columns, which rows, positions, small numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.access.granting import Holder
from bocage.access.models.data_rules import LARGEST_GRID_M, LEAST_THRESHOLD, MOST_THRESHOLD
from bocage.access.vocabulary import Audience
from bocage.catalog.vocabulary import FieldType as T
from bocage.console.forms.access import GrantForm
from bocage.query.masks import NUMBERS, SIMPLE
from bocage.query.ruling import NOT_DIMENSIONS, Ruling

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

WIDE = (Audience.EVERYONE, Audience.MEMBERS)
WHOLE, HIDE, HASH = ("", _("shown whole")), ("hide", _("not shown")), ("hash", _("a pseudonym"))
TRUNCATE, ROUND = ("truncate", _("its first characters")), ("round", _("rounded down to a step"))
MONTH, YEAR = ("month", _("the month")), ("year", _("the year"))


@dataclass(frozen=True)
class ColumnChoice:
    """The questions about one column; `to` is None where no number is asked."""

    field: Field
    mask: forms.BoundField
    to: forms.BoundField | None


class DataRuleForm(GrantForm):
    """`fields_of`: of the dataset. `groups`: those that the person who fills it in may name."""

    rows = forms.CharField(
        label=_("Which rows?"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_(
            "A condition in the language of queries; every row when empty. {insee}, {siren} and {organization} stand for the "
            "codes of the organisations of whoever reads. For example: insee in ({insee}). Who has no such code sees no row."
        ),
    )  # fmt: skip
    grid_m = forms.IntegerField(
        label=_("Blur positions: side of the squares, in metres"), required=False, min_value=1, max_value=LARGEST_GRID_M
    )
    threshold = forms.IntegerField(
        label=_("Hide small numbers: fewest rows of a group"), required=False, min_value=LEAST_THRESHOLD,
        max_value=MOST_THRESHOLD,
        help_text=_("Rows that fewer than so many share do not exist. For example 11, as for statistics of taxes."),
    )  # fmt: skip
    dimensions = forms.MultipleChoiceField(
        label=_("… counted by these columns"), required=False, widget=forms.CheckboxSelectMultiple
    )
    measures = forms.MultipleChoiceField(
        label=_("… and these numbers, only added up or averaged"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, groups: Any, fields_of: Sequence[Field]) -> None:
        super().__init__(data, groups=groups)
        del self.fields["what"]
        self.described = fields_of
        audience = self.fields["audience"]
        audience.choices = [(one.value, one.label) for one in Audience]  # type: ignore[attr-defined]
        audience.initial = Audience.EVERYONE.value
        self.fields["reason"].help_text = _("It stays in the history. For example: “Addresses of people”.")
        for name, kept in (("dimensions", _can_count), ("measures", _can_add)):
            choices = [(one.name, one.label or one.name) for one in fields_of if kept(one)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for rank, one in enumerate(fields_of):
            self.fields[f"mask_{rank}"] = forms.ChoiceField(
                choices=_masks(one), required=False, label=one.label or one.name
            )
            if one.type in (*NUMBERS, T.STRING):
                self.fields[f"to_{rank}"] = forms.CharField(
                    required=False, max_length=20, label=_("Characters, or step")
                )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("audience") in WIDE:
            return self.cleaned_data
        return super().clean()

    def columns(self) -> Iterator[ColumnChoice]:
        for rank, one in enumerate(self.described):
            yield ColumnChoice(one, self[f"mask_{rank}"], self[f"to_{rank}"] if f"to_{rank}" in self.fields else None)

    def head(self) -> list[forms.BoundField]:
        """To whom."""
        return [self[name] for name in ("audience", "email", "organization", "group")]

    def tail(self) -> list[forms.BoundField]:
        """All the rest but the columns."""
        return [self[name] for name in ("rows", "grid_m", "threshold", "dimensions", "measures", "reason", "ends_on")]

    def spoken_to(self) -> Audience:
        return Audience(self.cleaned_data["audience"])

    def holder(self) -> Holder:
        return Holder() if self.spoken_to() in WIDE else super().holder()

    def ruling(self) -> Ruling:
        """Only after `is_valid`."""
        answers = self.cleaned_data
        given = {
            one.name: _said(answers.get(f"mask_{rank}", ""), answers.get(f"to_{rank}", ""))
            for rank, one in enumerate(self.described)
        }
        threshold = answers["threshold"]
        return Ruling(
            columns={name: said for name, said in given.items() if said},
            rows=answers["rows"],
            grid_m=answers["grid_m"],
            threshold=threshold,
            dimensions=answers["dimensions"] if threshold else (),
            measures=answers["measures"] if threshold else (),
        )


def _said(mask: str, to: str) -> dict[str, str]:
    if mask in ("month", "year"):
        return {"mask": "period", "to": mask}
    return ({"mask": mask} | ({"to": to.strip()} if mask in ("truncate", "round") else {})) if mask else {}


def _masks(field: Field) -> list[tuple[str, Any]]:
    """What can be shown in the place of the values of a field."""
    found = [WHOLE, HIDE, *([HASH] if field.type in SIMPLE else [])]
    if field.type == T.STRING:
        found.append(TRUNCATE)
    if field.type in NUMBERS:
        found.append(ROUND)
    return [*found, MONTH, YEAR] if field.type in (T.DATE, T.DATETIME) else found


def _can_count(field: Field) -> bool:
    return field.type not in NOT_DIMENSIONS


def _can_add(field: Field) -> bool:
    return field.type in NUMBERS


class LookForm(forms.Form):
    """As whom to look; everyone when nobody is named."""

    email = forms.EmailField(label=_("E-mail address of a person"), max_length=254, required=False)
