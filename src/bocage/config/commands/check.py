"""`bocage check FILE --schema S`: is this table what the schema asks for, and if not, what is to be mended.

Exit codes: 0 valid, 1 invalid, 2 it could not be checked (unreadable file, unknown schema).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.config import reading_options
from bocage.kernel.errors import TerminalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.check.references import LaidOut, References
    from bocage.check.report.mends import Mend
    from bocage.check.schema import TableSchema
    from bocage.check.table import TextTable
    from bocage.check.verdict import Verdict
    from bocage.store.engine import Workshop

SUMMARY = _("Check a file, an address or a published dataset against a schema.")
VALID, INVALID, UNUSABLE = 0, 1, 2


class WhatToCheck(TerminalError):
    code = "command.check.what"
    message = _("Say what to check: a file, an address, or --dataset; only one of them.")


class OneVersionOnly(TerminalError):
    code = "command.check.one-version"
    message = _("Only a schema of the registry has several versions.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="", metavar="FILE|URL")
    parser.add_argument(
        "--dataset", default="", metavar="SLUG", help=str(_("Check the published version of this dataset."))
    )
    parser.add_argument("--schema", required=True, metavar="NAME|PATH|URL")
    parser.add_argument(
        "--schema-version", default="", metavar="N", help=str(_("Version of the schema (default: the latest)."))
    )
    parser.add_argument(
        "--all-versions", action="store_true", help=str(_("One verdict for each version of the schema."))
    )
    parser.add_argument("--profile", choices=("validata", "strict"), default="validata")
    parser.add_argument("--json", action="store_true", help=str(_("Answer in JSON.")))
    parser.add_argument("--csv", type=Path, metavar="OUT", help=str(_("Write every fault, as CSV.")))
    parser.add_argument(
        "--annotate", type=Path, metavar="OUT.xlsx", help=str(_("Write a copy with the wrong cells coloured."))
    )
    reading_options.configure(parser)


@dataclass(frozen=True)
class Bench:
    """What every step of the command works with. `verdict`: when reading the file gave it already."""

    options: argparse.Namespace
    workshop: Workshop
    directory: Path
    table: TextTable
    known: LaidOut
    verdict: Verdict | None = None


def run(options: argparse.Namespace) -> int:
    from bocage.config import terminal
    from bocage.kernel.errors import BocageError

    try:
        _require_folders(options)
        schemas = _schemas(options)
        name = options.file or options.dataset
        with (
            terminal.progress(lambda: gettext("Checking %(name)s") % {"name": name}),
            _bench(options, schemas) as bench,
        ):
            verdicts = [_verdict(bench, schema) for schema in schemas]
            mends = _mends(bench, verdicts[-1], schemas[-1])
            _write_files(bench, verdicts[-1], schemas[-1])
            said = _as_json(bench, verdicts, schemas, mends) if options.json else None
    except BocageError as error:
        terminal.refuse(error, as_json=options.json)
        return UNUSABLE
    if said is not None:
        terminal.answer(said)
    else:
        _tell(verdicts, schemas, mends)
    return exit_code(verdicts[-1])


def exit_code(verdict: Verdict) -> int:
    """A file without a table in it could not be checked."""
    if any(family.code in ("source-error", "encoding-error") for family in verdict.errors):
        return UNUSABLE
    return VALID if verdict.valid else INVALID


def _schemas(options: argparse.Namespace) -> list[TableSchema]:
    """The one asked for last: it decides."""
    from bocage.access.viewer import ANONYMOUS
    from bocage.check.registry import selectors
    from bocage.pipeline.checking.schemas import is_address, schema_in, schema_named

    path = Path(options.schema)
    if not is_address(options.schema) and path.is_file():
        if options.all_versions:
            raise OneVersionOnly
        return [schema_in(path, place=options.schema)]
    if not options.all_versions:
        return [schema_named(options.schema, options.schema_version)]
    if is_address(options.schema):
        raise OneVersionOnly
    chosen = selectors.schema_version(options.schema, options.schema_version)
    others = selectors.versions_for(ANONYMOUS).filter(schema=chosen.schema).exclude(pk=chosen.pk)
    return [selectors.table_schema(one) for one in (*others, chosen)]


@contextmanager
def _bench(options: argparse.Namespace, schemas: list[TableSchema]) -> Iterator[Bench]:
    """The table in an engine of its own; nothing remains of it afterwards."""
    from bocage.kernel.scratch import scratch
    from bocage.store.engine import workshop

    if bool(options.file) == bool(options.dataset):
        raise WhatToCheck
    with scratch("check") as folder:
        file, filename = _file(options, folder) if options.file else (None, "")
        references = _references(options, schemas[-1])
        with workshop(folder, readable=[*_readable(options, file), *references.files], spatial=False) as shop:
            known = references.lay_out(shop)
            if file and len(schemas) == 1:
                table, verdict = _read_and_checked(options, shop, folder, file, filename, schemas[0], known)
                yield Bench(options, shop, folder, table, known, verdict)
            elif file:
                yield Bench(options, shop, folder, _file_table(options, shop, folder, file, filename), known)
            else:
                yield Bench(options, shop, folder, _stored_table(options, shop, schemas[-1]), known)


def _references(options: argparse.Namespace, schema: TableSchema) -> References:
    """What the version asked for looks up; the others of it make do with that."""
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.selectors import dataset_for
    from bocage.check.references import references_for

    dataset = dataset_for(OPERATOR, options.dataset) if options.dataset else None
    return references_for(OPERATOR, schema, options.profile, dataset)


def _file(options: argparse.Namespace, folder: Path) -> tuple[Path, str]:
    from bocage.kernel import http
    from bocage.pipeline.checking.errors import NothingToCheck
    from bocage.pipeline.checking.schemas import is_address

    if not is_address(options.file):
        path = Path(options.file)
        reading_options.require_file(path)
        return path.resolve(), path.name
    received = http.fetch(options.file, folder)
    if received.path is None:
        raise NothingToCheck
    return received.path, received.filename


def _readable(options: argparse.Namespace, file: Path | None) -> list[Path]:
    if file is not None:
        return [file]
    from bocage.store.layout import versions_directory

    return [versions_directory()]


def _read_and_checked(
    options: argparse.Namespace,
    shop: Workshop,
    folder: Path,
    file: Path,
    filename: str,
    schema: TableSchema,
    known: LaidOut,
) -> tuple[TextTable, Verdict]:
    """In one pass where the file is sound."""
    from bocage.capture.text_check import check_text

    return check_text(
        file, schema, filename=filename, workshop=shop, directory=folder,
        corrections=reading_options.corrections_of(options), profile=options.profile, resources=known.resources,
        producer=known.producer,
    )  # fmt: skip


def _file_table(options: argparse.Namespace, shop: Workshop, folder: Path, file: Path, filename: str) -> TextTable:
    from bocage.capture.text import text_table

    corrections = reading_options.corrections_of(options)
    return text_table(file, filename=filename, workshop=shop, directory=folder, corrections=corrections)


def _stored_table(options: argparse.Namespace, shop: Workshop, schema: TableSchema) -> TextTable:
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.selectors import dataset_for
    from bocage.check.stored import stored_table
    from bocage.kernel.errors import NotFound
    from bocage.store.selectors import current_version

    version = current_version(dataset_for(OPERATOR, options.dataset))
    if version is None:
        raise NotFound(kind=gettext("The published version of"), name=options.dataset)
    return stored_table(version, workshop=shop, schema=schema)


def _verdict(bench: Bench, schema: TableSchema) -> Verdict:
    from bocage.check.services import check

    if bench.verdict is not None:
        return bench.verdict
    folder = Path(tempfile.mkdtemp(prefix="verdict-", dir=bench.directory))
    return check(
        bench.table, schema, workshop=bench.workshop, directory=folder, profile=bench.options.profile,
        resources=bench.known.resources, producer=bench.known.producer,
    )  # fmt: skip


def _mends(bench: Bench, verdict: Verdict, schema: TableSchema) -> Sequence[Mend]:
    from bocage.check.report.mends import proposals

    return proposals(verdict, schema, bench.table, workshop=bench.workshop, directory=bench.directory)


def _write_files(bench: Bench, verdict: Verdict, schema: TableSchema) -> None:
    from bocage.check.report.annotated import annotate
    from bocage.check.report.listing import faults_csv

    if bench.options.csv:
        with _output(bench.options.csv) as path, path.open("wb") as file:
            file.writelines(faults_csv(verdict, schema, workshop=bench.workshop))
    if bench.options.annotate:
        made = bench.directory / "annotated.xlsx"
        annotate(made, bench.table, verdict, schema, workshop=bench.workshop)
        with _output(bench.options.annotate) as path:
            shutil.move(made, path)


class OutputRefused(TerminalError):
    code = "command.check.output"
    message = _("“%(path)s” cannot be written: %(reason)s")


def _require_folders(options: argparse.Namespace) -> None:
    """Before anything long: where the answers go must exist."""
    for path in (options.csv, options.annotate):
        if path is not None and not path.parent.is_dir():
            raise OutputRefused(path=str(path), reason=gettext("the folder does not exist."))


@contextmanager
def _output(path: Path) -> Iterator[Path]:
    try:
        yield path
    except OSError as error:
        raise OutputRefused(path=str(path), reason=error.strerror or "") from None


def _as_json(
    bench: Bench, verdicts: list[Verdict], schemas: list[TableSchema], mends: Sequence[Mend]
) -> dict[str, Any]:
    """The report of the version that decides; `versions` has the others."""
    import json

    from bocage.check.report.listing import report_json

    pieces = report_json(verdicts[-1], schemas[-1], workshop=bench.workshop, mends=mends, facts=_facts(bench))
    said: dict[str, Any] = json.loads(b"".join(pieces))
    if len(verdicts) > 1:
        said["versions"] = {one.schema_version: {"valid": one.valid, "errors": one.error_count} for one in verdicts}
    return said


def _facts(bench: Bench) -> dict[str, Any]:
    table = bench.table
    facts = {"name": bench.options.file or bench.options.dataset, "format": table.format, "encoding": table.encoding}
    return facts | {"delimiter": table.delimiter, "sheet": table.sheet, "header_row": table.header_row}


def _tell(verdicts: list[Verdict], schemas: list[TableSchema], mends: Sequence[Mend]) -> None:
    from bocage.check.report.plain import report_lines
    from bocage.check.report.versions import compared
    from bocage.config import terminal

    for line in report_lines(verdicts[-1], mends, schemas[-1]):
        terminal.say(line)
    if len(verdicts) > 1:
        terminal.say()
        for line in compared(verdicts):
            terminal.say(line)
