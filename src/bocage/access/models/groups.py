"""Working groups: people of several organisations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.kernel.ids import new_uid
from bocage.organizations.models import Organization


def new_group_uid() -> str:
    return new_uid("gr")


class Group(models.Model):
    """People who work together whatever their organisation. `organization` leads it: it chooses its members."""

    uid = models.CharField(max_length=32, unique=True, default=new_group_uid, editable=False)
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("purpose"), blank=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="groups")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="working_groups", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
