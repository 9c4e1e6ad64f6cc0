"""What a person is known by elsewhere, and what is asked of them here beside a password."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from bocage.kernel.clock import now
from bocage.organizations.models import Organization
from bocage.organizations.vocabulary import Role


class Identity(models.Model):
    """An account of an identity provider, linked to one of ours. The issuer and the subject are the identity, and never the
    e-mail address, which a provider may give to somebody else one day. `provider`: the operator's name of the issuer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255, editable=False)
    subject = models.CharField(max_length=255, editable=False)
    provider = models.CharField(max_length=30, editable=False)
    vouched = models.BooleanField(
        default=False, editable=False, help_text="when linked, its provider answered for the address of the account"
    )
    created_at = models.DateTimeField(default=now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("provider", "created_at")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("issuer", "subject"), name="one_account_per_identity"),
            models.UniqueConstraint(fields=("user", "issuer"), name="one_identity_per_issuer"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.provider}"


class SecondFactorPolicy(models.Model):
    """From this role on, a second factor is needed in this organisation and in all those below it."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="second_factor_policy")
    least_role = models.CharField(max_length=20, choices=Role.choices)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    set_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return f"{self.organization} · {self.least_role}"
