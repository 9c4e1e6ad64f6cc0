"""Read a file as it was written and make something of all its rows, in one pass where the file is sound.

A file that `text_table` reads is read twice: to see that the engine reads it whole, then for what it is read for. Here that use
itself is what reads it whole; a file that turns out faulty is read again, with care.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from bocage.capture.engine_fault import is_bad_input
from bocage.capture.text import presumed, text_table
from bocage.capture.understanding import Corrections
from bocage.check.schema import TableSchema
from bocage.check.services import check
from bocage.check.table import TextTable
from bocage.check.verdict import Verdict
from bocage.store.engine import EngineError, Workshop

Used = TypeVar("Used")


def use_text(
    file: Path,
    use: Callable[[TextTable], Used],
    rows_read: Callable[[Used], int],
    *,
    filename: str,
    workshop: Workshop,
    directory: Path,
    corrections: Corrections = Corrections(),
) -> tuple[TextTable, Used]:
    """The table of `text_table` and what `use` makes of it; the errors of both.

    `use` reads every row and may be called twice: what it made the first time is then forgotten. `rows_read`: how many it read."""
    where: dict[str, Any] = {
        "filename": filename, "workshop": workshop, "directory": directory, "corrections": corrections,
    }  # fmt: skip
    guess = presumed(file, **where)
    if guess is not None:
        try:
            made = use(guess.table)
        except EngineError as error:
            if not is_bad_input(error):
                raise
        else:
            if guess.holds(rows_read(made)):
                return replace(guess.table, row_count=rows_read(made)), made
    table = text_table(file, **where)
    return table, use(table)


def check_text(
    file: Path,
    schema: TableSchema,
    *,
    filename: str,
    workshop: Workshop,
    directory: Path,
    corrections: Corrections = Corrections(),
    **options: Any,
) -> tuple[TextTable, Verdict]:
    """The same as `text_table`, then `check` with `options`; the errors of both."""
    return use_text(
        file,
        lambda table: check(table, schema, workshop=workshop, directory=directory, **options),
        lambda verdict: verdict.row_count,
        filename=filename,
        workshop=workshop,
        directory=directory,
        corrections=corrections,
    )
