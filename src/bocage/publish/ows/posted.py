"""Requests in XML, sent by POST: the document, and what a service makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.ows.errors import OwsError
from bocage.publish.ows.xml import LONGEST, Node, read

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Posted:
    """`given`: the parameters of a request in an address, names in lower case. `filter` stays a tree."""

    given: dict[str, str]
    filter: Node | None = None


def document_of(request: HttpRequest, too_long: str) -> Node:
    """Raises OwsError, whose code is `too_long` before a longer one is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        reason = _("it is longer than %(most)s bytes") % {"most": LONGEST}
        raise OwsError(too_long, _("The document cannot be read: %(reason)s.") % {"reason": reason})
    return read(request.body)
