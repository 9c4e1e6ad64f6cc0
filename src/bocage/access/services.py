"""Keys made, revoked, restored, recognised."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.errors import KeyNotFound, KeyRefused, TooManyKeys
from bocage.access.models import UNDO_WITHIN, ApiKey
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.organizations.models import Organization, User

PREFIX = "bocage_"
"""Says to people, and to programs that look for leaked secrets, what it is."""
SHOWN = len(PREFIX) + 5
LONGEST_KEY = 200
MOST_KEYS = 50


def digest_of(key: str) -> str:
    """SHA-256: a key has 256 random bits, nothing slower would protect it better."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def create_key(
    *,
    viewer: Viewer,
    owner: User,
    name: str,
    organization: Organization | None = None,
    datasets: Sequence[str] = (),
    read_only: bool = True,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The key, and its text, which is never seen again. `viewer` is the owner, signed in: a key makes no key.

    `datasets`: uids. Raises AccessDenied, TooManyKeys."""
    if viewer.user_id != owner.pk:
        raise AccessDenied(reason=_("a key is made by the person in whose name it asks."))
    if organization is not None and not (viewer.operator or organization.pk in viewer.roles):
        raise AccessDenied(reason=_("you have no role in this organisation."))
    if sum(key.alive for key in ApiKey.objects.filter(owner=owner, revoked_at=None)) >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    text = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        owner=owner,
        name=name,
        digest=digest_of(text),
        start=text[:SHOWN],
        organization=organization,
        datasets=list(datasets),
        read_only=read_only,
        expires_at=expires_at,
    )
    _tell(Kind.KEY_MADE, viewer, key)
    return key, text


def _tell(kind: Kind, viewer: Viewer, key: ApiKey) -> None:
    record(
        kind, viewer=viewer, organization=key.organization or "", subject=str(key.pk), name=key.name, read_only=key.read_only,
        datasets=key.datasets, until=key.expires_at.isoformat() if key.expires_at else "",
    )  # fmt: skip


@transaction.atomic
def revoke_key(*, viewer: Viewer, key: ApiKey) -> None:
    """Its next request is refused. Raises KeyNotFound."""
    _require_owner(viewer, key)
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now()):
        _tell(Kind.KEY_REVOKED, viewer, key)


@transaction.atomic
def restore_key(*, viewer: Viewer, key: ApiKey) -> None:
    """Take back a revocation made by mistake, soon enough. Raises KeyNotFound, KeyRefused when it is too late."""
    _require_owner(viewer, key)
    recent = ApiKey.objects.filter(pk=key.pk, revoked_at__gt=now() - UNDO_WITHIN)
    if not recent.update(revoked_at=None):
        raise KeyRefused
    _tell(Kind.KEY_RESTORED, viewer, key)


def recognise_key(text: str) -> ApiKey:
    """The living key of this text, with its owner; its use is recorded. Raises KeyRefused."""
    if not 0 < len(text) <= LONGEST_KEY:
        raise KeyRefused
    key = ApiKey.objects.select_related("owner").filter(digest=digest_of(text)).first()
    if key is None or not key.alive or not key.owner.is_active:
        raise KeyRefused
    _record_use(key)
    return key


def _record_use(key: ApiKey) -> None:
    """At most one write in a while: a program that asks all day must not write all day."""
    moment = now()
    if key.use_due_at > moment:
        return
    with contextlib.suppress(OperationalError):  # a busy database: the next request records it
        ApiKey.objects.filter(pk=key.pk, last_used_at=key.last_used_at).update(last_used_at=moment)
        key.last_used_at = moment


def _require_owner(viewer: Viewer, key: ApiKey) -> None:
    if viewer.user_id is None or viewer.user_id != key.owner_id:
        raise KeyNotFound
