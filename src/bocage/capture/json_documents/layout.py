"""Where the records are in a JSON document, without loading it: one pass of a regular expression over the mapped file.

The document may weigh hundreds of megabytes and be a single object (a GeoJSON FeatureCollection, an API's answer): the engine
reads arrays as a stream, but not an array inside an object. So we find the array's bytes, and give the engine those.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bocage.capture.positions.errors import CutJson, JsonNotUtf8, MalformedJson

DEEPEST_PATH = 4  # how many objects may surround a list of records
MOST_MEMBERS = 10_000  # members looked at in the objects that surround the lists
LONGEST_SCALAR = 1 << 20
LONGEST_FAULT = 64 << 20  # bytes parsed to say where a fault is

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_NESTING = 8  # containers inside a container that one match crosses; deeper ones are walked


def _container(depth: int) -> bytes:
    """Inside of a container, as a possessive pattern: never backtracks, so linear and flat in memory."""
    inside = rb'[^{}\[\]"]++|' + _STRING
    for _ in range(depth):
        inside = rb'[^{}\[\]"]++|' + _STRING + rb"|\{(?:" + inside + rb")*+\}|\[(?:" + inside + rb")*+\]"
    return inside


_INSIDE = _container(_NESTING - 1)
_CONTAINER = re.compile(rb"\{(?:" + _INSIDE + rb")*+\}|\[(?:" + _INSIDE + rb")*+\]", re.DOTALL)
_TOKEN = re.compile(_STRING + rb"|[{}\[\]]", re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n\x1e]*+")
_KEY = re.compile(rb"(" + _STRING + rb")[ \t\r\n]*+:[ \t\r\n]*+", re.DOTALL)
_SCALAR = re.compile(_STRING + rb"|[^,\]}\[{\"\s]++", re.DOTALL)


@dataclass(frozen=True)
class Span:
    """A list of objects: bytes `start` to `end` (brackets included) of the file, under the keys `path`."""

    path: tuple[str, ...]
    start: int
    end: int

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass
class Layout:
    """`root`: "array", "object", "sequence" (several documents one after the other) or "scalar".

    `lists`: the lists of objects, in the order of the file. `members`: top-level members that are small (scalars and
    small objects), decoded. `start`, `end`: the root value (the first one of a sequence)."""

    root: str
    start: int
    end: int
    lists: list[Span] = field(default_factory=list)
    members: dict[str, Any] = field(default_factory=dict)


Fault = MalformedJson | CutJson | JsonNotUtf8


class Document:
    """A JSON file mapped in memory. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.size = path.stat().st_size
        self._bytes: mmap.mmap | bytes = b""
        if self.size:
            self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
        if isinstance(self._bytes, mmap.mmap):
            self._bytes.close()
        self._file.close()

    def __getitem__(self, part: slice) -> bytes:
        return self._bytes[part]

    def layout(self) -> Layout:
        """Raises MalformedJson, CutJson."""
        start = self._space(3 if self._bytes[:3] == b"\xef\xbb\xbf" else 0)
        first = self._bytes[start : start + 1]
        if first == b"[":
            layout = Layout("array", start, self._container_end(start))
            layout.lists.append(Span((), start, layout.end))
        elif first == b"{":
            layout = Layout("object", start, start)
            layout.end = self._object(start, (), layout)
        else:
            raise self.fault(start)
        rest = self._space(layout.end)
        if rest < self.size:
            if self._bytes[rest : rest + 1] not in (b"{", b"["):
                raise self.malformed(rest, "text after the end")
            layout.root = "sequence"
        return layout

    def elements(self, span: Span) -> Iterator[tuple[int, int]]:
        """Where each element of a list starts and ends. Raises MalformedJson, CutJson."""
        position = self._space(span.start + 1)
        while self._bytes[position : position + 1] != b"]":
            end = self._value_end(position)
            yield position, end
            position = self._space(end)
            if self._bytes[position : position + 1] == b",":
                position = self._space(position + 1)
            elif self._bytes[position : position + 1] != b"]":
                raise self._no_comma(position)

    def _object(self, start: int, path: tuple[str, ...], layout: Layout) -> int:
        """Walk the members of an object that may surround lists of records; gives the position after it."""
        position = self._space(start + 1)
        for _ in range(MOST_MEMBERS):
            if self._bytes[position : position + 1] == b"}":
                return position + 1
            key = _KEY.match(self._bytes, position)
            if key is None:
                raise self.fault(position)
            name = self._decode(key.start(1), key.end(1))
            position = self._space(self._member(key.end(), (*path, str(name)), layout))
            if self._bytes[position : position + 1] == b",":
                position = self._space(position + 1)
            elif self._bytes[position : position + 1] != b"}":
                raise self._no_comma(position)
        return self._container_end(start)  # a dictionary, not an envelope: crossed whole

    def _member(self, start: int, path: tuple[str, ...], layout: Layout) -> int:
        first = self._bytes[start : start + 1]
        envelope = first == b"{" and len(path) < DEEPEST_PATH
        end = self._object(start, path, layout) if envelope else self._value_end(start)
        inside = self._space(start + 1)
        if first == b"[" and self._bytes[inside : inside + 1] in (b"{", b"]"):
            layout.lists.append(Span(path, start, end))
        if len(path) == 1 and end - start < LONGEST_SCALAR and first != b"[":
            layout.members[path[0]] = self._decode(start, end)
        return end

    def _value_end(self, start: int) -> int:
        if self._bytes[start : start + 1] in (b"{", b"["):
            return self._container_end(start)
        scalar = _SCALAR.match(self._bytes, start)
        if scalar is None:
            raise self.fault(start)
        return scalar.end()

    def _container_end(self, start: int) -> int:
        if match := _CONTAINER.match(self._bytes, start):
            return match.end()
        depth = 0
        for token in _TOKEN.finditer(self._bytes, start):
            if (mark := token[0]) in (b"{", b"["):
                depth += 1
            elif mark in (b"}", b"]"):
                depth -= 1
                if depth == 0:
                    return token.end()
        raise self.fault(start)

    def _space(self, position: int) -> int:
        match = _SPACE.match(self._bytes, position)
        return match.end() if match else position

    def _decode(self, start: int, end: int) -> Any:
        try:
            return json.loads(self._bytes[start:end])
        except (ValueError, RecursionError):
            raise self.fault(start) from None

    # Faults: slower paths, walked once, to tell a person where to look.

    def first_fault(self, span: Span) -> Fault | None:
        """The first element that is not JSON, when the brackets match and the engine refuses the list all the same."""
        for start, end in self.elements(span):
            try:
                json.loads(self._bytes[start:end])
            except ValueError:
                return self.fault(start, end)
        return None

    def first_fault_of_sequence(self) -> Fault | None:
        """The same for documents one after the other."""
        position = self._space(3 if self._bytes[:3] == b"\xef\xbb\xbf" else 0)
        while position < self.size:
            try:
                end = self._value_end(position)
                json.loads(self._bytes[position:end])
            except ValueError:
                return self.fault(position, end)
            except (MalformedJson, CutJson, JsonNotUtf8) as fault:
                return fault
            position = self._space(end)
        return None

    def place(self, position: int) -> tuple[int, int]:
        """Line and column (characters), both from 1, of a byte."""
        line_start = self._bytes.rfind(b"\n", 0, position) + 1
        line = 1 + sum(
            self._bytes[at : min(at + (1 << 20), position)].count(b"\n") for at in range(0, position, 1 << 20)
        )
        begun = self._bytes[max(line_start, position - 100_000) : position]
        column = len(begun.decode("utf-8", "replace")) + max(0, position - line_start - 100_000)
        return line, column + 1

    def malformed(self, position: int, detail: str) -> MalformedJson:
        line, column = self.place(position)
        return MalformedJson(line=line, column=column, detail=detail)

    def fault(self, start: int, end: int | None = None) -> Fault:
        """What is wrong with the value that starts here: the first fault of its deepest unfinished part."""
        if start >= self.size:
            return self._cut(self.size)
        for deeper in self._unfinished(start) if end is None else ():
            start = deeper
        text = self._bytes[start : min(end or self.size, start + LONGEST_FAULT)]
        try:
            json.loads(text)
        except UnicodeDecodeError as error:
            line, column = self.place(start + error.start)
            return JsonNotUtf8(line=line, column=column)
        except json.JSONDecodeError as error:
            position = start + len(error.doc[: error.pos].encode())
            unfinished = end is None and error.msg.startswith("Unterminated string")
            return self._cut(start) if unfinished or position >= self.size else self.malformed(position, error.msg)
        except RecursionError as error:
            return self.malformed(start, str(error))
        return self.malformed(start, "unexpected value")

    def _no_comma(self, position: int) -> Fault:
        return self.malformed(position, "a comma is missing") if position < self.size else self._cut(self.size)

    def _cut(self, position: int) -> CutJson:
        line, column = self.place(position)
        return CutJson(line=line, column=column)

    def _unfinished(self, start: int) -> Iterator[int]:
        """From a container that is not closed, the element inside it that is not closed either, and so on (3 levels)."""
        for _ in range(3):
            inner = self._last_open(start)
            if inner is None:
                return
            yield inner
            start = inner

    def _last_open(self, start: int) -> int | None:
        if self._bytes[start : start + 1] not in (b"{", b"["):
            return None
        position = start + 1
        while match := _OPENING.match(self._bytes, position):
            if closed := _CONTAINER.match(self._bytes, match.end()):
                position = closed.end()
            else:
                return match.end()
        return None


# What comes before the next container: scalars, keys, commas.
_OPENING = re.compile(rb'(?:[^{}\[\]"]++|' + _STRING + rb")*+(?=[{\[])", re.DOTALL)
