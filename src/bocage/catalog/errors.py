"""Refusals of the catalogue."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import AccessDenied, Gone


class DatasetGone(Gone):
    """Everything that it says was public. `contact`: an e-mail address or nothing. `replacement`: identifier under which the
    dataset carries on, empty when there is none that the viewer may read."""

    code = "catalog.dataset-gone"
    message = _("“%(title)s” is not published here any more, since %(day)s.")
    mend = _("Who published it can tell you more: %(publisher)s %(contact)s")

    def __init__(
        self, *, slug: str, title: str, publisher: str, contact: str, withdrawn_at: datetime, replacement: str = ""
    ) -> None:
        self.withdrawn_at = withdrawn_at
        self.replacement = replacement
        day = date_format(localtime(withdrawn_at).date())
        super().__init__(slug=slug, title=title, publisher=publisher, contact=contact, day=day)


class DataOnRequest(AccessDenied):
    """What the dataset is, is told to everyone; its data are not this viewer's. `contact`: an e-mail address or nothing."""

    code = "catalog.data-on-request"
    message = _("The data of “%(title)s” are given on request.")
    mend = _("Ask for them on the page of the dataset. Who publishes it can tell you more: %(publisher)s %(contact)s")

    def __init__(self, *, slug: str, title: str, publisher: str, contact: str) -> None:
        super().__init__(slug=slug, title=title, publisher=publisher, contact=contact)
