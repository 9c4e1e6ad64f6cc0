"""What an organisation asks of itself and of those below it: only what is allowed above is offered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.catalog.standards import allowed_licences, allowed_themes
from bocage.organizations.standards.models import MOST_DAYS, MOST_VERSIONS
from bocage.organizations.standards.rules import NO_LIMITS, InForce, Limits
from bocage.organizations.vocabulary import Role

PURGERS = (Role.STEWARD, Role.COORDINATOR, Role.ADMINISTRATOR)


def _number(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False, help_text=help_text)


def _boxes(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class StandardsForm(forms.Form):
    """`standards`: what holds today in the organisation."""

    licences = _boxes(_("Licences allowed"), _("Tick none to allow all those that are allowed above."))
    themes = _boxes(_("Themes allowed"), _("Tick none to allow all those that are allowed above."))
    least_days = _number(
        _("An old version is kept at least (days)"),
        MOST_DAYS,
        _("What the law or a contract asks. It wins over the rest."),
    )
    least_versions = _number(_("The last versions are always kept (how many)"), MOST_VERSIONS)
    most_days = _number(
        _("An old version is removed after (days)"), MOST_DAYS,
        _("From the day when another one took its place. The published version always stays."),
    )  # fmt: skip
    most_versions = _number(
        _("No more versions are kept than"), MOST_VERSIONS, _("The published one counts. Empty: as many as there are.")
    )
    purged_by = forms.ChoiceField(label=_("Who may remove an old version by hand?"))
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=500,
        help_text=_("Those below read this sentence, for example: “Decided by the data committee on 3 March”."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, standards: InForce) -> None:
        own = standards.own.limits if standards.own is not None else NO_LIMITS
        said = {name: getattr(own, name) for name in ("least_days", "least_versions", "most_days", "most_versions")}
        said |= {"licences": sorted(own.licences or ()), "themes": sorted(own.themes or ())}
        said |= {"purged_by": own.purged_by.value, "reason": standards.own.reason if standards.own is not None else ""}
        super().__init__(data, initial=said)
        above = InForce(limits=standards.above)
        choices = {
            "licences": [(one.value, one.label) for one in allowed_licences(above)],
            "themes": [(one.value, one.label) for one in allowed_themes(above)],
            "purged_by": [(role.value, role.label) for role in PURGERS if role.rank >= standards.above.purged_by.rank],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def limits(self) -> Limits:
        """Only after `is_valid`."""
        answers = self.cleaned_data
        return Limits(
            licences=frozenset(answers["licences"]) or None,
            themes=frozenset(answers["themes"]) or None,
            least_days=answers["least_days"],
            least_versions=answers["least_versions"],
            most_days=answers["most_days"],
            most_versions=answers["most_versions"],
            purged_by=Role(answers["purged_by"]),
        )
