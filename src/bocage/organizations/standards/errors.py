"""Refusals of standards that are not stricter than those above."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class LooserThanAbove(TerminalError):
    """`field`: of `rules.Limits`."""

    code = "organizations.looser-than-above"
    message = _("“%(authors)s” already asks for more: what is said below may only be stricter.")
    mend = _("Stay within what is said above, or ask them to change it.")


class KeepsAndRemoves(TerminalError):
    code = "organizations.keeps-and-removes"
    message = _("This would remove versions that must be kept.")
    mend = _("Choose a number at least as large as what must be kept.")
