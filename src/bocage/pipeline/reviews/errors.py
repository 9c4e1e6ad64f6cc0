"""Why something waits, or may not be decided."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class ReviewRequired(TerminalError):
    code = "pipeline.review-required"
    message = _("“%(dataset)s” is published once another person has reviewed it.")
    mend = _("Ask a steward of the dataset to review what you propose.")


class SentBack(TerminalError):
    """The end of a run whose version was not accepted."""

    code = "pipeline.sent-back"
    message = _("%(person)s reviewed this version and sent it back: %(reason)s")
    mend = _("Mend what is asked, then propose it again.")


class OwnProposal(TerminalError):
    code = "pipeline.own-proposal"
    message = _("You proposed this version: another person has to review it.")
    mend = _("You may withdraw it.")


class AlreadyDecided(TerminalError):
    code = "pipeline.already-decided"
    message = _("This version does not wait to be reviewed any more: %(state)s.")


class ReasonMissing(TerminalError):
    code = "pipeline.reason-missing"
    message = _("Whoever proposed this version needs to know why it is sent back.")
    mend = _("Write a sentence.")


class PushesStay(TerminalError):
    code = "pipeline.pushes-stay"
    message = _("Records that were pushed and acknowledged are not withdrawn.")
    mend = _("Send them back: they are set aside, and may be tried again or given up.")


class RequiredAbove(TerminalError):
    code = "pipeline.required-above"
    message = _("The review is required by “%(organization)s”: it is lifted there.")
