"""Push keys: 256 random bits, shown once; only their SHA-256 is kept. A key opens one address of one dataset."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.kernel.clock import now
from bocage.kernel.errors import TerminalError
from bocage.pipeline.pushes.errors import KeyRefused
from bocage.pipeline.pushes.models import PushAddress, PushKey

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

KEYS_AT_ONCE = 5
LONGEST_KEY = 200
USE_NOTED_EVERY = timedelta(minutes=1)


class TooManyKeys(TerminalError):
    code = "push.too-many-keys"
    message = _("This address has %(count)s keys already.")
    mend = _("Revoke those that nobody uses any more.")


def new_key(*, viewer: Viewer, address: PushAddress) -> str:
    """A new key of the address; the others stay valid until they are revoked, so that devices change key one by one."""
    decide(viewer, Action.MANAGE, address.dataset).require()
    if address.keys.filter(revoked_at=None).count() >= KEYS_AT_ONCE:
        raise TooManyKeys(count=KEYS_AT_ONCE)
    secret = secrets.token_hex(32)
    PushKey.objects.create(
        address=address, digest=_digest(secret), end=secret[-4:], created_at=now(), created_by_id=viewer.user_id
    )
    return secret


def revoke_key(*, viewer: Viewer, key: PushKey) -> None:
    """From now on, whoever has this key is refused. Doing it twice changes nothing."""
    decide(viewer, Action.MANAGE, key.address.dataset).require()
    PushKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now(), revoked_by_id=viewer.user_id)


def opened_by(secret: str, *, dataset: str, name: str) -> PushKey:
    """The key that opens the address `name` of the dataset of this identifier, with its address and dataset.

    Raises KeyRefused, the same whatever is wrong: the answer tells nothing of what exists. It is looked for by its hash, whose
    bits a stranger cannot choose, and compared in a time that does not depend on where they differ."""
    digest = _digest(secret[:LONGEST_KEY])
    found = (
        PushKey.objects.select_related("address", "address__dataset")
        .filter(digest=digest, revoked_at=None, address__name=name, address__dataset__slug=dataset)
        .first()
    )
    if found is None or not hmac.compare_digest(found.digest, digest):
        raise KeyRefused
    return found


def note_use(key: PushKey) -> None:
    """Last use, to the minute: a push every second is not a write more every second."""
    if key.last_used_at is None or key.last_used_at < now() - USE_NOTED_EVERY:
        PushKey.objects.filter(pk=key.pk).update(last_used_at=now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
