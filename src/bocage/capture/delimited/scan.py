"""One fast look at the bytes of a whole text file, chunk by chunk: is it UTF-8, is it text, are its rows of sane length?"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from bocage.capture.errors import LineTooLong, NotText, UnreadableCharacters

LONGEST_ROW = 16_000_000  # bytes; a commune's outline at full detail is under 1 MB
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Utf8Scan:
    """`bad_line`, `bad_byte`: where UTF-8 stops being valid, None when the whole file is."""

    bad_line: int | None = None
    bad_byte: str = ""


def scan_utf8(file: Path) -> Utf8Scan:
    """Raises NotText on a zero byte, LineTooLong on a row without end."""
    lines = LineCount()
    cut = b""  # the bytes of a character cut by the end of the chunk before
    for chunk in _chunks(file):
        if (zero := chunk.find(0)) >= 0:
            raise NotText(line=lines.at(chunk, zero), byte="0x00")
        if cut or not chunk.isascii():
            text = cut + chunk
            whole = _whole_characters(text)
            if not _is_utf8(text[:whole]):
                start = _fault(text)
                return Utf8Scan(lines.at(chunk, max(0, start - len(cut))), f"0x{text[start]:02X}")
            cut = text[whole:]
        lines.add(chunk)
    return Utf8Scan(lines.total + 1, "…") if cut else Utf8Scan()


def _whole_characters(text: bytes) -> int:
    """How many bytes there are before a character of which the end may be missing."""
    for back in range(1, min(3, len(text)) + 1):
        byte = text[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(text) - back if length > back else len(text)
        if byte < 0x80:
            break
    return len(text)


def _is_utf8(text: bytes) -> bool:
    """Four times faster than decoding, which makes a text of it."""
    bounds = pa.py_buffer(struct.pack("=ii", 0, len(text)))
    try:
        pa.Array.from_buffers(pa.utf8(), 1, [None, bounds, pa.py_buffer(text)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _fault(text: bytes) -> int:
    """Where `text`, which is not UTF-8, stops being so."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(text) - 1


def transcode(file: Path, target: Path, encoding: str) -> None:
    """Write `file` in UTF-8, in a stream. Raises UnreadableCharacters, NotText, LineTooLong, each with its line."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = LineCount()
    with target.open("wb") as output:
        for chunk in _chunks(file, ends=True):
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                read = error.object[: error.start].decode(encoding, "ignore").encode()
                byte = f"0x{error.object[error.start]:02X}" if error.start < len(error.object) else "…"
                raise UnreadableCharacters(line=lines.at(read, len(read)), byte=byte, encoding=encoding) from None
            utf8 = text.encode()
            if (zero := utf8.find(0)) >= 0:
                raise NotText(line=lines.at(utf8, zero), byte="0x00")
            output.write(utf8)
            lines.add(utf8)


def count_lines(file: Path) -> int:
    """Line feeds, and the last line when none ends it."""
    lines, last = 0, b""
    for chunk in _chunks(file):
        lines += chunk.count(b"\n")
        last = chunk[-1:]
    return lines + (last not in (b"", b"\n"))


class LineCount:
    """Where we are in the file, in lines; refuses a stretch without line break longer than LONGEST_ROW."""

    def __init__(self) -> None:
        self.total = 0
        self._unbroken = 0

    def at(self, chunk: bytes, place: int) -> int:
        """The line, from 1, of a place in the chunk being read."""
        breaks = chunk.count(b"\n", 0, place) or (0 if self.total else chunk.count(b"\r", 0, place))
        return self.total + breaks + 1

    def add(self, chunk: bytes) -> None:
        """Move past a chunk that holds no fault."""
        breaks = chunk.count(b"\n")
        last = chunk.rfind(b"\n" if breaks else b"\r")
        if last < 0:
            self._unbroken += len(chunk)
        else:
            self._unbroken = len(chunk) - last - 1
        if self._unbroken > LONGEST_ROW:
            raise LineTooLong(line=self.total + 1, limit_mb=LONGEST_ROW // 1_000_000)
        self.total += breaks or chunk.count(b"\r")


def _chunks(file: Path, *, ends: bool = False) -> Iterator[bytes]:
    """The file in pieces; `ends` adds an empty one, for decoders that must be told of the end."""
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
    if ends:
        yield b""
