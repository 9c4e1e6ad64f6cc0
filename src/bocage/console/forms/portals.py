"""What is asked of those who keep a portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.organizations.models import Portal, Proposal
from bocage.organizations.portals.blocks import BODY_LENGTH, TITLE_LENGTH
from bocage.organizations.portals.vocabulary import BlockKind, Language, Showing

if TYPE_CHECKING:
    ProposalModelForm = forms.ModelForm[Proposal]
else:  # generic for the type checker only
    ProposalModelForm = forms.ModelForm

MARKDOWN = _("Markdown is understood: **bold**, lists, [a link](https://…).")


class PortalForm(forms.Form):
    """Its names. The domain is read and checked by the service, which knows the others."""

    name = forms.CharField(label=_("Name of the portal"), max_length=120)
    domain = forms.CharField(
        label=_("Name of the site"),
        max_length=253,
        help_text=_(
            "As people type it, without https://: donnees.ville.fr. Ask for it first from whoever keeps your names."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "inputmode": "url"}),
    )
    tagline = forms.CharField(label=_("Sentence under the name"), max_length=200, required=False)
    language = forms.ChoiceField(
        label=_("Language by default"),
        choices=Language.choices,
        initial=Language.FRENCH,
        help_text=_("Shown to visitors whose browser asks for neither."),
    )

    @classmethod
    def of(cls, portal: Portal, data: Any = None) -> PortalForm:
        """With what the portal says today."""
        said = {name: getattr(portal, name) for name in ("name", "domain", "tagline", "language")}
        return cls(data, initial=said)


class SelectionForm(forms.Form):
    showing = forms.ChoiceField(label=_("What it shows"), choices=Showing.choices, widget=forms.RadioSelect)
    where = forms.CharField(
        label=_("Question"),
        required=False,
        max_length=2_000,
        help_text=_(
            'Only for “The datasets that answer a question”. For example: territory = {insee} or theme_code = "mobilite". '
            "{insee}, {siren} and {organization} stand for the codes of the organisation of the portal."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("showing") == Showing.QUERY and not answers.get("where", "").strip():
            self.add_error("where", _("Write the question that the datasets answer."))
        return answers


class NewBlockForm(forms.Form):
    kind = forms.ChoiceField(label=_("Add to the page"), choices=BlockKind.choices)


class BlockForm(forms.Form):
    """Of a text, or of highlighted datasets."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, required=False)
    body = forms.CharField(
        label=_("Text"),
        max_length=BODY_LENGTH,
        required=False,
        help_text=MARKDOWN,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    territory = forms.BooleanField(
        label=_("Followed by the datasets that speak of the commune of the portal (by its INSEE code)"), required=False
    )


class ProposalForm(ProposalModelForm):
    """Words proposed to the portals below."""

    class Meta:
        model = Proposal
        fields = ("title", "body", "about_territory")
        widgets = {"body": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"body": MARKDOWN}
        labels = {
            "title": _("Title"),
            "body": _("Text"),
            "about_territory": _(
                "Followed by the datasets that speak of the commune of the portal (by its INSEE code)"
            ),
        }
