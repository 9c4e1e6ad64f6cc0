"""What this package tells people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bocage.access.standing import viewer_of
from bocage.organizations.notices.kinds import DATASET, ORGANIZATION, NoticeKind, register, register_thing

if TYPE_CHECKING:
    from bocage.organizations.models import User

HELP = "help-request"
"""A thing of which the fact holds the uid: its subject is told to those of its two teams, as they are today."""

DISCUSSION_OPENED = register(
    NoticeKind(
        "governance.discussion-opened", _("%(person)s opened a discussion on “%(dataset)s”."), {"dataset": DATASET}
    )
)
REMARK_MADE = register(
    NoticeKind("governance.remark-made", _("%(person)s wrote in a discussion on “%(dataset)s”."), {"dataset": DATASET})
)
REMARK_HIDDEN = register(
    NoticeKind(
        "governance.remark-hidden",
        _("What you wrote in a discussion on “%(dataset)s” was hidden: %(reason)s"),
        {"dataset": DATASET},
    )
)
_HELP = {"help": HELP, "team": ORGANIZATION}
HELP_ASKED = register(NoticeKind("governance.help-asked", _("%(team)s asks you for help: “%(help)s”."), _HELP))
HELP_ANSWERED = register(
    NoticeKind("governance.help-answered", _("%(person)s answered about “%(help)s”."), {"help": HELP})
)
HELP_ASSIGNED = register(
    NoticeKind("governance.help-assigned", _("%(person)s entrusted you with “%(help)s”."), {"help": HELP})
)
HELP_CLOSED = register(NoticeKind("governance.help-closed", _("%(person)s closed “%(help)s”."), {"help": HELP}))


def subjects_of_help(user: User, uids: frozenset[str]) -> Mapping[str, str]:
    """Subjects of the requests for help that this person may read."""
    from bocage.governance.help.selectors import requests_for  # which reads models, loaded after the kinds

    return dict(requests_for(viewer_of(user)).filter(uid__in=uids).values_list("uid", "subject"))


register_thing(HELP, subjects_of_help)
