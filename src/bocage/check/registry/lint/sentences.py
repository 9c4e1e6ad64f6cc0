"""The sentences of each finding. `otherwise`: the advice when nothing near was found (the field `meant` is empty)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bocage.check.registry.lint.finding import Level

Text = str | Promise


@dataclass(frozen=True)
class Sentence:
    level: Level
    sentence: Text
    advice: Text = ""
    otherwise: Text | None = None


E, W, A = Level.ERROR, Level.WARNING, Level.ADVICE
WRITE = _("Write “%(meant)s”.")

FIELDS: Mapping[str, Sentence] = {
    "constraints-misspelt": Sentence(
        E, _("“%(written)s” is misspelt: none of the rules written there is applied."), WRITE
    ),
    "constraint-misplaced": Sentence(
        E,
        _("“%(constraint)s” is outside “constraints”: the rule is not applied."),
        _("Move it inside “constraints” of the field."),
    ),
    "constraint-unknown": Sentence(
        E, _("The constraint “%(written)s” does not exist: the rule is not applied."), WRITE, _("Remove it.")
    ),
    "constraint-not-for-type": Sentence(
        E,
        _("“%(constraint)s” is not allowed for the type “%(type)s”: the reference refuses the whole schema."),
        _("Remove the constraint, or change the type."),
    ),
    "constraint-unreadable": Sentence(
        E,
        _("The constraint “%(constraint)s” cannot be “%(written)s”."),
        _(
            "Write true or false for required and unique, a whole number for lengths, a list for enum, a text for pattern."
        ),
    ),
    "constraints-unreadable": Sentence(
        E,
        _("“constraints” cannot be “%(written)s”."),
        _('Write an object, as in {"required": true}.'),
    ),
    "bound-unreadable": Sentence(
        E,
        _("The bound “%(constraint)s” is “%(written)s”, which is no value of the type “%(type)s”."),
        _("Write it as a value of the column would be."),
    ),
    "bounds-crossed": Sentence(
        E,
        _("“%(least)s” (%(low)s) is above “%(most)s” (%(high)s): no value can be right."),
        _("Exchange the two bounds."),
    ),
    "pattern-unreadable": Sentence(
        E,
        _("The expression “%(pattern)s” cannot be read: %(reason)s."),
        _("Try it on an example before publishing the schema."),
    ),
    "pattern-slow": Sentence(
        W,
        _("The expression “%(pattern)s” uses what fast engines refuse (%(reason)s): it is checked more slowly."),
        _("Do without back-references, look-around and unusual escapes."),
    ),
    "pattern-alternation": Sentence(
        W,
        _("In “%(pattern)s”, the beginning is only required of the first choice, and the end only of the last one."),
        _("Put brackets around the choices: “%(meant)s”."),
    ),
    "enum-twice": Sentence(W, _("These values are listed twice: %(values)s."), _("Keep one of each.")),
    "enum-spaces": Sentence(
        W,
        _("These allowed values begin or end with a space: %(values)s. Nobody will type it."),
        _("Remove the spaces."),
    ),
    "example-refused": Sentence(
        W, _("The example “%(example)s” is refused by the rules of the field."), _("Give an example that passes.")
    ),
    "type-unknown": Sentence(E, _("The type “%(type)s” does not exist."), WRITE, _("Choose a type of Table Schema.")),
    "format-unknown": Sentence(
        E,
        _("The format “%(format)s” does not exist for the type “%(type)s”."),
        _("Remove it, or choose one of the specification."),
    ),
    "word-misspelt": Sentence(W, _("“%(written)s” is not a property: it has no effect."), WRITE),
    "word-without-effect": Sentence(
        W, _("“%(written)s” has no effect in a Table Schema."), _("Say it with “%(meant)s”, or remove it.")
    ),
    "boolean-ambiguous": Sentence(
        E, _("These values mean both true and false: %(values)s."), _("Keep each of them on one side only.")
    ),
    "list-unreadable": Sentence(
        E, _("“%(property)s” cannot be “%(written)s”."), _('Write a list of texts, as in ["", "NA"].')
    ),
    "array-item-without-effect": Sentence(
        W, _("“arrayItem” has no effect on the type “%(type)s”."), _("Remove it, or use the type “array”.")
    ),
}

TABLE: Mapping[str, Sentence] = {
    "field-without-name": Sentence(
        E, _("The field number %(rank)s has no name."), _("Name it as the column is named.")
    ),
    "field-twice": Sentence(
        E, _("This name is given to %(count)s fields."), _("Two columns cannot have the same name: rename one.")
    ),
    "field-name-spaces": Sentence(W, _("These names begin or end with a space: %(names)s."), _("Remove the spaces.")),
    "field-name-invisible": Sentence(
        E,
        _("The name of this field holds characters that nobody sees (%(codes)s): no column will ever match it."),
        _("Type the name again."),
    ),
    "fields-not-described": Sentence(
        A,
        _("Fields without a description: %(count)s (%(names)s)."),
        _("One sentence each is enough: it is what people read when their file is refused."),
    ),
    "key-unreadable": Sentence(
        E, _("“%(key)s” cannot be “%(written)s”."), _("Write the names of the fields of the key, in a list.")
    ),
    "key-of-no-field": Sentence(
        E, _("“%(key)s” names “%(name)s”, which is no field."), WRITE, _("Write the name of a field.")
    ),
    "foreign-key-uneven": Sentence(
        E, _("A foreign key ties %(here)s field(s) to %(there)s."), _("Write as many on each side.")
    ),
    "reference-remote": Sentence(
        E,
        _("A part of the schema is at “%(target)s”, which is not read: no rule of that place is applied."),
        _("Copy it into the schema."),
    ),
    "reference-without-effect": Sentence(
        W, _("“$ref” (%(target)s) has no effect in a Table Schema."), _("Write the fields in full.")
    ),
    "check-unknown": Sentence(
        E,
        _("The check “%(check)s” is not known: the reference then declares every file invalid."),
        WRITE,
        _("Remove it, or use a check of the documentation."),
    ),
    "check-unreadable": Sentence(
        E,
        _("A custom check cannot be “%(written)s”."),
        _("Write an object with “name” and “params”."),
    ),
    "check-parameter-absent": Sentence(
        E, _("The check “%(check)s” lacks its parameter “%(parameter)s”."), _("Add it inside “params”.")
    ),
    "check-of-no-field": Sentence(
        E, _("The check “%(check)s” names “%(name)s”, which is no field."), WRITE, _("Write the name of a field.")
    ),
    "check-operator": Sentence(
        E, _("The check “%(check)s” cannot compare with “%(written)s”."), _("Use >, >=, ==, <= or <.")
    ),
    "check-renamed": Sentence(W, _("The check “%(check)s” has changed its name."), WRITE),
    "registry-required": Sentence(
        A,
        _("The national registry requires these properties, which are absent: %(properties)s."),
        _("Add them before submitting the schema."),
    ),
    "registry-encouraged": Sentence(
        A, _("The national registry encourages these properties, which are absent: %(properties)s.")
    ),
    "version-not-semver": Sentence(
        W, _("The version “%(version)s” is not made of three figures."), _("Write it as in 1.2.0.")
    ),
    "version-differs": Sentence(
        W,
        _("The schema says version %(version)s, and is published as version %(number)s."),
        _("Write %(number)s in “version”."),
    ),
    "geography-unreadable": Sentence(
        E, _("The geographic profile cannot be “%(written)s”."), _("Give one field, or longitude then latitude.")
    ),
    "geography-of-no-field": Sentence(
        E, _("The geographic profile names “%(name)s”, which is no field."), _("Write the name of a field.")
    ),
    "geography-type": Sentence(E, _("“%(type)s” is not a type of geometry."), _("Use one of: %(known)s.")),
    "geography-crs": Sentence(
        E, _("“%(crs)s” is not a reference system of coordinates."), _("Write it as in EPSG:4326 or EPSG:2154.")
    ),
    "code-list-absent": Sentence(
        E, _("The code list “%(name)s” does not exist here."), _("Import it, or correct its name.")
    ),
}

SENTENCES: Mapping[str, Sentence] = {**FIELDS, **TABLE}
