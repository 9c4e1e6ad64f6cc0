"""Read a file as it was written and check it, in one pass where the file is sound.

A file that `text_table` reads is read twice: to see that the engine reads it whole, then to check it. Here the check itself is
what reads it whole; a file that turns out faulty is read again, with care.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bocage.capture.engine_fault import is_bad_input
from bocage.capture.text import presumed, text_table
from bocage.capture.understanding import Corrections
from bocage.check.schema import TableSchema
from bocage.check.services import check
from bocage.check.table import TextTable
from bocage.check.verdict import Verdict
from bocage.store.engine import EngineError, Workshop


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
    guess = presumed(file, filename=filename, workshop=workshop, directory=directory, corrections=corrections)
    if guess is not None:
        try:
            verdict = check(guess.table, schema, workshop=workshop, directory=directory, **options)
        except EngineError as error:
            if not is_bad_input(error):
                raise
        else:
            if guess.holds(verdict.row_count):
                return guess.table, verdict
    table = text_table(file, filename=filename, workshop=workshop, directory=directory, corrections=corrections)
    return table, check(table, schema, workshop=workshop, directory=directory, **options)
