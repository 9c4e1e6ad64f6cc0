"""What this package tells to those above it that want to know."""

from __future__ import annotations

from django.dispatch import Signal

organizations_made = Signal()
"""`organizations`: new ones, written all at once, for which Django sends no signal. Within the transaction."""

roles_given = Signal()
"""`memberships`: the same."""
