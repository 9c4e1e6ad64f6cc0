"""What a kept check gives back: the report for machines, every fault, the annotated copy, the mended file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from django.utils import translation

from bocage.check.report.listing import faults_csv, report_json
from bocage.kernel.ids import new_uid
from bocage.pipeline.checking import bounds
from bocage.pipeline.checking.kept import KeptCheck
from bocage.pipeline.checking.mending import mended_csv
from bocage.store.engine import Workshop, workshop

PIECE = 256 * 1024
MEDIA_TYPES = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def given(check: KeptCheck, suffix: str) -> Iterator[bytes]:
    """`json`, `csv` or `xlsx`, in the active language, streamed."""
    if suffix == "xlsx":
        return _pieces(workbook_of(check))
    return json_of(check) if suffix == "json" else csv_of(check)


def json_of(check: KeptCheck) -> Iterator[bytes]:
    return _streamed(
        check,
        lambda shop: report_json(check.verdict, check.schema, workshop=shop, mends=check.mends, facts=check.facts),
    )


def csv_of(check: KeptCheck) -> Iterator[bytes]:
    return _streamed(check, lambda shop: faults_csv(check.verdict, check.schema, workshop=shop))


def mended_of(check: KeptCheck) -> Iterator[bytes]:
    return _streamed(check, lambda shop: mended_csv(check, workshop=shop))


def workbook_of(check: KeptCheck) -> Path:
    """Made once for each language, kept with the report. Raises TooBusy, TooLong."""
    from bocage.check.report.annotated import annotate  # XlsxWriter

    done = check.folder / f"annotated-{translation.get_language() or 'fr'}.xlsx"
    if not done.exists():
        partial = check.folder / f"{new_uid('partial')}.xlsx"
        with bounds.slot(), bounds.time_limit(check.folder), workshop(check.folder, spatial=False) as shop:
            annotate(partial, check.table, check.verdict, check.schema, workshop=shop)
        partial.rename(done)
    return done


def _streamed(check: KeptCheck, make: Callable[[Workshop], Iterator[bytes]]) -> Iterator[bytes]:
    """The words are chosen now: a streamed answer leaves after the language of its request is forgotten."""
    language = translation.get_language() or "fr"

    def pieces() -> Iterator[bytes]:
        with workshop(check.folder, spatial=False) as shop:
            with translation.override(language):
                made = make(shop)
            yield from made

    return pieces()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
