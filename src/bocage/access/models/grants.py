"""An exception to what roles and visibility say: somebody may, or may not, on one thing, for a reason and a time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bocage.access.models.groups import Group
from bocage.access.vocabulary import Action, Audience, Effect
from bocage.kernel.clock import now
from bocage.organizations.models import Organization


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self) -> GrantQuerySet:
        """Those whose time it is."""
        moment = now()
        return self.filter(Q(starts_at=None) | Q(starts_at__lte=moment), Q(ends_at=None) | Q(ends_at__gt=moment))


class Grant(models.Model):
    """`audience` says which of `organization`, `group` and `person` is meant. The thing is a dataset (its uid: the catalogue is
    above this package), or every dataset of the branch of `branch`."""

    audience = models.CharField(max_length=12, choices=Audience.choices)
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="grants_held")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="grants_held")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="grants_held"
    )
    dataset = models.CharField(max_length=32, blank=True, db_index=True, help_text="uid")
    branch = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="grants")
    effect = models.CharField(max_length=5, choices=Effect.choices, default=Effect.ALLOW)
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.READ)
    reason = models.CharField(_("reason"), max_length=500)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="grant_names_its_audience",
                condition=(
                    Q(audience__in=(Audience.ORGANIZATION, Audience.BRANCH))
                    & Q(organization__isnull=False, group=None, person=None)
                )
                | Q(audience=Audience.GROUP, organization=None, group__isnull=False, person=None)
                | Q(audience=Audience.PERSON, organization=None, group=None, person__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_names_its_thing",
                condition=Q(branch=None) & ~Q(dataset="") | Q(branch__isnull=False, dataset=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.effect} {self.action} · {self.holder} · {self.dataset or self.branch}"

    @property
    def holder(self) -> str:
        """The name of the audience."""
        return str(self.person or self.group or self.organization)
