"""The two verbs of capture. Neither touches the database; both raise a BocageError that says what, where, how to mend."""

from __future__ import annotations

from pathlib import Path

from bocage.capture.understanding import Corrections, Understanding
from bocage.store.staged import StagedFile


def inspect(file: Path, *, filename: str, corrections: Corrections = Corrections()) -> Understanding:
    """Understand a file: format, encoding, delimiter, header, types, geometry, CRS, a preview, what is doubtful.

    `filename` is the name the person gave (its extension is a hint, never trusted alone)."""
    raise NotImplementedError


def stage(file: Path, *, filename: str, directory: Path, corrections: Corrections = Corrections()) -> StagedFile:
    """Read the whole file into one Parquet file below `directory`. All or nothing: raises on the first malformed line."""
    raise NotImplementedError
