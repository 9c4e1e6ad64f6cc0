"""What a check refuses to start on. A fault of the table is never one of these: it is in the verdict."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class SchemaUnusable(TerminalError):
    """The schema itself is wrong; `reasons`: one dict per fault, {"code", "field", "detail"}, in the order of the schema.

    `codes` of a reason: `not-an-object`, `wrong-shape`, `unknown-type`, `unknown-format`, `constraint-not-allowed`,
    `constraint-unreadable`, `bad-pattern`, `duplicate-field`, `unknown-key-field`, `bad-foreign-key`, `bad-example`,
    `misplaced-required`, `too-large`."""

    code = "check.schema-unusable"
    message = _("This schema cannot be used: %(detail)s")
    mend = _("Ask those who keep the schema to correct it, or choose another version of it.")
