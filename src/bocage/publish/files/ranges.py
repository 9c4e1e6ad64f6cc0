"""One byte range of a finished file (RFC 9110, section 14). Several at once are answered by the whole file, as allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

BYTE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")
PIECE = 256 * 1024


@dataclass(frozen=True)
class ByteRange:
    """Offsets in the file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """No byte of the file is in the range."""


def parse_range(header: str, size: int) -> ByteRange | None:
    """The range asked; None when the header is absent, malformed or asks several. Raises Unsatisfiable."""
    match = BYTE_RANGE.fullmatch(header.strip().replace(" ", ""))
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.group(1), match.group(2)
    if first == "":
        wanted = min(int(last), size)
        if wanted == 0:
            raise Unsatisfiable
        return ByteRange(size - wanted, size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1)


class FilePieces:
    """The bytes of a range, in pieces; opened at once, so that a removal from the cache cannot cut it."""

    def __init__(self, path: Path, wanted: ByteRange) -> None:
        self._file: IO[bytes] = path.open("rb")
        self._file.seek(wanted.first)
        self._left = wanted.length

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(PIECE, self._left))
        if not piece:
            self.close()
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._file.close()
