"""Faults of runs and of sources."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError, TransientError


class RunCancelled(TerminalError):
    code = "pipeline.cancelled"
    message = _("The publication was cancelled. What was published before is untouched.")


class LeaseLost(TerminalError):
    """This process was too slow to say that it lives: another one has taken the run. Nothing to write."""

    code = "pipeline.lease-lost"
    message = _("Another worker took over this publication.")


class Interrupted(TransientError):
    """The worker is asked to stop: the run goes back to the queue, and the attempt does not count."""

    code = "pipeline.interrupted"
    message = _("The worker stopped; the publication starts again by itself.")


class WorkerDied(TerminalError):
    code = "pipeline.worker-died"
    message = _("The worker stopped abruptly %(attempts)s times on this file.")
    mend = _("The file may be too large for the memory of this machine: tell the operator.")


class DiskFull(TransientError):
    code = "pipeline.disk-full"
    message = _("The disk of the server is full.")
    mend = _("Tell the operator; Bocage tries again by itself.")


class ServerOverloaded(TransientError):
    code = "pipeline.server-overloaded"
    message = _("The server has too much to do for now.")
    mend = _("Bocage tries again by itself; if this lasts, tell the operator.")


class UnexpectedFault(TerminalError):
    code = "pipeline.unexpected"
    message = _("Bocage failed on this file, and it is not your fault (%(kind)s, reference %(reference)s).")
    mend = _("Give this reference to the operator, who finds the details in the log.")


class RunIsOver(TerminalError):
    code = "pipeline.run-is-over"
    message = _("This publication is already over.")


class NothingToRetry(TerminalError):
    code = "pipeline.nothing-to-retry"
    message = _("The file of this publication was not kept.")
    mend = _("Drop it again.")


class PolledTooOften(TerminalError):
    code = "pipeline.polled-too-often"
    message = _("An address is polled at most once every %(seconds)s seconds.")
    mend = _("Choose a longer period.")


class FileTooLarge(TerminalError):
    code = "pipeline.file-too-large"
    message = _("The file has %(size_mb)s MB; %(limit_mb)s MB are accepted.")
    mend = _("Ask the operator to raise BOCAGE_UPLOAD_LIMIT_MB, or publish a smaller file.")


class DeliveryRefused(TerminalError):
    """The policy of the dataset refuses this delivery. The report says everything: `run` finds it."""

    code = "pipeline.delivery-refused"
    message = _(
        "The file does not follow the schema “%(schema)s” (version %(version)s): %(problems)s problems were found, in "
        "%(rows)s rows. Nothing was published."
    )
    mend = _("Read the report, mend the file or its mapping, then try again.")


class TableRefused(DeliveryRefused):
    """Quarantine was asked for, and no row is to blame."""

    code = "pipeline.table-refused"
    message = _(
        "The table does not have the columns of the schema “%(schema)s” (version %(version)s): %(problems)s problems were found. "
        "As every row is concerned, none could be kept aside, and nothing was published."
    )


class NoRightRow(DeliveryRefused):
    """Quarantine was asked for, and nothing would be left to publish."""

    code = "pipeline.no-right-row"
    message = _(
        "No row follows the schema “%(schema)s” (version %(version)s): %(problems)s problems were found, in %(rows)s rows. "
        "Nothing was published."
    )


class NothingToReplay(TerminalError):
    code = "pipeline.nothing-to-replay"
    message = _("No row waits here any more.")
    mend = _("A newer delivery has replaced these rows, or they have been published already.")


class StillWrong(TerminalError):
    code = "pipeline.still-wrong"
    message = _("None of the %(rows)s rows can be published yet: %(problems)s problems remain.")
    mend = _("Mend at least one row, then try again.")
