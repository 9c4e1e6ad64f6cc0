"""From a JSON document to a relation of JSON values, one per record: the part of the file that the engine streams."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from bocage.capture.errors import MalformedTable
from bocage.capture.json_documents.layout import Document, Layout, Span
from bocage.capture.positions.errors import RecordTooLarge
from bocage.capture.sql import literal
from bocage.capture.tables.rows_file import scratch_file
from bocage.store.engine import EngineError, Workshop

SHARE_OF_MEMORY = 16  # the engine holds several copies of the largest record, on each of its threads
SMALLEST_BUFFER = 1 << 20


def largest_record() -> int:
    """Bytes of the largest record accepted, from the memory given to the engine."""
    return max(settings.BOCAGE.memory_limit_mb * (1 << 20) // SHARE_OF_MEMORY, SMALLEST_BUFFER)


def list_source(document: Document, file: Path, span: Span, workshop: Workshop) -> str:
    """Relation with one column `json`: the elements of the list, in order. Raises RecordTooLarge, MalformedJson, CutJson."""
    largest = 0
    for record, (start, end) in enumerate(document.elements(span), start=1):
        if end - start > largest:
            largest = end - start
            if largest > largest_record():
                raise RecordTooLarge(record=record, size_mb=largest >> 20, limit_mb=largest_record() >> 20)
    return objects(copied(file, span.start, span.end, workshop), "array", largest)


def single_source(file: Path, layout: Layout, workshop: Workshop, before: bytes = b"", after: bytes = b"") -> str:
    """The root value alone, between `before` and `after`, as a list of one."""
    size = layout.end - layout.start
    if size > largest_record():
        raise RecordTooLarge(record=1, size_mb=size >> 20, limit_mb=largest_record() >> 20)
    path = copied(file, layout.start, layout.end, workshop, b"[" + before, after + b"]")
    return objects(path, "array", size + len(before) + len(after) + 2)


def sequence_source(file: Path, layout: Layout, workshop: Workshop) -> str:
    """Documents one after the other: one per line, or separated by the record separator of RFC 8142."""
    with file.open("rb") as stream:
        separated = b"\x1e" in stream.read(layout.end + 64)
        stream.seek(layout.end)
        one_per_line = not separated and stream.read(64).lstrip(b" \t\r").startswith(b"\n")
        stream.seek(layout.start)
        one_per_line = one_per_line and b"\n" not in stream.read(layout.end - layout.start)
    if one_per_line:
        return objects(file, "newline_delimited", largest_record())
    path = scratch_file(workshop, ".json")
    with file.open("rb") as stream, path.open("wb") as copy:
        stream.seek(layout.start)
        while chunk := stream.read(1 << 20):
            copy.write(chunk.replace(b"\x1e", b" "))
    return objects(path, "unstructured", largest_record())


def objects(path: Path, layout: str, largest: int) -> str:
    """A relation with one column, `json`."""
    return f"(FROM read_json_objects({_arguments(path, layout, largest)}))"


def members_of(source: str, names: Sequence[str]) -> str:
    """The same relation as `objects` gave, with these members of each object as columns, parsed once; NULL when absent."""
    columns = ", ".join(f"{name}: 'JSON'" for name in names)
    start, _, arguments = source.partition("read_json_objects(")
    return f"{start}read_json({arguments[: -len('))')]}, columns={{{columns}}}))"


def _arguments(path: Path, layout: str, largest: int) -> str:
    size = min(max(largest + 1024, SMALLEST_BUFFER), largest_record() + 4096)
    return f"{literal(str(path))}, format='{layout}', maximum_object_size={size}"


def copied(file: Path, start: int, end: int, workshop: Workshop, before: bytes = b"", after: bytes = b"") -> Path:
    """A part of the file, alone in a file of its own: copied by the system, without passing through our memory."""
    path = scratch_file(workshop, ".json")
    with file.open("rb") as source, path.open("wb") as copy:
        copy.write(before)
        copy.flush()
        offset = start
        while offset < end:
            sent = os.sendfile(copy.fileno(), source.fileno(), offset, min(end - offset, 1 << 30))
            if sent == 0:
                break
            offset += sent
        copy.seek(0, os.SEEK_END)
        copy.write(after)
    return path


def explain(error: EngineError, document: Document, span: Span | None) -> Exception:
    """The fault behind an engine's refusal, with its line and column in the file as given."""
    if "JSON" not in str(error):
        return error
    if span is not None and (fault := document.first_fault(span)):
        return fault
    return document.first_fault_of_sequence() or MalformedTable(detail=str(error).splitlines()[0])
