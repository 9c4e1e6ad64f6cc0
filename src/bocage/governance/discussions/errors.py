"""Why a remark is not taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import AccessDenied, TerminalError


class SignInToWrite(AccessDenied):
    code = "governance.sign-in-to-write"
    message = _("Sign in to take part in the discussion.")


class DiscussionClosed(TerminalError):
    code = "governance.discussion-closed"
    message = _("This discussion is closed: it can be read, and not written any more.")
    mend = _("Open another one.")


class DiscussionFull(TerminalError):
    code = "governance.discussion-full"
    message = _("This discussion has %(most)s remarks, the most that one may have.")
    mend = _("Open another one.")


class ReasonMissing(TerminalError):
    code = "governance.reason-missing"
    message = _("Whoever wrote this remark needs to know why it is hidden.")
    mend = _("Write a sentence.")
