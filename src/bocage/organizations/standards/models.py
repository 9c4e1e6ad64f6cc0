"""What an organisation says for itself and for all that is below it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.organizations.vocabulary import Role

MOST_DAYS = 36_500
MOST_VERSIONS = 10_000


def _days() -> models.PositiveIntegerField:  # type: ignore[type-arg]
    return models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )


def _versions() -> models.PositiveIntegerField:  # type: ignore[type-arg]
    return models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_VERSIONS)]
    )


class Standards(models.Model):
    """Empty or null: nothing is said, what is above holds. `licences`, `themes`: the only codes allowed (the vocabularies are the
    catalogue's). `least_*`: what is kept whatever happens; `most_*`: what is beyond is removed. `purged_by`: from which role
    somebody may remove an old version by hand. `reason` is read by those below."""

    organization = models.OneToOneField("organizations.Organization", models.CASCADE, related_name="standards")
    licences = models.JSONField(default=list, blank=True)
    themes = models.JSONField(default=list, blank=True)
    least_days = _days()
    least_versions = _versions()
    most_days = _days()
    most_versions = _versions()
    purged_by = models.CharField(max_length=20, choices=Role.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_at = models.DateTimeField(auto_now=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "standards"

    def __str__(self) -> str:
        return str(self.organization)
