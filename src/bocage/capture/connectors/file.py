"""A file dropped by a person: it is already here, and only has to be recognised."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from bocage.capture.connectors.delivery import Delivery, Origin
from bocage.capture.digests import digest_beside
from bocage.kernel.errors import TerminalError


class FileGone(TerminalError):
    code = "capture.file-gone"
    message = _("The file “%(filename)s” is no longer here.")
    mend = _("Drop it again.")


class FileConnector:
    """Never answers None: a person who drops a file wants it published, even to go back to what it was."""

    def deliver(self, origin: Origin, into: Path) -> Delivery:
        if origin.file is None or not origin.file.is_file():
            raise FileGone(filename=origin.filename)
        origin.checkpoint()
        return Delivery(origin.file, origin.filename, digest_beside(origin.file), origin.file.stat().st_size)
