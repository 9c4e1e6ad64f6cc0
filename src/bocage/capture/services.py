"""The two verbs of capture. Neither touches the database; both raise a BocageError that says what, where, how to mend it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bocage.capture.digests import digest_beside
from bocage.capture.engine_fault import is_bad_input
from bocage.capture.inference.columns import PRESUMED_WRONGLY
from bocage.capture.opening import Opened, Source, confirmed, open_file, provenance, understand
from bocage.capture.positions import geometry
from bocage.capture.preview import preview
from bocage.capture.reading import PresumedWrongly
from bocage.capture.sql import literal
from bocage.capture.understanding import Corrections, Understanding
from bocage.kernel.ids import new_uid
from bocage.kernel.scratch import scratch_directory
from bocage.store.engine import EngineError, Workshop, workshop
from bocage.store.staged import StagedFile, StagedGeometry

# Geographic files are read by boxes, hence by small groups of rows; tables by columns, hence by large ones.
GEOGRAPHIC_ROWS_PER_GROUP = 10_000
ROWS_PER_GROUP = 122_880
# Measured on an establishment register: a quarter of the writing less than the engine's own choices, for 7 % more bytes.
WRITING = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
# A column with more values than that in a group gains little from a dictionary, and finding it out costs the most: a limit as
# large as the group would cost geographic files as much as all the rest of their writing.
GEOGRAPHIC_DICTIONARY = 2_000
DICTIONARY = 10_000


def inspect(
    file: Path, *, filename: str, corrections: Corrections = Corrections(), scratch: Path | None = None
) -> Understanding:
    """Understand a file: format, encoding, delimiter, header, types, geometry, CRS, a preview, what is doubtful.

    `filename` is the name the person gave (its extension is a hint, never trusted alone). The whole file is read, so that
    what is announced is what `stage` gives. `scratch`: where to work, below the data folder by default."""
    with _bench(scratch or scratch_directory()) as (directory, shop):
        source = open_file(file, filename=filename, directory=directory, corrections=corrections)
        opened = understand(source, workshop=shop, corrections=corrections)
        reading = opened.reading
        return Understanding(
            format=reading.format,
            filename=filename,
            fields=opened.fields,
            layers=opened.layers,
            layer=opened.layer,
            encoding=reading.encoding,
            delimiter=reading.delimiter,
            header_line=reading.header_line,
            geometry=opened.geometry,
            notices=opened.notices,
            preview=preview(shop, opened),
            row_estimate=reading.row_estimate,
        )


def stage(
    file: Path,
    *,
    filename: str,
    directory: Path,
    corrections: Corrections = Corrections(),
    digest: Callable[[], str] | None = None,
) -> StagedFile:
    """Read the whole file into one Parquet file below `directory`. All or nothing: raises on the first malformed line.

    `digest`: gives the SHA-256 of the file, in hexadecimal; it is computed otherwise."""
    directory.mkdir(parents=True, exist_ok=True)
    digest = digest or digest_beside(file)
    with _bench(directory) as (scratch, shop):
        source = open_file(file, filename=filename, directory=scratch, corrections=corrections)
        written = scratch / "staged.parquet"
        opened, row_count = _write_all(shop, source, corrections, written)
        summary = _summarise(shop, opened, written)
        origin = provenance(file, filename, opened, digest())
        path = written.rename(directory / f"{new_uid('staged')}.parquet")
    return StagedFile(path, row_count, opened.fields, summary, origin, opened.notices)


@contextmanager
def _bench(parent: Path) -> Iterator[tuple[Path, Workshop]]:
    """A folder below `parent` and an engine that works in it; both are gone afterwards."""
    parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="capture-", dir=parent) as name,
        workshop(Path(name), spatial=False) as shop,
    ):
        yield Path(name), shop


def _write_all(shop: Workshop, source: Source, corrections: Corrections, path: Path) -> tuple[Opened, int]:
    """Understand and write in one pass, presuming that the file is like its head; if it is not, begin again with care."""
    try:
        opened = understand(source, workshop=shop, corrections=corrections, presume=True)
        row_count = _write(shop, opened, path)
        return confirmed(opened, path, row_count, workshop=shop, corrections=corrections), row_count
    except PresumedWrongly:
        pass
    except EngineError as error:
        if PRESUMED_WRONGLY not in str(error) and not (source.is_presumed and is_bad_input(error)):
            raise
    path.unlink(missing_ok=True)
    opened = understand(source, workshop=shop, corrections=corrections)
    return opened, _write(shop, opened, path)


def _summarise(shop: Workshop, opened: Opened, written: Path) -> StagedGeometry | None:
    if opened.geometry is None:
        return None
    return geometry.summarise(shop, written, opened.geometry_fields[0], opened.geometry)


def _write(shop: Workshop, opened: Opened, path: Path) -> int:
    """Write the result; rows come in the order of the file."""
    group, words = (
        (GEOGRAPHIC_ROWS_PER_GROUP, GEOGRAPHIC_DICTIONARY) if opened.geometry else (ROWS_PER_GROUP, DICTIONARY)
    )
    [(row_count,)] = shop.execute(
        f"COPY ({opened.select()}) TO {literal(str(path))} "
        f"({WRITING}, ROW_GROUP_SIZE {group}, DICTIONARY_SIZE_LIMIT {words})"
    )
    return int(row_count)
