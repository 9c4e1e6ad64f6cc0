"""A reader of vector tiles that forgives nothing: Mapbox Vector Tile 2.1 and protocol buffers, from their specifications."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

POINT, LINE, POLYGON = 1, 2, 3


@dataclass(frozen=True)
class Feature:
    """`parts`: positions in turn; of a surface, its rings, closed again."""

    kind: int
    properties: dict[str, Any]
    parts: list[list[tuple[int, int]]]


@dataclass
class Layer:
    name: str = ""
    extent: int = 0
    features: list[Feature] = field(default_factory=list)


def read(content: bytes) -> Layer:
    """The only layer; one without features of nothing."""
    if not content:
        return Layer()
    layers = [value for number, value in _fields(content) if number == 3]
    assert len(layers) == 1, "one layer"
    layer, keys, values, raw = Layer(), [], [], []
    version = None
    for number, value in _fields(layers[0]):
        match number:
            case 15:
                version = value
            case 1:
                layer.name = value.decode()
            case 2:
                raw.append(value)
            case 3:
                keys.append(value.decode())
            case 4:
                values.append(_value(value))
            case 5:
                layer.extent = value
            case _:
                raise AssertionError(f"field {number} of a layer")
    assert all((version == 2, layer.name, raw)), "a layer is named, of version 2, and holds something"
    assert len(set(keys)) == len(keys), "keys are told once"
    layer.features = [_feature(one, keys, values) for one in raw]
    return layer


def area(ring: list[tuple[int, int]]) -> float:
    """By the surveyor's formula; positive for an outer ring."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(ring)) / 2


def _fields(content: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(content):
        tag, at = _varint(content, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(content, at)
            yield number, value
        else:
            size = {1: 8, 5: 4}.get(wire)
            if wire == 2:
                size, at = _varint(content, at)
            assert size is not None, "a known wire type"
            assert at + size <= len(content), "the end of a message"
            yield number, content[at : at + size]
            at += size


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if not byte & 128:
            return value, at


def _value(content: bytes) -> Any:
    ((number, value),) = _fields(content)
    match number:
        case 1:
            return value.decode()
        case 2:
            return struct.unpack("<f", value)[0]
        case 3:
            return struct.unpack("<d", value)[0]
        case 4:
            return value - (1 << 64) if value >> 63 else value
        case 5:
            return value
        case 6:
            return _zigzag(value)
        case 7:
            return bool(value)
    raise AssertionError(f"field {number} of a value")


def _zigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def _packed(content: bytes) -> list[int]:
    at, found = 0, []
    while at < len(content):
        value, at = _varint(content, at)
        found.append(value)
    return found


def _feature(content: bytes, keys: list[str], values: list[Any]) -> Feature:
    kind, tags, geometry = 0, [], []
    for number, value in _fields(content):
        match number:
            case 2:
                tags = _packed(value)
            case 3:
                kind = value
            case 4:
                geometry = _packed(value)
    assert kind in (POINT, LINE, POLYGON), "a known type of geometry"
    assert len(tags) == 2 * len(set(tags[::2])), "each key once"
    properties = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    parts = _parts(kind, geometry)
    if kind == POLYGON:
        assert area(parts[0]) > 0, f"an outer ring first, {parts[0]}"
        assert all(area(ring) != 0 for ring in parts), "rings have an area"
    return Feature(kind, properties, parts)


def _parts(kind: int, geometry: list[int]) -> list[list[tuple[int, int]]]:
    parts: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(geometry):
        command, count = geometry[at] & 7, geometry[at] >> 3
        at += 1
        if command == 7:
            assert (kind, count) == (POLYGON, 1), "only rings are closed"
            assert len(parts[-1]) >= 3, "only rings of three positions are closed"
            parts[-1].append(parts[-1][0])
            continue
        assert command in (1, 2), "a known command"
        assert count > 0, "of something"
        if command == 1:
            assert kind == POINT or count == 1, "one beginning for each line"
            parts.append([])
        else:
            assert kind != POINT, "positions are not joined"
            assert parts, "a line begins somewhere"
        for _ in range(count):
            dx, dy = _zigzag(geometry[at]), _zigzag(geometry[at + 1])
            at += 2
            assert command == 1 or dx or dy, "no edge without length"
            x, y = x + dx, y + dy
            parts[-1].append((x, y))
    assert parts, "a geometry"
    if kind == POLYGON:
        assert all(ring[0] == ring[-1] for ring in parts), "rings are closed"
    if kind == LINE:
        assert all(len(line) >= 2 for line in parts), "lines have two ends"
    return parts
