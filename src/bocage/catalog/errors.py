"""Refusals of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import Gone

if TYPE_CHECKING:
    from bocage.catalog.models import Tombstone


class DatasetGone(Gone):
    """`replacement`: identifier under which the dataset carries on, empty when there is none that the viewer may read."""

    code = "catalog.dataset-gone"
    message = _("“%(title)s” is not published here any more, since %(day)s.")
    mend = _("Who published it can tell you more: %(publisher)s %(contact)s")

    def __init__(self, tombstone: Tombstone, *, replacement: str = "") -> None:
        self.tombstone = tombstone
        self.replacement = replacement
        super().__init__(
            title=tombstone.title,
            day=date_format(localtime(tombstone.withdrawn_at).date()),
            publisher=tombstone.publisher,
            contact=tombstone.contact_email,
        )
