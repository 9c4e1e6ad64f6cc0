"""What a mapping may refuse to do, and why."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class StepRefused(TerminalError):
    """`kind`: the label of the step; `reason`: a sentence."""

    code = "mapping.step-refused"
    message = _("The step “%(kind)s” cannot be done: %(reason)s")


class ColumnAbsent(TerminalError):
    code = "mapping.column-absent"
    message = _("The file has no column “%(label)s”, from which “%(target)s” is made.")
    mend = _("Open the correspondence of columns and choose another one.")


class CircularMapping(TerminalError):
    code = "mapping.circular"
    message = _("The columns %(targets)s are made from one another.")
    mend = _("Make one of them from columns of the file only.")


class MappingTooLarge(TerminalError):
    code = "mapping.too-large"
    message = _("The correspondence has %(count)s %(what)s: the limit is %(limit)s.")


class MappingFailed(TerminalError):
    """The engine stopped while a mapping was tried: values too long, an expression that it does not know."""

    code = "mapping.failed"
    message = _("The correspondence of columns could not be applied: %(reason)s")
    mend = _("Look at the steps of the column: an expression may be written in a way that Bocage does not know.")


class LayoutChanged(TerminalError):
    """The contract of the dataset stops here. `what`: sentences, one per change."""

    code = "mapping.layout-changed"
    message = _("The columns of the file have changed, and this dataset is set to stop when they do. %(what)s")
    mend = _(
        "Drop the file by hand to look at the correspondence of columns, or change what is done when columns change."
    )
