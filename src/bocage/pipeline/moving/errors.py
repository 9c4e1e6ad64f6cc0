"""Why something of another portal is not copied. Errors of one dataset leave the others alone; see `StopsEverything`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError, TransientError


class StopsEverything(TerminalError):
    """Root of what concerns the portal itself: no dataset would fare better."""

    code = "moving.stops-everything"


class NotAPortal(StopsEverything):
    code = "moving.not-a-portal"
    message = _("%(host)s does not answer as an Opendatasoft portal (Explore API v2.1).")
    mend = _("Give the address of the portal's home page. If it was renamed or closed, ask its operator.")


class KeyRefused(StopsEverything):
    code = "moving.key-refused"
    message = _("%(host)s refuses to show its catalogue (answer %(status)s).")
    mend = _("Give an API key of this portal with --apikey; it must be allowed to read the datasets to be copied.")


class KeyInTheClear(StopsEverything):
    code = "moving.key-in-the-clear"
    message = _("The API key would travel in the clear: the address of the portal begins with http://.")
    mend = _("Give an address that begins with https://.")


class QuotaSpent(StopsEverything, TransientError):
    code = "moving.quota-spent"
    message = _("%(host)s accepts no more calls for %(minutes)s minutes.")
    mend = _("Run the same command again then: what is copied is not asked for again.")


class CatalogueTooLong(StopsEverything):
    code = "moving.catalogue-too-long"
    message = _(
        "The catalogue holds %(count)s datasets; the interface of the portal lists no more than %(limit)s at once."
    )
    mend = _("Copy it by parts, with --where: for example by publisher.")


class AlreadyMoving(StopsEverything):
    code = "moving.already"
    message = _("Another command is copying a portal to this platform.")
    mend = _("Wait for its end.")


class AnswerNotUnderstood(TerminalError):
    code = "moving.answer-not-understood"
    message = _("The answer of the portal about “%(what)s” makes no sense.")
    mend = _("Tell the operator of the portal; the others are copied all the same.")


class IdentifierUnusable(TerminalError):
    code = "moving.identifier-unusable"
    message = _(
        "The identifier “%(identifier)s” cannot be kept here: small letters, digits, “-” and “_” only, 100 at most."
    )
    mend = _(
        "Give it another one with --rename %(identifier)s=NEW: addresses that hold the old one will no longer answer."
    )


class IdentifierTaken(TerminalError):
    code = "moving.identifier-taken"
    message = _(
        "The identifier “%(identifier)s” is that of a dataset of “%(organization)s” that did not come from this portal."
    )
    mend = _("Rename one of the two, or copy this one with --rename %(identifier)s=NEW.")


class DatasetUnusable(TerminalError):
    code = "moving.dataset-unusable"
    message = _("The description of this dataset cannot be kept: %(reasons)s")


class NoFaithfulExport(TerminalError):
    code = "moving.no-faithful-export"
    message = _("No export of this dataset gives its data without loss: %(reasons)s")


class PublicationWaits(TransientError):
    code = "moving.publication-waits"
    message = _("The data is here and is not published yet: %(reason)s")
    mend = _("The worker publishes it; run the same command again to compare it with the portal.")


class WhereRefused(StopsEverything):
    code = "moving.where-refused"
    message = _("The portal does not understand the condition given with --where.")
    mend = _("Write it as in its own catalogue, for example: publisher = 'Ville de Rezé'.")


class PublicationFailed(TerminalError):
    code = "moving.publication-failed"
    message = _("The data came, and could not be published: %(reason)s")


class PortalLost(StopsEverything, TransientError):
    code = "moving.portal-lost"
    message = _("%(host)s no longer answers.")
    mend = _("Run the same command again later: what is copied is not asked for again.")
