"""A change, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bocage.check.registry.diff.change import Change, Effect, SchemaDiff

MOST_VALUES = 12

SENTENCES: Mapping[str, str | Promise] = {
    "field-added": _("New optional field."),
    "required-field-added": _("New mandatory field: files without this column are refused."),
    "field-removed": _("Removed: the column is no longer looked at."),
    "field-renamed": _("Was called “%(before)s”: the column must be renamed."),
    "type-changed": _("The type was “%(before)s”, and becomes “%(after)s”."),
    "format-changed": _("The format was “%(before)s”, and becomes “%(after)s”."),
    "format-removed": _("The format “%(before)s” is no longer required."),
    "required-added": _("Becomes mandatory: every row needs a value."),
    "required-removed": _("Is no longer mandatory."),
    "unique-added": _("Two rows may no longer hold the same value."),
    "unique-removed": _("Two rows may now hold the same value."),
    "bound-added": _("New limit: %(limit)s %(after)s."),
    "bound-removed": _("The limit “%(limit)s %(before)s” is lifted."),
    "bound-moved": _("The limit “%(limit)s” was %(before)s, and becomes %(after)s."),
    "pattern-added": _("Values must now have this form: %(after)s"),
    "pattern-removed": _("The form of the values is free (it was: %(before)s)."),
    "pattern-changed": _("The form of the values was %(before)s and becomes %(after)s."),
    "enum-added": _("Only these values are accepted from now on: %(after)s."),
    "enum-removed": _("Any value is accepted: there is no list any more."),
    "values-removed": _("No longer accepted: %(before)s."),
    "values-added": _("Also accepted: %(after)s."),
    "missing-removed": _("No longer stands for an empty cell: %(before)s."),
    "missing-added": _("Also stands for an empty cell: %(after)s."),
    "reading-changed": _("“%(property)s” was %(before)s, and becomes %(after)s."),
    "words-changed": _("Better explained (%(words)s)."),
    "order-changed": _("The order of the fields changes."),
    "key-added": _("Rows are now identified by: %(after)s. Two rows may not have the same key."),
    "key-removed": _("Rows are no longer identified by: %(before)s."),
    "key-changed": _("Rows were identified by %(before)s, and now by %(after)s."),
    "foreign-key-added": _("New link to another table, by: %(name)s."),
    "foreign-key-removed": _("The link to another table by %(name)s is removed."),
    "check-added": _("New check: %(name)s."),
    "check-removed": _("Check removed: %(name)s."),
    "geography-changed": _("The geographic profile changes."),
}
LIMITS: Mapping[str, str | Promise] = {
    "minimum": _("at least"),
    "maximum": _("at most"),
    "exclusiveMinimum": _("more than"),
    "exclusiveMaximum": _("less than"),
    "minLength": _("smallest length"),
    "maxLength": _("largest length"),
}
EFFECTS: Mapping[Effect, str | Promise] = {
    Effect.TIGHTENED: _("Stricter"),
    Effect.LOOSENED: _("More flexible"),
    Effect.UNSURE: _("To be checked"),
    Effect.NEUTRAL: _("No effect on files"),
}
CONCLUSIONS: Mapping[bool | None, str | Promise] = {
    True: _("Every file that was valid stays valid."),
    False: _("Files that were valid may be refused: whoever publishes must look at what became stricter."),
    None: _("Some files that were valid may be refused, depending on what they hold: check them again."),
}


@dataclass(frozen=True)
class ToldChange:
    """`field`: name of the field, empty for the schema as a whole."""

    field: str
    sentence: str
    effect: Effect
    effect_label: str


def told(found: SchemaDiff) -> list[ToldChange]:
    """In the active language, in the order of the comparison."""
    return [ToldChange(one.field, sentence(one), one.effect, str(EFFECTS[one.effect])) for one in found.changes]


def conclusion(found: SchemaDiff) -> str:
    return str(CONCLUSIONS[found.stays_valid])


def sentence(change: Change) -> str:
    fields = {"before": _shown(change.before), "after": _shown(change.after)} | dict(change.fields)
    fields["limit"] = str(LIMITS.get(str(change.fields.get("constraint")), ""))
    return str(SENTENCES[change.code]) % fields


def _shown(value: Any) -> str:
    """Values as a person reads them; long lists are cut."""
    if isinstance(value, list):
        texts = [_one(one) for one in value[:MOST_VALUES]]
        return ", ".join(texts) + (f" … (+ {len(value) - MOST_VALUES})" if len(value) > MOST_VALUES else "")
    return _one(value)


def _one(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        return str(value.get("title") or value.get("name") or "…")
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value) if value != "" else "« »"
