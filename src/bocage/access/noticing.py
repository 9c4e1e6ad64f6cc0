"""What people are told of their own account, and of their rights."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.organizations.notices.kinds import NoticeKind, register

IDENTITY_LINKED = register(
    NoticeKind("access.identity-linked", _("Your account now opens with your identity of %(label)s."))
)
FACTOR_RESET = register(
    NoticeKind(
        "access.factor-reset", _("%(person)s took away the second factor of your account, because you had lost it.")
    )
)
