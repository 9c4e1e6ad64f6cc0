"""What `doctor` may find wrong: a stable code, how bad it is, the sentence, and whether it was mended."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    ERROR = "error"  # data is lost, or readers get errors
    WARNING = "warning"  # nothing is lost, something is wrong
    NOTICE = "notice"  # leftovers


@dataclass(frozen=True)
class Finding:
    """One thing wrong. `sentence` is in the active language when it was found."""

    code: str
    severity: Severity
    sentence: str
    repaired: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def mended(self) -> Finding:
        return replace(self, repaired=True)


SENTENCES: dict[str, tuple[Severity, Promise]] = {
    "version.missing": (Severity.ERROR, _("Version %(number)s of “%(dataset)s”: its file is missing (%(path)s).")),
    "version.altered": (
        Severity.ERROR,
        _("Version %(number)s of “%(dataset)s”: its file has changed since it was published (%(path)s)."),
    ),
    "version.unreadable": (Severity.ERROR, _("Version %(number)s of “%(dataset)s”: %(reason)s")),
    "version.writable": (
        Severity.NOTICE,
        _("Version %(number)s of “%(dataset)s”: its file could be written to by mistake."),
    ),
    "head.broken": (
        Severity.ERROR,
        _("“%(dataset)s” is published at version %(number)s, whose file cannot be read."),
    ),
    "dataset.facts": (
        Severity.WARNING,
        _("“%(dataset)s”: what the catalogue says of the data (%(facts)s) is not what the published version holds."),
    ),
    "file.orphan": (Severity.NOTICE, _("A file belongs to no version: %(path)s.")),
    "staging.leftover": (Severity.NOTICE, _("A file being prepared was left behind: %(path)s.")),
    "hot.unknown": (Severity.NOTICE, _("A working copy belongs to no version: %(path)s.")),
    "engine.spatial": (Severity.ERROR, _("The geographic functions of the engine cannot be loaded: %(reason)s")),
    "folder.unwritable": (Severity.ERROR, _("The folder %(path)s cannot be written to: %(reason)s")),
    "disk.short": (Severity.WARNING, _("Only %(free)s MB are free on the disk of the data.")),
}


def finding(code: str, **fields: Any) -> Finding:
    severity, sentence = SENTENCES[code]
    return Finding(code, severity, str(sentence) % fields)
