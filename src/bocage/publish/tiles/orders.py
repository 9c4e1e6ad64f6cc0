"""The archives that are asked for, by a publication or by a reader: one file for each version, which outlives whoever works on it.

It holds how many times the archive was begun, told before each time, so that one that kills its maker is not begun for ever; and
why there will be none.
"""

from __future__ import annotations

import contextlib
import time
from enum import StrEnum
from pathlib import Path

from bocage.publish.tiles.shelf import archives_folder

MOST_ATTEMPTS = 3
FORGIVEN = 24 * 3600
"""Seconds after which what could not be made may be asked for again."""


class Refusal(StrEnum):
    """Why there will be no archive."""

    EMPTY = "empty"
    LARGE = "large"
    FAILED = "failed"


class Orders:
    """Names of files are uids, made by us."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, version: str) -> None:
        """Once: asking again neither hastens it, nor forgets that it failed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), (self.folder / version).open("x", encoding="ascii") as file:
            file.write("0")

    def refusal(self, version: str) -> Refusal | None:
        said = self._said(version)
        if said.isdigit():
            return Refusal.FAILED if int(said) >= MOST_ATTEMPTS else None
        return Refusal(said) if said in [one.value for one in Refusal] else None

    def waiting(self) -> list[str]:
        """Uids of the versions whose archive is to be made, the longest asked for first."""
        found = [one for one in self._all() if self.refusal(one.name) is None]
        return [one.name for one in sorted(found, key=_asked_at)]

    def begin(self, version: str) -> None:
        said = self._said(version)
        self._say(version, str(int(said) + 1 if said.isdigit() else 1))

    def interrupt(self, version: str) -> None:
        """It was begun and left for something else: no fault of its own."""
        said = self._said(version)
        self._say(version, str(max(0, int(said) - 1) if said.isdigit() else 0))

    def refuse(self, version: str, why: Refusal) -> None:
        self._say(version, why.value)

    def done(self, version: str) -> None:
        (self.folder / version).unlink(missing_ok=True)

    def forgive(self) -> int:
        """What could not be made long ago may be asked for again; how many."""
        limit = time.time() - FORGIVEN
        old = [one for one in self._all() if self.refusal(one.name) is not None and _asked_at(one) < limit]
        for one in old:
            one.unlink(missing_ok=True)
        return len(old)

    def versions(self) -> set[str]:
        return {one.name for one in self._all()}

    def _said(self, version: str) -> str:
        try:
            return (self.folder / version).read_text(encoding="ascii")
        except (OSError, ValueError):
            return ""

    def _say(self, version: str, what: str) -> None:
        """In one move: a file cut short would say something else."""
        draft = self.folder / f".{version}"
        draft.write_text(what, encoding="ascii")
        draft.replace(self.folder / version)

    def _all(self) -> list[Path]:
        found = list(self.folder.iterdir()) if self.folder.is_dir() else []
        return [one for one in found if not one.name.startswith(".")]


def orders() -> Orders:
    return Orders(archives_folder() / "asked")


def _asked_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # done by somebody else meanwhile
        return 0.0
