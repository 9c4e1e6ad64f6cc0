"""The values that sentences show: bounded, in the reader's language, without a word of machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from bocage.check.verdict import Family

LONGEST = 120
MOST_LISTED = 12


class Shown(dict[str, Any]):
    """Placeholders; one that a rule did not fill shows as an ellipsis rather than stop the report."""

    def __missing__(self, name: str) -> str:
        return "…"


def shown(family: Family) -> Shown:
    """Everything a sentence about this family may say."""
    said = Shown({name: text(value) for name, value in family.fields.items()})
    said["label"] = text(family.label)
    said["count"] = counted(family.count)
    return said


def numbered(values: Mapping[str, Any], number: int) -> Shown:
    """The same, with `n`, by which a counting sentence chooses its plural."""
    return Shown({**values, "n": number})


def text(value: Any) -> str:
    """One value, or a list of them, as a person reads it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        listed = ", ".join(quoted(item) if isinstance(item, str) else text(item) for item in value[:MOST_LISTED])
        rest = len(value) - MOST_LISTED
        return listed + (_(" and %(count)s others") % {"count": counted(rest)} if rest > 0 else "")
    return shortened(str(value)) if value is not None else ""


def quoted(value: Any) -> str:
    return _("“%(value)s”") % {"value": text(value)}


def shortened(words: str, longest: int = LONGEST) -> str:
    flat = " ".join(words.split()) if words.strip() else words
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def counted(number: int) -> str:
    return str(number_format(number, force_grouping=True))
