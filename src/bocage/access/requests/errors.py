"""Refusals of requests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import NotFound, TerminalError


class RequestNotFound(NotFound):
    """For somebody else's as for an absent one."""

    code = "access.request-not-found"
    message = _("This access request does not exist, or is not yours to see.")


class NothingToAsk(TerminalError):
    code = "access.nothing-to-ask"
    message = _("You already have access to these data.")


class AlreadyAsked(TerminalError):
    code = "access.already-asked"
    message = _("You already asked for these data, and the answer is to come.")
    mend = _("Follow it in “Access requests”.")


class TooManyRequests(TerminalError):
    code = "access.too-many-requests"
    message = _("You have %(waiting)s requests waiting for an answer at most, and make %(daily)s a day at most.")
    mend = _("Withdraw one that is no longer useful, or come back later.")


class AlreadyAnswered(TerminalError):
    code = "access.already-answered"
    message = _("This request does not wait for an answer any more: somebody answered it, or it was withdrawn.")


class ReasonMissing(TerminalError):
    code = "access.reason-missing"
    message = _("Whoever asked needs to know why.")
    mend = _("Write a sentence.")


class StillRefused(TerminalError):
    code = "access.still-refused"
    message = _("It would open nothing: an exception refuses this dataset to %(holder)s.")
    mend = _("End this exception first, in the accesses of the dataset.")
