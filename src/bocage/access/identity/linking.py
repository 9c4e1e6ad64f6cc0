"""Which account is a person's. An e-mail address alone never opens one.

An identity that is linked opens its account. Otherwise, by themselves, accounts are linked, and made, only where the operator said
that the provider answers for these addresses or these organisations; anybody else signs in as before and links by themselves.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.identity.errors import AccountSuspended, AlreadyLinked, IdentityTaken, LastWayIn, UnknownPerson
from bocage.access.identity.people import Person
from bocage.access.identity.providers import Provider
from bocage.access.models import UNDO_WITHIN, ApiKey, Identity
from bocage.access.noticing import IDENTITY_LINKED
from bocage.access.viewer import Viewer
from bocage.kernel.clock import now
from bocage.kernel.errors import NotFound
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.notices.services import notify
from bocage.organizations.vocabulary import Role


@transaction.atomic
def account_of(provider: Provider, person: Person) -> User:
    """The account that this person enters. Raises UnknownPerson, AccountSuspended."""
    identity = _identity(person)
    if identity is None:
        user = _adopted(provider, person) or _made(provider, person)
        if user is None:
            raise UnknownPerson(label=provider.label, email=person.email or "…", organization=_whom_to_ask(person))
        identity = _linked(provider, person, user)
    if not identity.user.is_active:
        raise AccountSuspended
    Identity.objects.filter(pk=identity.pk).update(last_used_at=now())
    return identity.user


@transaction.atomic
def link_identity(*, user: User, provider: Provider, person: Person) -> Identity:
    """By the person, signed in. Raises IdentityTaken, AlreadyLinked."""
    known = _identity(person)
    if known is not None and known.user_id != user.pk:
        raise IdentityTaken(label=provider.label)
    if known is not None:
        return known
    if user.identities.filter(issuer=person.issuer).exists():
        raise AlreadyLinked(label=provider.label)
    return _linked(provider, person, user)


@transaction.atomic
def unlink_identity(*, user: User, pk: int) -> Identity:
    """By the person, signed in. Raises NotFound, LastWayIn."""
    identity = user.identities.filter(pk=pk).first()
    if identity is None:
        raise NotFound(kind=_("The identity"), name=str(pk))
    if not user.has_usable_password() and not user.identities.exclude(pk=pk).exists():
        raise LastWayIn
    Identity.objects.filter(pk=identity.pk).delete()
    record(Kind.IDENTITY_UNLINKED, viewer=Viewer(user.pk), subject=str(user.pk), provider=identity.provider)
    return identity


def _identity(person: Person) -> Identity | None:
    return Identity.objects.select_related("user").filter(issuer=person.issuer, subject=person.subject).first()


def _adopted(provider: Provider, person: Person) -> User | None:
    """The account of this address, when the provider alone gives out such addresses.

    Not an account that has an identity of this provider already: the address was given to somebody new. Not an operator's:
    they link by themselves."""
    if not _answers_for(provider, person):
        return None
    user = User.objects.select_for_update().filter(email=person.email, is_superuser=False).first()
    if user is None or user.identities.filter(issuer=person.issuer).exists():
        return None
    if not user.is_active:
        raise AccountSuspended
    if not user.identities.filter(vouched=True).exists():
        _empty(user)
    return user


def _answers_for(provider: Provider, person: Person) -> bool:
    return person.email_verified and person.domain in provider.domains


def _empty(user: User) -> None:
    """Nothing had proved yet whose the account is: whoever opened it, perhaps in the name of somebody else, is out. Neither their
    password, nor their sessions, nor their keys, second factors and identities open it any more."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    user.identities.all().delete()
    Authenticator.objects.filter(user_id=user.pk).delete()
    ApiKey.objects.filter(owner=user, revoked_at=None).update(revoked_at=now() - UNDO_WITHIN)


def _made(provider: Provider, person: Person) -> User | None:
    """A new account, member of the organisation whose people are given one, and nothing more."""
    organization = _organization_open_to(provider, person)
    if organization is None or User.objects.filter(email=person.email).exists():
        return None
    user = User.objects.create_user(person.email, None, first_name=person.first_name, last_name=person.last_name)
    Membership.objects.create(user=user, organization=organization, role=Role.MEMBER)
    return user


def _organization_open_to(provider: Provider, person: Person) -> Organization | None:
    if not person.email_verified:
        return None
    siren = person.siren if person.siren in provider.members_of else provider.members_by_domain.get(person.domain, "")
    return _organization_of(siren)


def _organization_of(siren: str) -> Organization | None:
    """None too where several have it: which one is not ours to guess."""
    found = list(Organization.objects.filter(siren=siren)[:2]) if siren else []
    return found[0] if len(found) == 1 else None


def _linked(provider: Provider, person: Person, user: User) -> Identity:
    identity = Identity.objects.create(
        user=user,
        issuer=person.issuer,
        subject=person.subject,
        provider=provider.name,
        vouched=_answers_for(provider, person) and person.email == user.email,
    )
    notify([user.pk], IDENTITY_LINKED, label=provider.label)
    record(Kind.IDENTITY_LINKED, viewer=Viewer(user.pk), subject=str(user.pk), provider=provider.name)
    return identity


def _whom_to_ask(person: Person) -> str:
    organization = _organization_of(person.siren)
    return organization.name if organization else _("your organisation")
