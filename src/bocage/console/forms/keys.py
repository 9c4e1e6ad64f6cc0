"""A key for a program, and what it may not do."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.console.forms.named import OrganizationField
from bocage.kernel.clock import now
from bocage.organizations.models import Organization

LIFETIMES = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("3 months"),
    "365": gettext_lazy("1 year"),
    "": gettext_lazy("Until I revoke it"),
}
MAY = {"read": gettext_lazy("Read only"), "write": gettext_lazy("Read, and publish where I may")}
MOST_DATASETS = 50
BETWEEN = re.compile(r"[\s,;]+")


class KeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=100,
        help_text=gettext_lazy("The program and the person in charge of it: “Counters in QGIS, Anne”."),
    )
    may = forms.ChoiceField(
        label=gettext_lazy("What may it do?"), choices=list(MAY.items()), initial="read", widget=forms.RadioSelect
    )
    lifetime = forms.ChoiceField(
        label=gettext_lazy("How long?"), choices=list(LIFETIMES.items()), initial="365", required=False
    )
    organization = OrganizationField(label=gettext_lazy("Only as a member of"), required=False, max_length=200)
    datasets = forms.CharField(
        label=gettext_lazy("Only these datasets"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Their identifiers, one per line: the end of the address of their page. Open data stays readable."
        ),
    )

    def __init__(self, *arguments: Any, viewer: Viewer, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.viewer = viewer
        mine = Organization.objects.all() if viewer.operator else Organization.objects.filter(pk__in=list(viewer.roles))
        listed = cast("OrganizationField", self.fields["organization"]).offer(mine, nothing=_("All my organisations"))
        if listed is not None and len(listed) < 2:  # a choice between one thing and itself
            del self.fields["organization"]

    def clean_datasets(self) -> list[str]:
        """The uids of the datasets named. The same words for absent and for hidden."""
        slugs = list(dict.fromkeys(part for part in BETWEEN.split(self.cleaned_data["datasets"].strip()) if part))
        if len(slugs) > MOST_DATASETS:
            raise ValidationError(_("At most %(most)s datasets in one key.") % {"most": MOST_DATASETS})
        found = dict(Dataset.objects.visible_to(self.viewer).filter(slug__in=slugs).values_list("slug", "uid"))
        for slug in slugs:
            if slug not in found:
                raise ValidationError(_("“%(slug)s” does not exist, or you may not see it.") % {"slug": slug[:100]})
        return [found[slug] for slug in slugs]

    def limits(self) -> dict[str, Any]:
        """For `create_key`; only after `is_valid`."""
        answers = self.cleaned_data
        return {
            "name": answers["name"],
            "read_only": answers["may"] == "read",
            "organization": answers.get("organization"),
            "datasets": answers["datasets"],
            "expires_at": self._expiry(answers["lifetime"]),
        }

    def _expiry(self, days: str) -> datetime | None:
        return now() + timedelta(days=int(days)) if days else None
