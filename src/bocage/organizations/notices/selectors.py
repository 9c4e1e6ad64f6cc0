"""Reads of notices: everybody's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from bocage.organizations.notices.models import Notice

if TYPE_CHECKING:
    from bocage.organizations.models import User

MOST_COUNTED = 100
"""The bell says “99+” rather than to count thousands at each page."""


def notices_of(user: User) -> QuerySet[Notice]:
    """Everything that this person was told, newest first."""
    return Notice.objects.filter(recipient=user)


def unread_count(user: User) -> int:
    """Notices that this person has not read, at most MOST_COUNTED. One query on an index of the unread alone."""
    return notices_of(user).filter(read_at=None).order_by()[:MOST_COUNTED].count()


def waiting_for_mail(user: User, most: int) -> Sequence[Notice]:
    """Unread and never mailed, oldest first."""
    return list(notices_of(user).filter(read_at=None, mailed_at=None).order_by("created_at", "pk")[:most])
