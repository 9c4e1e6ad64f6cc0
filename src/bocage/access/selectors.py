"""Reads of keys: everybody's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.access.errors import KeyNotFound
from bocage.access.models import UNDO_WITHIN, ApiKey
from bocage.kernel.clock import now

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer


def keys_of(viewer: Viewer) -> list[ApiKey]:
    """Keys in use or expired, and those whose revocation may still be taken back; newest first."""
    keys = ApiKey.objects.select_related("organization").filter(owner_id=viewer.user_id or 0)
    return [key for key in keys if key.revoked_at is None or key.revoked_at > now() - UNDO_WITHIN]


def key_for(viewer: Viewer, pk: int) -> ApiKey:
    """Raises KeyNotFound, for somebody else's as for an absent one."""
    key = ApiKey.objects.select_related("organization").filter(owner_id=viewer.user_id or 0, pk=pk).first()
    if key is None:
        raise KeyNotFound
    return key
