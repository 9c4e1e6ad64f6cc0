"""The notes of rules, which are codes, in words; and those that are the right value itself."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import Text

PROPOSING = ("custom.", "reversed-french-gps-coordinates", "strict.spaces", "strict.swapped-position", "bal.")
"""Rules (or beginnings of their names) whose note, when it is not a word below, is the value that would be right."""

REPEATED = ("unique-error", "primary-key")
"""Rules whose note is the row of the first one."""

WORDS: dict[str, Text] = {
    "empty": _("the identifier is empty"),
    "length": _("wrong number of digits"),
    "characters": _("something else than digits"),
    "key": _("one digit is wrong: the key does not match"),
    "type": _("the schema does not say that it is a text"),
    "missing-slash": _("the slash between the two levels is missing"),
    "space": _("there is a space around the slash"),
    "prefix": _("the first level is not in the nomenclature"),
    "space prefix": _("there is a space around the slash, and the first level is not in the nomenclature"),
    "format": _("two years with a slash between them are expected"),
    "equal": _("both years are the same"),
    "order": _("the second year is before the first"),
}


def is_proposal(rule: str, note: str) -> bool:
    return bool(note) and note not in WORDS and rule.startswith(PROPOSING)


def in_words(rule: str, note: str) -> str:
    """What to show beside an example: nothing when the note is shown as a proposal."""
    if rule in REPEATED and note.isdecimal():
        return gettext("same as row %(row)s") % {"row": note}
    return "" if is_proposal(rule, note) else str(WORDS.get(note, note))
