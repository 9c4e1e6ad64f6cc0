"""Row groups of finished Parquet files put together in one more file, as they are: no value is read, nothing is compressed again.

A table of half a million rows of which one has changed is then written in the time that copying its bytes takes. What is made is
one ordinary file, whole by itself: groups are moved, and the footer says where they are now. A file that is not written as the
engine writes ours is refused, and whoever asked writes the table the long way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq

from bocage.store.thrift import BINARY, LIST, STRUCT, Listed, NotThrift, Struct, decoded, encoded

MAGIC = b"PAR1"
TAIL = 8
"""Bytes after the footer: its length, and the mark."""

LARGEST_FOOTER = 256 * 1024**2
BLOCK = 4 * 1024**2

# Numbers of fields in parquet.thrift
SCHEMA, ROWS, GROUPS, KEY_VALUES = 2, 3, 4, 5
CHUNKS, GROUP_ROWS, GROUP_OFFSET, ORDINAL = 1, 3, 5, 7
CHUNK_OFFSET, CHUNK_FACTS = 2, 3
ELSEWHERE = (1, 4, 6, 8, 9)
"""Of a chunk: in another file, with indexes of pages, encrypted. We write none of it."""
CHUNK_SIZE, DATA, INDEX, DICTIONARY, BLOOM, BLOOM_SIZE = 7, 9, 10, 11, 14, 15


class NotJoinable(ValueError):
    """These files cannot be put together as they are."""


@dataclass(frozen=True)
class Piece:
    """Row groups of a finished file, those of `groups`, in their order; none of them is in another piece."""

    path: Path
    groups: range


def rows_of_groups(path: Path) -> list[int]:
    """Numbers of rows, in order."""
    facts = pq.read_metadata(path)
    return [facts.row_group(rank).num_rows for rank in range(facts.num_row_groups)]


def metadata_of(path: Path) -> dict[str, bytes]:
    """What the file says of itself beside its columns."""
    return {name.decode(): value for name, value in (pq.read_metadata(path).metadata or {}).items()}


def join(target: Path, pieces: Sequence[Piece], *, metadata: Mapping[str, bytes]) -> int:
    """Write the row groups of the `pieces` in their order as the new file `target`, with this `metadata`; the number of its rows.

    The columns of all of them must be described by the same words. Raises NotJoinable."""
    footers = {piece.path: _footer_of(piece.path) for piece in pieces}
    made = Struct(dict(next(iter(footers.values())).fields))
    words = {encoded(Struct({SCHEMA: one.fields[SCHEMA]})) for one in footers.values()}
    if len(words) > 1:
        raise NotJoinable("their columns differ")
    with target.open("xb") as out:
        out.write(MAGIC)
        groups = [group for piece in pieces for group in _moved(out, piece, footers[piece.path])]
        for rank, group in enumerate(groups):
            if group.get(ORDINAL) is not None:
                group.set(ORDINAL, rank)
        rows = sum(int(group.get(GROUP_ROWS)) for group in groups)
        made.set(GROUPS, Listed(STRUCT, groups))
        made.set(ROWS, rows)
        _say(made, metadata)
        footer = encoded(made)
        out.write(footer + len(footer).to_bytes(4, "little") + MAGIC)
    return rows


def _say(footer: Struct, metadata: Mapping[str, bytes]) -> None:
    footer.drop(KEY_VALUES)
    if metadata:
        said = [Struct({1: (BINARY, name.encode()), 2: (BINARY, value)}) for name, value in metadata.items()]
        footer.put(KEY_VALUES, LIST, Listed(STRUCT, said))


def _moved(out: BinaryIO, piece: Piece, footer: Struct) -> Iterator[Struct]:
    """The groups as they are described at their new place, once their bytes are there."""
    groups = _groups(footer)
    with piece.path.open("rb") as source:
        for rank in piece.groups:
            group = groups[rank]
            start, end = _span(group)
            shift = out.tell() - start
            _copy(source, out, start, end - start)
            for facts in _chunks(group):
                _shift(facts, shift)
                _move_bloom(facts, source, out)
            if group.get(GROUP_OFFSET):
                group.set(GROUP_OFFSET, group.get(GROUP_OFFSET) + shift)
            yield group


def _shift(facts: Struct, shift: int) -> None:
    for number in (DATA, INDEX, DICTIONARY):
        if facts.get(number):
            facts.set(number, facts.get(number) + shift)


def _move_bloom(facts: Struct, source: BinaryIO, out: BinaryIO) -> None:
    place, size = facts.get(BLOOM), facts.get(BLOOM_SIZE)
    if not place or not size:
        return facts.drop(BLOOM, BLOOM_SIZE)
    facts.set(BLOOM, out.tell())
    return _copy(source, out, place, size)


def _span(group: Struct) -> tuple[int, int]:
    """First byte of the group, and the one after its last. Its columns follow each other."""
    spans = sorted(_span_of(facts) for facts in _chunks(group))
    if not spans or any(after[0] != before[1] for before, after in pairwise(spans)):
        raise NotJoinable("the columns of a group do not follow each other")
    return spans[0][0], spans[-1][1]


def _span_of(facts: Struct) -> tuple[int, int]:
    start = min(place for place in (facts.get(DATA), facts.get(INDEX), facts.get(DICTIONARY)) if place)
    return start, start + facts.get(CHUNK_SIZE)


def _groups(footer: Struct) -> list[Struct]:
    return list(footer.get(GROUPS).items)


def _chunks(group: Struct) -> Iterator[Struct]:
    for chunk in group.get(CHUNKS).items:
        facts = chunk.get(CHUNK_FACTS)
        if facts is None or chunk.get(CHUNK_OFFSET) or any(chunk.get(number) for number in ELSEWHERE):
            raise NotJoinable("a column is not written as ours are")
        yield facts


def _copy(source: BinaryIO, out: BinaryIO, start: int, size: int) -> None:
    source.seek(start)
    while size:
        block = source.read(min(BLOCK, size))
        if not block:
            raise NotJoinable("a file is cut short")
        out.write(block)
        size -= len(block)


def _footer_of(path: Path) -> Struct:
    """Read whole, and known to be written back as it is."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(end - TAIL, 0))
        tail = file.read(TAIL)
        size = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or size > min(LARGEST_FOOTER, end - TAIL):
            raise NotJoinable("no footer")
        file.seek(end - TAIL - size)
        data = file.read(size)
    try:
        footer = decoded(data)
    except NotThrift as fault:
        raise NotJoinable(str(fault)) from fault
    if encoded(footer) != data or footer.get(GROUPS) is None or footer.get(SCHEMA) is None:
        raise NotJoinable("a footer that is not written as ours are")
    return footer
