"""Every error that a person may read: a stable code, fields, a sentence in the reader's language, and how to mend it.

A subclass declares its sentence once, as a lazy translation with named placeholders:

    class SheetNotFound(TerminalError):
        code = "capture.sheet-not-found"
        message = _("The workbook has no sheet named “%(sheet)s”.")
        mend = _("Choose one of: %(sheets)s.")

`Transient` says that the same call may succeed later (a run tries again); `Terminal` says that it will not.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class BocageError(Exception):
    """Root of the errors that carry a reason. `fields` feeds the sentence and is part of the machine answer."""

    code: ClassVar[str] = "bocage.error"
    message: ClassVar[Text] = _("Something went wrong.")
    mend: ClassVar[Text] = ""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(self.code)

    def sentence(self) -> str:
        """What happened, in the active language."""
        return str(self.message) % self.fields if self.fields else str(self.message)

    def advice(self) -> str:
        """How to mend it, in the active language; empty when there is nothing to say."""
        return str(self.mend) % self.fields if self.fields else str(self.mend)

    def as_dict(self) -> dict[str, Any]:
        """The shape of this error in JSON: code, message, mend, fields."""
        return {"code": self.code, "message": self.sentence(), "mend": self.advice(), "fields": self.fields}

    def __str__(self) -> str:
        return " ".join(part for part in (self.sentence(), self.advice()) if part)


class TerminalError(BocageError):
    """Trying again changes nothing: somebody has to act."""

    code = "bocage.terminal"


class TransientError(BocageError):
    """The same call may succeed later."""

    code = "bocage.transient"


class AccessDenied(TerminalError):
    """The viewer may not do this; `reason` says why, in words for the viewer."""

    code = "access.denied"
    message = _("You may not do this: %(reason)s")


class NotFound(TerminalError):
    """No such thing, or none that the viewer may know of: the two are never told apart."""

    code = "not-found"
    message = _("%(kind)s “%(name)s” does not exist, or you may not see it.")


class Gone(NotFound):
    """It was there for everyone and was taken away: saying so tells nobody anything new."""

    code = "gone"
