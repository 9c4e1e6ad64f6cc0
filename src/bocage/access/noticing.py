"""What people are told of their own account, and of their rights."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.organizations.notices.kinds import DATASET, NoticeKind, register

IDENTITY_LINKED = register(
    NoticeKind("access.identity-linked", _("Your account now opens with your identity of %(label)s."))
)
FACTOR_RESET = register(
    NoticeKind(
        "access.factor-reset", _("%(person)s took away the second factor of your account, because you had lost it.")
    )
)
ACCESS_ASKED = register(
    NoticeKind("access.asked", _("%(person)s asks for the data of “%(dataset)s”."), things={"dataset": DATASET})
)
ACCESS_GRANTED = register(
    NoticeKind(
        "access.granted",
        _("You asked for the data of “%(dataset)s”: they are open to you."),
        things={"dataset": DATASET},
    )
)
ACCESS_REFUSED = register(
    NoticeKind(
        "access.refused",
        _("You asked for the data of “%(dataset)s”: the answer is no, and says why."),
        things={"dataset": DATASET},
    )
)
ACCESS_LATE = register(
    NoticeKind(
        "access.late",
        _("%(person)s still waits for an answer about “%(dataset)s”, which was promised by %(day)s."),
        things={"dataset": DATASET},
    )
)
AGREEMENT_PROPOSED = register(
    NoticeKind("access.agreement-proposed", _("The agreement no. %(number)s, “%(title)s”, awaits your signature."))
)
AGREEMENT_OPENED = register(
    NoticeKind("access.agreement-opened", _("The agreement no. %(number)s, “%(title)s”, is signed by all."))
)
AGREEMENT_CLOSED = register(
    NoticeKind("access.agreement-closed", _("What the agreement no. %(number)s, “%(title)s”, opened is closed."))
)
