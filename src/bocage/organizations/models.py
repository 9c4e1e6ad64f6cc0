"""People, organisations and who works where."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.kernel.ids import SLUG, SLUG_LENGTH
from bocage.organizations.notices.models import Notice, NoticeSetting
from bocage.organizations.portals.models import Portal, PortalLogo, Proposal, ProposalAnswer, new_portal_uid
from bocage.organizations.standards.models import Standards
from bocage.organizations.vocabulary import Ending, OrganizationKind, Role

__all__ = [
    "FormerOrganization",
    "Membership",
    "Notice",
    "NoticeSetting",
    "Organization",
    "Portal",
    "PortalLogo",
    "Proposal",
    "ProposalAnswer",
    "Standards",
    "User",
    "UserManager",
    "new_portal_uid",
]

slug_validator = RegexValidator(SLUG, _("Use lower-case letters, digits, hyphens and underscores."), code="slug")
siren_validator = RegexValidator(r"^\d{9}$", _("A SIREN has nine digits."), code="siren")


class UserManager(BaseUserManager["User"]):
    """Accounts are known by their e-mail address, kept in lower case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractUser):
    """A person with an account. `is_superuser` is the operator of the platform."""

    username = None  # type: ignore[assignment]  # AbstractUser's field is removed: people sign in with their address
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Organization(models.Model):
    """A field of the bocage: one authority, partner or association. `path` is `/1/4/12/`, its place in the tree."""

    slug = models.CharField(max_length=SLUG_LENGTH, unique=True, validators=[slug_validator])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(max_length=20, choices=OrganizationKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=255, db_index=True, editable=False, default="")
    siren = models.CharField(max_length=9, blank=True, validators=[siren_validator])
    insee_code = models.CharField(_("INSEE code"), max_length=5, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(blank=True)
    email = models.EmailField(_("contact address"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class FormerOrganization(models.Model):
    """A name that an organisation bore, or an organisation that joined another: what was written to it leads to
    `organization`. Its slug is never given again."""

    slug = models.CharField(max_length=SLUG_LENGTH, unique=True, validators=[slug_validator])
    name = models.CharField(_("name"), max_length=200)
    insee_code = models.CharField(_("INSEE code"), max_length=5, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="former")
    ended_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-ended_at", "name")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "organization"), name="one_role_per_organization"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.role}"
