"""`bocage schemas`: import the schemas of a registry, list them, show one."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from bocage.check.models import SchemaVersion
    from bocage.check.registry.importing import Imported

SUMMARY = _("Import schemas, list them, show one.")


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=str(_("verb")))
    bring = verbs.add_parser("import", help=str(_("Import every schema of a folder, a file or an address.")))
    bring.add_argument("source", metavar="DIR|FILE|URL")
    bring.add_argument("--name", default="", metavar="ORG/ID", help=str(_("Name to give, when it is one schema.")))
    listing = verbs.add_parser("list", help=str(_("List the schemas of the platform.")))
    show = verbs.add_parser("show", help=str(_("Show the fields of a schema, and what its author should mend.")))
    show.add_argument("name", metavar="NAME")
    show.add_argument("--version", default="", metavar="NUMBER", help=str(_("Version (default: the latest adopted).")))
    for verb in (bring, listing, show):
        verb.add_argument("--json", action="store_true", help=str(_("Answer in JSON.")))


def run(options: argparse.Namespace) -> int:
    from bocage.config import terminal
    from bocage.kernel.errors import BocageError

    try:
        return {"import": _import, "list": _list, "show": _show}[options.verb](options)
    except BocageError as error:
        terminal.refuse(error, as_json=options.json)
        return 1


def _import(options: argparse.Namespace) -> int:
    """Exit code 1 when one was refused: what could be kept is kept all the same."""
    from bocage.check.registry.importing import Outcome, import_schemas
    from bocage.config import terminal
    from bocage.kernel.errors import BocageError

    done: list[Imported] = []
    stopped: BocageError | None = None
    with terminal.progress(lambda: gettext("Schemas: %(count)s seen") % {"count": len(done)}):
        try:
            for imported in import_schemas(options.source, name=options.name):
                done.append(imported)  # noqa: PERF402  what came before an error counts
        except BocageError as error:
            if not done:
                raise
            stopped = error
    if options.json:
        terminal.answer([one.as_dict() for one in done])
    else:
        _tell(done)
    if stopped:
        terminal.refuse(stopped)
    return 1 if stopped or any(one.outcome == Outcome.REFUSED for one in done) else 0


def _tell(done: list[Imported]) -> None:
    from bocage.check.registry.importing import Outcome
    from bocage.config import terminal

    for one in done:
        if one.outcome == Outcome.NEW:
            terminal.say(f"+ {one.name} {one.number}")
        elif one.error:
            terminal.warn(f"✗ {one.name} {one.number} {one.origin}\n    {one.error}")
    counts = Counter(one.outcome for one in done)
    terminal.say(
        gettext("%(new)s new, %(known)s already known, %(refused)s refused.")
        % {"new": counts[Outcome.NEW], "known": counts[Outcome.KNOWN], "refused": counts[Outcome.REFUSED]}
    )


def _list(options: argparse.Namespace) -> int:
    from bocage.check.models import Schema
    from bocage.check.registry.selectors import lines
    from bocage.check.vocabulary import SchemaLanguage
    from bocage.config import terminal

    found = lines(Schema.objects.order_by("name"))
    if options.json:
        terminal.answer(
            [
                {
                    "name": one.schema.name, "title": one.schema.title, "kind": one.schema.kind, "language": one.schema.language,
                    "version": one.version.number, "versions": one.versions, "adopted_by": one.adopted_by,
                }
                for one in found
            ]
        )  # fmt: skip
        return 0
    for one in found:
        note = "" if one.schema.language == SchemaLanguage.TABLE else f"  ({gettext('JSON Schema, not checked yet')})"
        terminal.say(f"{one.schema.name:<48} {one.version.number:<10} {one.schema.title}{note}")
    if not found:
        terminal.say(gettext("No schema yet: bocage schemas import DIR|FILE|URL"))
    return 0


def _show(options: argparse.Namespace) -> int:
    from bocage.access.viewer import OPERATOR
    from bocage.check.registry.lint.words import told
    from bocage.check.registry.selectors import schema_version
    from bocage.config import terminal

    version = schema_version(options.name, options.version, viewer=OPERATOR)
    if options.json:
        terminal.answer(_as_dict(version))
        return 0
    terminal.say(f"{version.schema.title}\n{version.schema.name} {version.number}, {version.get_status_display()}\n")
    for field in version.descriptor.get("fields", []):
        required = gettext("required") if (field.get("constraints") or {}).get("required") is True else ""
        terminal.say(
            f"  {field.get('name', '')!s:<32} {field.get('type', 'string')!s:<10} {required:<12} {field.get('title', '')}"
        )
    findings = told(version.lint)
    if findings:
        terminal.say(f"\n{gettext('To mend in this schema:')}")
    for finding in findings:
        terminal.say(f"  ! {finding.field + ': ' if finding.field else ''}{finding.sentence} {finding.advice}".rstrip())
    return 0


def _as_dict(version: SchemaVersion) -> dict[str, Any]:
    return {
        "name": version.schema.name, "version": version.number, "status": version.status, "origin": version.origin,
        "sha256": version.sha256, "imported_at": version.created_at, "lint": version.lint, "descriptor": version.descriptor,
    }  # fmt: skip
