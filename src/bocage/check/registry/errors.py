"""Why a schema or a code list cannot be taken in, changed or used."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError


class SchemaUnreadable(TerminalError):
    code = "registry.schema-unreadable"
    message = _("“%(origin)s” cannot be read as JSON: %(reason)s.")
    mend = _("Open the file in a text editor that checks JSON, or ask its author for a sound copy.")


class SchemaTooLarge(TerminalError):
    code = "registry.schema-too-large"
    message = _("“%(origin)s” is larger than the %(limit_mb)s MB that a schema may have.")
    mend = _("A schema describes columns, it does not hold data: put long lists of values in a code list.")


class SchemaTooDeep(TerminalError):
    code = "registry.schema-too-deep"
    message = _("“%(origin)s” has more than %(limit)s levels of brackets one inside the other.")
    mend = _("No schema needs so many: the file is damaged, or made to do harm.")


class TooManyFields(TerminalError):
    code = "registry.too-many-fields"
    message = _("“%(origin)s” describes %(count)s fields; at most %(limit)s are accepted.")
    mend = _("Split it in several schemas, linked by a key.")


class NotASchema(TerminalError):
    code = "registry.not-a-schema"
    message = _("“%(origin)s” is neither a Table Schema nor a JSON Schema.")
    mend = _("A Table Schema has a list “fields”, each of them with a name.")


class NameRefused(TerminalError):
    code = "registry.name-refused"
    message = _("“%(name)s” cannot be the name of a schema.")
    mend = _("Write it as organisation/identifier, with letters, digits, points, hyphens and underscores.")


class NumberRefused(TerminalError):
    code = "registry.number-refused"
    message = _("“%(number)s” cannot be the number of a version.")
    mend = _("Write three figures separated by points, as in 1.0.0.")


class NameHeldLocally(TerminalError):
    code = "registry.name-held-locally"
    message = _("“%(name)s” is the name of a schema written here: what is imported does not take its place.")
    mend = _("Import it under another name with --name.")


class VersionDiffers(TerminalError):
    code = "registry.version-differs"
    message = _("%(name)s %(number)s is already known with another content: it was left as it is.")
    mend = _("A version never changes once published: ask its author for a new number.")


class NothingFound(TerminalError):
    code = "registry.nothing-found"
    message = _("No schema was found in “%(origin)s”.")
    mend = _(
        "Give a folder of schemas, one schema.json, the catalogue of a registry (schemas.json), or the address of one."
    )


class TooManySchemas(TerminalError):
    code = "registry.too-many-schemas"
    message = _("“%(origin)s” holds more than %(limit)s files or versions: nothing was imported.")
    mend = _("Import it in several parts.")


class RegistrySilent(TerminalError):
    code = "registry.silent"
    message = _("%(count)s addresses in a row did not answer: the import stops here.")
    mend = _("What has arrived is kept. Run the same command later: it goes on where it stopped.")


class SchemaNotCheckable(TerminalError):
    code = "registry.not-checkable"
    message = _("“%(name)s” is a JSON Schema: Bocage lists it, and does not check files against it yet.")
    mend = _("Choose a Table Schema.")


class VersionFrozen(TerminalError):
    code = "registry.version-frozen"
    message = _("%(name)s %(number)s has been proposed: it does not change any more.")
    mend = _("Prepare a new version from it.")


class StateRefused(TerminalError):
    code = "registry.state-refused"
    message = _("%(name)s %(number)s is in the state “%(status)s”, which does not allow it.")


class SchemaNotReady(TerminalError):
    code = "registry.not-ready"
    message = _("%(name)s %(number)s cannot be proposed yet: %(count)s thing(s) to mend first.")
    mend = _("They are listed on the page of the version.")


class VersionAdopted(TerminalError):
    code = "registry.version-adopted"
    message = _("%(name)s %(number)s has been adopted by %(count)s organisation(s).")
    mend = _("Prepare a new version instead.")


class DraftExists(TerminalError):
    code = "registry.draft-exists"
    message = _("A new version of %(name)s is already being written: %(number)s.")
    mend = _("Finish it or delete it first.")


class CodeListRefused(TerminalError):
    code = "registry.code-list-refused"
    message = _("The list cannot be read: %(reason)s")
    mend = _("Give a CSV file with a column “code” and, if you have them, “fr”, “en”, “parent” and “synonyms”.")


class CodeListAbsent(TerminalError):
    code = "registry.code-list-absent"
    message = _("The schema refers to the code list “%(name)s”, which does not exist here.")
    mend = _("Import that code list, or correct its name in the schema.")
