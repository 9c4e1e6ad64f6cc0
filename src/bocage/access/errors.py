"""Refusals of keys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import NotFound, TerminalError


class KeyRefused(TerminalError):
    """Unknown, expired, revoked, or of a suspended account: which one is nobody's business."""

    code = "access.key-refused"
    message = _("This key opens nothing: it is unknown, expired or revoked.")
    mend = _("Make another one in “My keys”.")


class TooManyKeys(TerminalError):
    code = "access.too-many-keys"
    message = _("You already have %(most)s keys in use, the most that one account may have.")
    mend = _("Revoke one that is no longer used.")


class KeyNotFound(NotFound):
    code = "access.key-not-found"
    message = _("This key does not exist, or is not yours.")
