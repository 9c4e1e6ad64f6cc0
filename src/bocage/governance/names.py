"""How people are named in public: by the name that they gave, never by their address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from bocage.organizations.models import User


def public_name(user: User | None) -> str:
    """Of an account; of one that is no more when None."""
    if user is None:
        return _("Somebody who has left")
    return user.get_full_name() or _("Somebody who gave no name")
