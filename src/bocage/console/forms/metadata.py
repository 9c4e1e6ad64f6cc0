"""The metadata of a dataset, in the words of the person who publishes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.standards import allowed_licences, allowed_themes, licence_is_allowed, themes_at_fault
from bocage.catalog.vocabulary import Theme
from bocage.kernel.ids import SLUG_LENGTH, slugify
from bocage.organizations.standards.rules import InForce
from bocage.organizations.standards.selectors import standards_of

if TYPE_CHECKING:
    DatasetModelForm = forms.ModelForm[Dataset]
else:  # generic for the type checker only
    DatasetModelForm = forms.ModelForm

KEYWORDS_MOST = 30
WHO_SEES = {
    Visibility.PRIVATE.value: _("Only the people of your organisation who have an account."),
    Visibility.SHARED.value: _("Everyone who has an account on this platform, in any organisation. Not the public."),
    Visibility.REQUEST.value: _(
        "Everyone sees its title, its description and the names of its columns. Of the data nothing, but for those to whom "
        "you give them when they ask."
    ),
    Visibility.OPEN.value: _("Everyone, without an account. Other sites and search engines may list it."),
}


class KeywordsField(forms.CharField):
    """“parking, vélo” ↔ ["parking", "vélo"]."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in re.split(r"[,;\n]", super().to_python(value) or "")]
        return list(dict.fromkeys(word[:60] for word in words if word))[:KEYWORDS_MOST]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class MetadataForm(DatasetModelForm):
    """`choices_of_key`: the fields among which the key is chosen; none hides the question."""

    themes = forms.MultipleChoiceField(
        label=_("Themes"), choices=Theme.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    keywords = KeywordsField(
        label=_("Keywords"),
        required=False,
        max_length=2000,
        help_text=_("Words that people would type, separated by commas."),
    )
    primary_key = forms.MultipleChoiceField(
        label=_("What identifies a row"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "For example a number or a code, never given twice. With it, Bocage says at each update which rows were added,"
            " removed or changed."
        ),
    )

    class Meta:
        model = Dataset
        fields = (
            "title", "description", "visibility", "themes", "keywords", "update_frequency", "licence", "primary_key",
            "contact_name", "contact_email", "source", "temporal_start", "temporal_end", "hvd_category",
        )  # fmt: skip
        widgets = {
            "visibility": forms.RadioSelect,
            "description": forms.Textarea(attrs={"rows": 5}),
            "temporal_start": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "temporal_end": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "title": _("Title"),
            "description": _("Description"),
            "visibility": _("Who may see this data?"),
            "update_frequency": _("How often will you update it?"),
            "licence": _("Licence"),
            "contact_name": _("Service to contact"),
            "contact_email": _("Its e-mail address"),
            "source": _("Where the data comes from"),
            "temporal_start": _("It speaks of the time from"),
            "temporal_end": _("until"),
            "hvd_category": _("High-value data"),
        }
        help_texts = {
            "title": _("What it is and where, for example “Car parks of Rezé”."),
            "description": _("What a row is, how it was collected, what is missing. Two sentences are enough."),
            "update_frequency": _("Bocage warns you when the promise is late."),
            "licence": _("What others may do with it. The Licence Ouverte is the usual one of French authorities."),
            "contact_email": _("Shown to the public. Prefer the address of a service to your own."),
            "source": _("For example the name of your software, or of the service that keeps the file."),
            "hvd_category": _(
                "The categories that a European regulation obliges authorities to open. Leave it empty if unsure."
            ),
        }

    def __init__(self, *args: Any, choices_of_key: Sequence[Field] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = self.fields["primary_key"]
        if choices_of_key and isinstance(key, forms.MultipleChoiceField):
            key.choices = [(f.name, f.label or f.name) for f in choices_of_key if not f.type.is_geographic]
        else:
            del self.fields["primary_key"]
        self._offer_what_is_allowed(standards_of(self.instance.organization))

    def _offer_what_is_allowed(self, standards: InForce) -> None:
        """Nothing that the organisations above do not allow, and why. A licence that is not allowed any more is never replaced
        in silence: the person chooses."""
        licence, themes = self.fields["licence"], self.fields["themes"]
        if standards.limits.licences is not None and isinstance(licence, forms.ChoiceField):
            offered = [(one.value, one.label) for one in allowed_licences(standards)]
            kept = self.instance.licence if self.instance.pk else offered[0][0]
            chosen = licence_is_allowed(standards, kept)
            licence.choices = offered if chosen else [("", _("Choose one")), *offered]
            if not self.instance.pk:
                self.initial["licence"] = kept
            licence.help_text = _("Only those that %(authors)s allows are offered.") % {
                "authors": standards.authors("licences")
            }
        if standards.limits.themes is not None and isinstance(themes, forms.ChoiceField):
            themes.choices = [(one.value, one.label) for one in allowed_themes(standards)]
            themes.help_text = self._about_themes(standards)

    def _about_themes(self, standards: InForce) -> str:
        told = _("Only those that %(authors)s allows are offered.") % {"authors": standards.authors("themes")}
        left = themes_at_fault(standards, self.instance.themes)
        if not left:
            return told
        names = ", ".join(str(theme.label) for theme in left)
        away = _("They will be taken away when you save: %(themes)s.") % {"themes": names}
        return f"{told} {away}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("temporal_start"), cleaned.get("temporal_end")
        if start and end and end < start:
            self.add_error("temporal_end", _("The end comes before the beginning."))
        return cleaned

    def metadata(self) -> dict[str, Any]:
        """The arguments of catalog.services; only after `is_valid`."""
        return dict(self.cleaned_data)

    def visibilities(self) -> list[tuple[Any, str]]:
        """Each radio button, and who would see the data."""
        return [(radio, str(WHO_SEES[str(radio.data["value"])])) for radio in self["visibility"]]


class NewDatasetForm(MetadataForm):
    """The same, and the address chosen once for all."""

    slug = forms.SlugField(
        label=_("Address"),
        required=False,
        max_length=SLUG_LENGTH,
        help_text=_("The end of the public address. Leave it empty: Bocage makes it from the title. It never changes."),
    )

    class Meta(MetadataForm.Meta):
        fields = (*MetadataForm.Meta.fields, "slug")  # type: ignore[assignment]

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]) or free_slug(str(self.cleaned_data.get("title", "")))


def free_slug(title: str) -> str:
    """An identifier made from the title, numbered when it is taken."""
    base = slugify(title)[: SLUG_LENGTH - 5].strip("-_")
    taken = set(Dataset.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)
