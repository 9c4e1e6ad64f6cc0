"""What can go wrong in the store, in words for the person who reads it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError, TransientError


class QueryTooLong(TerminalError):
    """The time limit of the session is over; `seconds` is that limit."""

    code = "store.query-too-long"
    message = _("The query was stopped: it took more than %(seconds)s seconds.")
    mend = _("Narrow it with a filter, or ask for fewer rows.")


class QueryTooLarge(TerminalError):
    """The query does not fit in the memory, and the room to spill, that one process may take."""

    code = "store.query-too-large"
    message = _("The query was stopped: it needs more memory than the platform gives to one query.")
    mend = _("Narrow it with a filter, ask for fewer columns, or sort and group on fewer values.")


class QueryStopped(TransientError):
    """Somebody stopped it: the client went away, or the process is closing."""

    code = "store.query-stopped"
    message = _("The query was stopped before its end.")
    mend = _("Send it again if you still need the answer.")


class EngineLost(TransientError):
    """A fault of the engine itself, which refuses everything from then on: another one is opened for the next session."""

    code = "store.engine-lost"
    message = _("The query met a fault of the platform, which has begun again since.")
    mend = _("Send it again. If it fails again, tell the operator of the platform when it happened.")


class QueryFailed(TerminalError):
    """The arithmetic or a conversion asked for has no answer on this data.

    The engine's own words are left out: they quote a value, perhaps of a row that this viewer may not see.
    """

    code = "store.query-failed"
    message = _("A calculation of the query has no result: a number is too large, or a value cannot be converted.")
    mend = _("Check the functions and the types of the fields used by the query.")


class WorkingCopyDamaged(TransientError):
    """A block of the hot cache cannot be read any more: the copy is thrown away and made again from the version."""

    code = "store.working-copy-damaged"
    message = _("The working copy of the data was damaged; it is being made again.")
    mend = _("Try again in a few seconds.")


class StagedFileBroken(TerminalError):
    """The staged Parquet file is not what capture says it is: `reason` is a sentence."""

    code = "store.staged-file-broken"
    message = _("The file prepared for publication is not usable: %(reason)s")
    mend = _("Publish the original file again.")


class VersionDamaged(TransientError):
    """The file of a version is missing or has changed on disk: `reason` is a sentence. Mended by restoring the file."""

    code = "store.version-damaged"
    message = _("Version %(number)s of “%(dataset)s” cannot be read: %(reason)s")
    mend = _("Ask the operator of the platform to run “bocage doctor” and to restore the file from a backup.")


class ForeignVersion(TerminalError):
    """The pointer of a dataset was asked to go to a version of another dataset."""

    code = "store.foreign-version"
    message = _("This version belongs to another dataset.")
    mend = _("Choose one of the versions of this dataset.")


class DocumentEmpty(TerminalError):
    code = "store.document-empty"
    message = _("This file is empty.")
    mend = _("Choose another file.")


class DocumentTooLarge(TerminalError):
    code = "store.document-too-large"
    message = _("A document joined to a dataset may not be larger than %(limit_mb)s MB.")
    mend = _("Reduce its pictures, or publish the data that it holds as a dataset.")


class TooManyDocuments(TerminalError):
    code = "store.too-many-documents"
    message = _("A dataset may have at most %(limit)s documents.")
    mend = _("Remove those that are out of date, or put several in one archive.")


class DocumentMissing(TerminalError):
    code = "store.document-missing"
    message = _("The document “%(title)s” is missing from the data folder.")
    mend = _("Join it again, or restore a backup.")
