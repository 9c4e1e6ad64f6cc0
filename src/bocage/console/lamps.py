"""The nine criteria of data.gouv.fr before a dataset is published: what its answers would light, and where to light the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bocage.catalog.vocabulary import Frequency, Licence
from bocage.check.quality.criteria import lamps
from bocage.check.quality.facts import Facts
from bocage.check.quality.words import CRITERIA
from bocage.kernel.clock import now

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from bocage.capture.understanding import Understanding
    from bocage.console.forms.metadata import NewDatasetForm
    from bocage.pipeline.models import Draft

_ADVICE: dict[str, tuple[str, Promise | str]] = {
    "license": ("licence", _("choose one: without it, nobody knows whether they may use the data.")),
    "temporal_coverage": ("temporal_start", _("say which period the data speaks of.")),
    "update_frequency": ("update_frequency", _("say how often you will update it.")),
    "update_fulfilled_in_time": ("update_frequency", _("it lights up with the update frequency.")),
    "dataset_description_quality": (
        "description",
        _("more than 100 characters: what a row is, how it was collected, what is missing."),
    ),
}
"""The field of the form that lights each lamp, and what to do there."""


@dataclass(frozen=True)
class Lamp:
    """`address`: where it is lit, when it is off."""

    label: str
    lit: bool
    advice: str = ""
    address: str = ""


def lamps_ahead(
    form: NewDatasetForm, draft: Draft, understanding: Understanding, *, follows_schema: bool
) -> list[Lamp]:
    """What would be lit if the form was sent as it is."""
    return [
        Lamp(str(CRITERIA[one.code]), one.lit, *(("", "") if one.lit else _to_light(one.code, form, draft)))
        for one in lamps(_facts(form, understanding, follows_schema=follows_schema))
    ]


def _facts(form: NewDatasetForm, understanding: Understanding, *, follows_schema: bool) -> Facts:
    def said(name: str) -> Any:
        return form[name].value() or ""

    frequency, licence = (
        said("update_frequency"),
        said("licence"),
    )  # as sent: nothing says that they are of the vocabulary
    return Facts(
        at=now(),
        published=True,
        updated_at=now(),
        frequency=frequency if frequency in Frequency.values else Frequency.UNKNOWN,
        licence=licence if licence in Licence.values else Licence.NOT_SPECIFIED,
        description_length=len(str(said("description")).strip()),
        temporal=bool(said("temporal_start") or said("temporal_end")),
        located=understanding.geometry is not None,
        follows_schema=follows_schema,
    )


def _to_light(code: str, form: NewDatasetForm, draft: Draft) -> tuple[str, str]:
    """(what to do, where)."""
    if code in _ADVICE:
        name, advice = _ADVICE[code]
        return str(advice), f"#{form[name].id_for_label or form[name].auto_id}"
    if code == "spatial":
        advice = _("say which columns hold the position. A table without positions cannot light it.")
        return str(advice), reverse("console:draft", args=[draft.uid])
    advice = _("choose a schema to follow, or describe the fields once the data is published.")
    return str(advice), reverse("console:draft_mapping", args=[draft.uid])
