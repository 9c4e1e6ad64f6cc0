"""Why help cannot be asked or given this way."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class NobodyToAsk(TerminalError):
    code = "governance.nobody-to-ask"
    message = _("No organisation above “%(organization)s” has somebody who could help.")
    mend = _("Ask the operator of the platform.")


class NotAbove(TerminalError):
    code = "governance.not-above"
    message = _("“%(helper)s” is not asked for help from here.")
    mend = _("Choose one of the organisations above yours.")


class HelpClosed(TerminalError):
    code = "governance.help-closed"
    message = _("This request is closed.")
    mend = _("Open it again to write.")


class NotOfTheTeam(TerminalError):
    code = "governance.not-of-the-team"
    message = _("Only somebody of the helping team can be put in charge.")


class ThreadFull(TerminalError):
    code = "governance.thread-full"
    message = _("This request has %(most)s messages, the most that one may have.")
    mend = _("Make another one.")
