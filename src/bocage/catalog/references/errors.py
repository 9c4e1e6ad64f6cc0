"""Refusals about references and links."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class ReferenceFieldUnfit(TerminalError):
    """`fields`: names of those that would do."""

    code = "catalog.reference-field-unfit"
    message = _("“%(field)s” cannot hold the keys of “%(dataset)s”: a key is a text or a whole number.")
    mend = _("Choose one of: %(fields)s.")


class NoDataYet(TerminalError):
    code = "catalog.reference-without-data"
    message = _("“%(dataset)s” holds no data yet.")
    mend = _("Publish a first version, then come back.")


class KeyNotUnique(TerminalError):
    """Telling which row is meant is what a key is for."""

    code = "catalog.reference-key-not-unique"
    message = _("The column “%(field)s” does not tell the rows of “%(dataset)s” apart: it is empty, or twice the same.")
    mend = _("Choose a column whose values are all there, and all different.")


class PointsToItself(TerminalError):
    code = "catalog.reference-to-itself"
    message = _("“%(dataset)s” cannot point to itself.")


class TooManyLinks(TerminalError):
    code = "catalog.reference-too-many-links"
    message = _("A dataset points to %(most)s references at most.")
    mend = _("Remove a link that is not used any more.")
