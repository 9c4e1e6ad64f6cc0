"""Stage bytes as a person would drop them, and read the result back without the product's own engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bocage.capture.services import stage
from bocage.capture.understanding import Corrections
from bocage.store.staged import StagedFile


def stage_bytes(
    content: bytes, directory: Path, filename: str = "fichier.csv", corrections: Corrections = Corrections()
) -> StagedFile:
    """Stage a file of this content."""
    file = directory / "dropped"
    file.unlink(missing_ok=True)
    file.write_bytes(content)
    return stage(file, filename=filename, directory=directory / "staging", corrections=corrections)


def rows_of(staged: StagedFile) -> list[tuple[Any, ...]]:
    """The rows of the Parquet file, columns in the order of the fields; geometry left out."""
    names = [field.name for field in staged.fields if not field.type.is_geographic]
    table = pq.read_table(staged.path, columns=names)
    columns = [table.column(name).to_pylist() for name in names]
    return list(zip(*columns, strict=True))


def types_of(staged: StagedFile) -> dict[str, str]:
    return {field.name: field.type.value for field in staged.fields}


def codes_of(staged: StagedFile) -> list[str]:
    return [notice.code for notice in staged.notices]
