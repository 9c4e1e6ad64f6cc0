"""The look of a portal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.organizations.models import Portal
from bocage.organizations.rules import DEFAULT_THEME

TOKEN_LABELS: dict[str, Any] = {
    "color-ink": _("Text"),
    "color-ink-soft": _("Secondary text"),
    "color-paper": _("Background"),
    "color-paper-soft": _("Background of the panels"),
    "color-accent": _("Buttons"),
    "color-on-accent": _("Text of the buttons"),
    "color-accent-soft": _("Light highlight"),
    "color-link": _("Links"),
    "color-header": _("Header"),
    "color-on-header": _("Text of the header"),
    "color-warning": _("Warnings"),
    "color-danger": _("Errors"),
    "color-focus": _("Frame of the keyboard focus"),
    "color-line": _("Lines of the fields"),
}
if TYPE_CHECKING:
    PortalModelForm = forms.ModelForm[Portal]
else:  # generic for the type checker only
    PortalModelForm = forms.ModelForm

COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class ThemeForm(PortalModelForm):
    """Name, tagline and one colour per token. `name=token` in the page: `color-ink`…"""

    class Meta:
        model = Portal
        fields = ("name", "tagline")
        labels = {"name": _("Name of the portal"), "tagline": _("Sentence under the name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for token, default in DEFAULT_THEME.items():
            self.fields[token] = forms.RegexField(
                regex=rf"\A{COLOR.pattern}\Z",
                label=TOKEN_LABELS[token],
                initial=self.instance.theme.get(token, default),
                widget=forms.TextInput(attrs={"type": "color"}),
                error_messages={"invalid": _("Write the colour as #rrggbb.")},
            )

    def colors(self) -> list[Any]:
        return [self[token] for token in DEFAULT_THEME]

    def theme(self) -> dict[str, str]:
        """Only what differs from the default; only after `is_valid`."""
        answers = {token: str(self.cleaned_data[token]).lower() for token in DEFAULT_THEME}
        return {token: color for token, color in answers.items() if color != DEFAULT_THEME[token]}


def readable_colors(data: Any) -> dict[str, str]:
    """The tokens of a query or a form that are colours: the rest is left out."""
    given = {token: str(data.get(token, "")) for token in DEFAULT_THEME}
    return {token: color.lower() for token, color in given.items() if COLOR.fullmatch(color)}
