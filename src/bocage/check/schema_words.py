"""What is wrong with a schema, in words: one for each code of `SchemaUnusable`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "not-an-object": _("it is not a JSON object"),
    "wrong-shape": _("a property does not have the shape that it must have"),
    "unknown-type": _("this type does not exist"),
    "unknown-format": _("this format does not exist for this type"),
    "constraint-not-allowed": _("this type cannot have this constraint"),
    "constraint-unreadable": _("the value of a constraint cannot be read as the type of the field"),
    "bad-pattern": _("the pattern cannot be read"),
    "duplicate-field": _("two fields have the same name"),
    "unknown-key-field": _("the primary key names a field that does not exist"),
    "bad-foreign-key": _("a foreign key is badly written"),
    "bad-example": _("the example does not have the type of the field"),
    "misplaced-required": _("“required” must be among the constraints"),
    "too-large": _("the schema is too large"),
}


def told(reason: dict[str, Any]) -> str:
    """`reason`: code, field, detail. In the language of who reads."""
    said = str(_WORDS.get(reason["code"], reason["code"]))
    place = _("field “%(name)s”: ") % {"name": reason["field"]} if reason["field"] else ""
    return f"{place}{said} ({reason['detail']})" if reason["detail"] else f"{place}{said}"
