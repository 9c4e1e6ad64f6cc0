"""The desk where strangers have a file checked: within bounds, and nothing remains but a report that ends by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bocage.access.viewer import ANONYMOUS
from bocage.capture.understanding import Corrections
from bocage.check.references import LaidOut, references_for
from bocage.check.report.mends import proposals
from bocage.check.schema import TableSchema
from bocage.check.services import check
from bocage.check.table import TextTable
from bocage.kernel import http
from bocage.pipeline.checking import bounds, kept
from bocage.pipeline.checking.errors import NothingToCheck
from bocage.pipeline.checking.kept import KeptCheck
from bocage.store.engine import Workshop, literal, workshop

PROFILES = ("validata", "strict")


@dataclass(frozen=True)
class Asked:
    """What is checked, against what, as the report repeats it. `accepted`, `before`: see KeptCheck. `known`:
    laid out in the workshop of the check."""

    schema: TableSchema
    profile: str
    filename: str
    url: str = ""
    accepted: tuple[str, ...] = ()
    before: str = ""
    known: LaidOut = field(default_factory=LaidOut)


def check_file(
    file: Path,
    *,
    filename: str,
    schema: TableSchema,
    profile: str = "validata",
    corrections: Corrections = Corrections(),
    url: str = "",
) -> KeptCheck:
    """Check `file`, which is read and left where it is. Raises what capture and check say of it, TooBusy, TooLong."""
    from bocage.capture.text_check import use_text

    bounds.require_size(file.stat().st_size)
    references = references_for(ANONYMOUS, schema, profile)
    with _bench(file, *references.files) as (folder, shop):
        known = references.lay_out(shop)
        (folder / "work").mkdir()
        _read, table = use_text(
            file, lambda read: _settled(read, folder, shop), lambda settled: settled.row_count or 0,
            filename=filename, workshop=shop, directory=folder / "work", corrections=corrections,
        )  # fmt: skip
        return _examined(folder, shop, table, Asked(schema, profile, filename, url, known=known))


def check_address(
    url: str, *, schema: TableSchema, profile: str = "validata", corrections: Corrections = Corrections()
) -> KeptCheck:
    """Fetch through the guard, check, forget the file."""
    with _folder_of_download() as folder:

        def small_enough() -> None:
            for part in folder.iterdir():
                bounds.require_size(part.stat().st_size)

        received = http.fetch(url.strip(), folder, checkpoint=small_enough, seconds=bounds.SECONDS)
        if received.path is None:
            raise NothingToCheck
        filename = received.filename or "file"
        return check_file(
            received.path,
            filename=filename,
            schema=schema,
            profile=profile,
            corrections=corrections,
            url=http.without_secrets(url),
        )


def mend(before: KeptCheck, keys: Sequence[str]) -> KeptCheck:
    """A new check, of the table as the accepted proposals make it."""
    from bocage.pipeline.checking.mending import mended_table

    chosen = [one for one in before.mends if one.key in set(keys)]
    references = references_for(ANONYMOUS, before.schema, before.verdict.profile)
    with _bench(before.folder, *references.files) as (folder, shop):
        known = references.lay_out(shop)
        table = _settled(mended_table(before, chosen, workshop=shop), folder, shop)
        accepted = (*before.accepted, *(one.key for one in chosen))
        first = before.before or before.uid
        asked = Asked(before.schema, before.verdict.profile, before.filename, before.url, accepted, first, known)
        return _examined(folder, shop, table, asked)


@contextmanager
def _bench(*readable: Path) -> Iterator[tuple[Path, Workshop]]:
    """The folder of a new check and an engine that works there; the folder goes if anything is raised."""
    with bounds.slot():
        folder = kept.new_folder()
        try:
            with bounds.time_limit(folder), workshop(folder, readable=readable, spatial=False) as shop:
                yield folder, shop
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder / "work", ignore_errors=True)


@contextmanager
def _folder_of_download() -> Iterator[Path]:
    folder = kept.new_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settled(table: TextTable, folder: Path, shop: Workshop) -> TextTable:
    """The rows written once as Parquet: checked from there, mended from there, given back from there."""
    for sql, name in ((table.with_rows, kept.ROWS), (table.faulty_sql, kept.LAYOUT)):
        if sql:
            shop.execute(f"COPY ({sql}) TO {literal(str(folder / name))} (FORMAT parquet, COMPRESSION zstd)")
    [(rows,)] = shop.execute(f"SELECT count(*) FROM read_parquet({literal(str(folder / kept.ROWS))})")
    return replace(kept.rows_table(table, folder), row_count=rows)


def _examined(folder: Path, shop: Workshop, table: TextTable, asked: Asked) -> KeptCheck:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    verdict = check(
        table, asked.schema, workshop=shop, directory=work, profile=asked.profile,
        resources=asked.known.resources, producer=asked.known.producer,
    )  # fmt: skip
    if verdict.faults is not None:
        verdict = replace(verdict, faults=verdict.faults.rename(folder / kept.FAULTS))
    mends = proposals(verdict, asked.schema, table, workshop=shop, directory=work)
    done = KeptCheck(
        uid=folder.name,
        filename=asked.filename,
        schema=asked.schema,
        verdict=verdict,
        table=table,
        mends=tuple(mends),
        url=asked.url,
        accepted=asked.accepted,
        before=asked.before,
    )
    kept.keep(done)
    return done
