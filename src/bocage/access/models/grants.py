"""An exception to what roles and visibility say: somebody may, or may not, on one thing, for a reason and a time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bocage.access.models.audiences import ONE_GROUP, ONE_ORGANIZATION, ONE_PERSON, ForAudience
from bocage.access.vocabulary import GRANTED, Action, Effect
from bocage.organizations.models import Organization


class Grant(ForAudience):
    """The thing is a dataset (its uid: the catalogue is above this package), or every dataset of the branch of `branch`.
    Never said to everyone: that is the visibility of the thing. `columns`: of a permission to read one dataset, names of the only
    fields that exist for whom nothing else opens it; none named: all."""

    dataset = models.CharField(max_length=32, blank=True, db_index=True, help_text="uid")
    branch = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="grants")
    effect = models.CharField(max_length=5, choices=Effect.choices, default=Effect.ALLOW)
    action = models.CharField(max_length=10, choices=[(one.value, one.label) for one in GRANTED], default=Action.READ)
    columns = models.JSONField(_("columns"), default=list, blank=True)

    class Meta(ForAudience.Meta):
        constraints = (
            models.CheckConstraint(
                name="grant_names_its_audience", condition=ONE_ORGANIZATION | ONE_GROUP | ONE_PERSON
            ),
            models.CheckConstraint(
                name="grant_names_its_thing",
                condition=Q(branch=None) & ~Q(dataset="") | Q(branch__isnull=False, dataset=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.effect} {self.action} · {self.holder} · {self.dataset or self.branch}"
