"""Something said to an audience, for a reason and a time: what grants and rules on data have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from bocage.access.models.groups import Group
from bocage.access.vocabulary import Audience
from bocage.kernel.clock import now
from bocage.organizations.models import Organization


class InForce(models.QuerySet[Any]):
    def in_force(self) -> InForce:
        """Those whose time it is."""
        moment = now()
        return self.filter(Q(starts_at=None) | Q(starts_at__lte=moment), Q(ends_at=None) | Q(ends_at__gt=moment))

    def changes_after(self, moment: datetime) -> datetime | None:
        """The first instant after this one at which others of these are in force, if there is one. Of one that ends before it
        begins, its instants too: they cost a reading, and change nothing."""
        found = self.aggregate(
            begins=Min("starts_at", filter=Q(starts_at__gt=moment)), ends=Min("ends_at", filter=Q(ends_at__gt=moment))
        )
        return min((one for one in found.values() if one is not None), default=None)


class ForAudience(models.Model):
    """`audience` says which of `organization`, `group` and `person` is meant."""

    audience = models.CharField(max_length=12, choices=Audience.choices)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="%(class)ss_held"
    )
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="%(class)ss_held")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="%(class)ss_held"
    )
    reason = models.CharField(_("reason"), max_length=500)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InForce.as_manager()

    class Meta:
        abstract = True
        ordering = ("-created_at", "-pk")

    @property
    def over(self) -> bool:
        """Its time is past; it stays in the history."""
        return self.ends_at is not None and self.ends_at <= now()

    @property
    def holder(self) -> str:
        """The name of the audience."""
        named = self.person or self.group or self.organization
        return str(named) if named is not None else str(Audience(self.audience).label)


ONE_ORGANIZATION = Q(audience__in=(Audience.ORGANIZATION, Audience.BRANCH)) & Q(
    organization__isnull=False, group=None, person=None
)
ONE_GROUP = Q(audience=Audience.GROUP, organization=None, group__isnull=False, person=None)
ONE_PERSON = Q(audience=Audience.PERSON, organization=None, group=None, person__isnull=False)
NOBODY_NAMED = Q(audience__in=(Audience.EVERYONE, Audience.MEMBERS), organization=None, group=None, person=None)
