from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError, TransientError


class NothingToCheck(TerminalError):
    code = "checking.nothing-to-check"
    message = _("There is nothing to check: a file or an address is expected, and only one of the two.")
    mend = _("Choose a file, or give the address of one.")


class SchemaNotNamed(TerminalError):
    code = "checking.schema-not-named"
    message = _("Against which schema? None was given.")
    mend = _("Choose a schema of the list, or give the address of one.")


class SchemaUnreadable(TerminalError):
    code = "checking.schema-unreadable"
    message = _("What is at “%(place)s” is not a table schema: %(reason)s")
    mend = _("A Table Schema is a JSON document with its list of “fields”, of at most %(limit_mb)s MB.")


class RequestTooLarge(TerminalError):
    code = "checking.too-large"
    message = _("The file is too large to be checked on request: the limit is %(limit_mb)s MB.")
    mend = _("Compress it (zip or gzip), send a part of it, or sign in and drop it for publication.")


class TooLong(TerminalError):
    code = "checking.too-long"
    message = _("The check took more than %(seconds)s seconds, and was stopped.")
    mend = _("Send a part of the file, or sign in and drop it for publication.")


class TooBusy(TransientError):
    code = "checking.busy"
    message = _("Too many checks are under way on this site.")
    mend = _("Try again in a minute.")


class TooOften(TransientError):
    code = "checking.too-often"
    message = _("Too many checks were asked from your address.")
    mend = _("Wait a minute, then try again.")
