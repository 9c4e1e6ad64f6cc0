"""A file dropped by a person: it is already here, and only has to be recognised."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from bocage.capture.connectors.delivery import Delivery, Origin
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
        with origin.file.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Delivery(origin.file, origin.filename, sha256, origin.file.stat().st_size)
