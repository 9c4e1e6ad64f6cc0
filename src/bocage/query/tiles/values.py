"""Values of properties as fields of a layer: they are written when a pack is, and a tile takes their bytes as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bocage.query.tiles.picking import TooMany
from bocage.query.tiles.wire import Pieces, beside, each, messages, varints

FIELD = 4
"""Of a layer: a value that its features may have."""
TEXT = 1 << 3 | 2
"""Before a text, in its value."""
LONGEST = 2**31 - 1
"""Bytes of one array."""


def fields_of(values: pa.Array) -> pa.Array:
    """Binary: of texts, whole numbers, numbers or booleans, the value as it lies in a layer. Missing ones are missing.

    Raises TooMany."""
    told = values.drop_null() if values.null_count else values
    pieces = messages(FIELD, _written(told))
    if len(pieces.content) > LONGEST:
        raise TooMany
    there = values.is_valid().to_numpy(zero_copy_only=False)
    sizes = np.zeros(len(values), np.int64)
    sizes[there] = pieces.sizes
    ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    known = pa.py_buffer(np.packbits(there, bitorder="little")) if values.null_count else None
    return pa.Array.from_buffers(
        pa.binary(), len(values), [known, pa.py_buffer(ends), pa.py_buffer(pieces.content)], values.null_count
    )


def _written(values: pa.Array) -> Pieces:
    """None of them is missing."""
    count = len(values)
    if pa.types.is_boolean(values.type):
        told = np.array(values.to_pylist(), np.uint8)
        return beside([each(bytes([7 << 3]), count), Pieces(told, np.ones(count, np.int64))])
    if pa.types.is_integer(values.type):
        return beside([each(bytes([4 << 3]), count), varints(values.to_numpy().astype(np.int64))])
    if pa.types.is_floating(values.type):
        told = values.to_numpy().astype("<f8").view(np.uint8)
        return beside([each(bytes([3 << 3 | 1]), count), Pieces(told, np.full(count, 8, np.int64))])
    return messages(1, _texts(values))


def _texts(values: pa.Array) -> Pieces:
    raw: Any = values.cast(pa.large_binary())
    _missing, offsets, content = raw.buffers()
    ends = np.frombuffer(offsets, np.int64, len(raw) + 1, raw.offset * 8)
    whole = np.frombuffer(content, np.uint8) if content is not None and content.size else np.zeros(0, np.uint8)
    return Pieces(whole[int(ends[0]) : int(ends[-1])], np.diff(ends))


def texts_of(fields: pa.Array) -> pa.Array:
    """The texts that were written in `fields`; missing what is missing or was no text."""
    return pa.array([None if one is None else _text(one) for one in fields.to_pylist()], pa.string())


def _text(field: bytes) -> str | None:
    at = _after_number(field, 1)
    return field[_after_number(field, at + 1) :].decode() if field[at] == TEXT else None


def _after_number(field: bytes, at: int) -> int:
    while field[at] > 127:
        at += 1
    return at + 1


def shortened(fields: pa.Array, longest: int) -> pa.Array:
    """The same, with texts of so many characters at most. They are of one type."""
    texts = texts_of(fields)
    if texts.null_count == len(texts):
        return fields
    cut = pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, longest - 1), "…", "")
    return fields_of(pc.if_else(pc.greater(pc.utf8_length(texts), longest), cut, texts))
