"""How people sign in: accounts are created by coordinators, never by a stranger."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """No open registration."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
