"""A local schema, written by people who know their subject, not JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bocage.catalog.models import Dataset
from bocage.check.models import Schema
from bocage.check.registry.geography import CRS, DEFAULT_CRS, GEOMETRY_TYPES, KEY, geographic_profile
from bocage.check.registry.precedence import is_semver
from bocage.console.forms.named import OrganizationField, organization_named
from bocage.kernel.ids import SLUG_LENGTH, slugify
from bocage.organizations.models import Organization, slug_validator

BLANK, FROM_DATASET, FROM_SCHEMA = "blank", "dataset", "schema"
STARTS = (
    (BLANK, _("From nothing: you add the fields one by one")),
    (FROM_DATASET, _("From the columns of a dataset already published")),
    (FROM_SCHEMA, _("From a copy of another schema, to adapt")),
)
NONE = [("", "—")]


class NewSchemaForm(forms.Form):
    """`organizations`: those that the person may lead for; `datasets`, `schemas`: those it may start from."""

    organization = OrganizationField(label=_("Led by"), max_length=200)
    title = forms.CharField(label=_("Title"), max_length=300, help_text=_("For example: Collective composters"))
    slug = forms.CharField(
        label=_("Identifier"), max_length=SLUG_LENGTH, required=False, validators=[slug_validator],
        help_text=_("Made from the title if you leave it empty. It never changes afterwards."),
    )  # fmt: skip
    description = forms.CharField(
        label=_("What it is for"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    start = forms.ChoiceField(label=_("Where to start"), choices=STARTS, initial=BLANK, widget=forms.RadioSelect)
    dataset = forms.ChoiceField(label=_("Dataset"), required=False)
    schema = forms.ChoiceField(label=_("Schema to copy"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        organizations: QuerySet[Organization],
        datasets: Iterable[Dataset],
        schemas: Iterable[Schema],
    ) -> None:
        super().__init__(data)
        cast("OrganizationField", self.fields["organization"]).offer(organizations)
        choices = {
            "dataset": NONE + [(one.slug, one.title) for one in datasets],
            "schema": NONE + [(one.name, f"{one.title} ({one.name})") for one in schemas],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        start = answers.get("start")
        if start in (FROM_DATASET, FROM_SCHEMA) and not answers.get(str(start)):
            self.add_error(str(start), _("Choose which one."))
        if not answers.get("slug") and answers.get("title"):
            answers["slug"] = slugify(answers["title"], fallback="schema")
        return answers


class DraftForm(forms.Form):
    """What is said of a version as a whole. `fields`: names among which the key is chosen."""

    title = forms.CharField(label=_("Title"), max_length=300)
    description = forms.CharField(
        label=_("What it is for"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    number = forms.CharField(label=_("Number of the version"), max_length=40)
    changes = forms.CharField(
        label=_("What changes in this version"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Those who already follow it read this first."),
    )  # fmt: skip
    primary_key = forms.MultipleChoiceField(
        label=_("What identifies a row"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, names: Sequence[str], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["primary_key"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        if not is_semver(number):
            raise forms.ValidationError(_("Write three figures separated by points, as in 1.2.0."))
        return number


class GeographyForm(forms.Form):
    """Where the position of each row is, if it has one."""

    position = forms.ChoiceField(
        label=_("Field that holds the position, or the longitude"), required=False,
        help_text=_("Leave it empty when rows have no place."),
    )  # fmt: skip
    latitude = forms.ChoiceField(label=_("Field that holds the latitude, if it is apart"), required=False)
    types = forms.MultipleChoiceField(
        label=_("Types of geometry accepted"), required=False, choices=[(one, one) for one in GEOMETRY_TYPES],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    crs = forms.RegexField(
        regex=rf"\A{CRS.pattern}\Z", label=_("Reference system of the coordinates"), initial=DEFAULT_CRS, max_length=30,
        required=False,
    )  # fmt: skip
    inside = forms.BooleanField(label=_("Everything lies inside the territory of the producer"), required=False)

    def __init__(self, data: Any = None, *, names: Sequence[str], descriptor: dict[str, Any]) -> None:
        profile = geographic_profile(descriptor)
        initial = {} if profile is None else {
            "position": profile.fields[0], "latitude": profile.fields[1] if len(profile.fields) > 1 else "",
            "types": list(profile.geometry_types), "crs": profile.crs, "inside": profile.inside_territory,
        }  # fmt: skip
        super().__init__(data, initial=initial, prefix="geo")
        for name in ("position", "latitude"):
            self.fields[name].choices = NONE + [(one, one) for one in names]  # type: ignore[attr-defined]

    def applied(self, descriptor: dict[str, Any]) -> dict[str, Any]:
        """The descriptor with this profile, or without any. Only after `is_valid`."""
        answers = self.cleaned_data
        kept = {key: value for key, value in descriptor.items() if key != KEY}
        if not answers["position"]:
            return kept
        fields = [one for one in (answers["position"], answers["latitude"]) if one]
        profile = {
            "fields": fields, "geometryTypes": answers["types"], "crs": answers["crs"] or DEFAULT_CRS,
            "insideTerritory": answers["inside"],
        }  # fmt: skip
        return kept | {KEY: profile}


class AdoptionForm(forms.Form):
    """`version` empty: whichever stands for the schema. `organization`: one that was listed; else `named`, as people write it."""

    organization = forms.SlugField(required=False)
    named = forms.CharField(required=False, max_length=200)
    version = forms.CharField(max_length=40, required=False)
    required_below = forms.BooleanField(required=False)

    def clean_named(self) -> Organization | None:
        text = self.cleaned_data["named"]
        return organization_named(text) if text else None
