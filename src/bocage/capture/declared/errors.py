"""What is refused of a file that is not what was declared of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.capture.errors import FileRefused


class NotAsDeclared(FileRefused):
    """Root: another format of the same data may be as declared."""

    code = "capture.not-as-declared"
    message = _("The file is not what was declared of it.")


class ColumnMissing(NotAsDeclared):
    code = "capture.declared-column-missing"
    message = _("The file has no column “%(field)s”, which is declared.")


class ColumnOfAnotherType(NotAsDeclared):
    code = "capture.declared-column-type"
    message = _("The column “%(field)s” is declared as “%(type)s”, and the file holds “%(found)s”.")


class ValueNotAsDeclared(NotAsDeclared):
    code = "capture.declared-value"
    message = _("“%(value)s” cannot be kept in the field “%(field)s”, which is declared as “%(type)s”.")


class NotRecords(NotAsDeclared):
    """Most often the error of a server, saved in place of the data."""

    code = "capture.not-records"
    message = _("The file holds none of the fields declared: it is not the data.")


class FieldNameUnusable(FileRefused):
    code = "capture.declared-name"
    message = _("The field “%(field)s” cannot keep its name here.")
    mend = _("Rename it where the data comes from.")
