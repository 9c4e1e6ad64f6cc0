"""What people are told of the portals that they keep."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.organizations.notices.kinds import NoticeKind, register

TEXT_PROPOSED = register(
    NoticeKind("portals.text-proposed", _("“%(author)s” proposes a text for your home page: “%(title)s”."))
)
TEXT_CHANGED = register(
    NoticeKind(
        "portals.text-changed", _("“%(author)s” changed a text that it proposes for your home page: “%(title)s”.")
    )
)
