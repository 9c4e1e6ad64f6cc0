"""A reader of vector tiles (Mapbox, version 2.1) that shares nothing with the writer. What is forbidden there is an error here."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KINDS = {1: "Point", 2: "LineString", 3: "Polygon"}
Part = list[tuple[int, int]]


@dataclass(frozen=True)
class Feature:
    """`parts`: positions, from the upper left corner of the tile; closed rings repeat their first position."""

    kind: str
    parts: list[Part]
    properties: dict[str, Any]


@dataclass(frozen=True)
class Layer:
    name: str
    extent: int
    features: list[Feature]


def read(tile: bytes) -> dict[str, Layer]:
    """Raises ValueError for what is not a tile."""
    found: dict[str, Layer] = {}
    for number, value in fields(tile):
        if number == 3:
            layer = _layer(value)
            if layer.name in found:
                raise ValueError(f"two layers are named {layer.name}")
            found[layer.name] = layer
    return found


def fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """Number and value of each field of a message of Protocol Buffers."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = varint(message, at)
        elif wire == 1:
            value, at = message[at : at + 8], at + 8
        elif wire == 2:
            size, at = varint(message, at)
            value, at = message[at : at + size], at + size
            if len(value) != size:
                raise ValueError("a field is cut")
        elif wire == 5:
            value, at = message[at : at + 4], at + 4
        else:
            raise ValueError(f"wire type {wire}")
        yield number, value


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _layer(message: bytes) -> Layer:
    version, name, extent = 1, "", 4096
    keys: list[str] = []
    values: list[Any] = []
    features: list[bytes] = []
    for number, value in fields(message):
        match number:
            case 15:
                version = value
            case 1:
                name = value.decode()
            case 5:
                extent = value
            case 3:
                keys.append(value.decode())
            case 4:
                values.append(_value(value))
            case 2:
                features.append(value)
    if version != 2 or not name:
        raise ValueError(f"version {version}, name {name!r}")
    return Layer(name, extent, [_feature(one, keys, values) for one in features])


def _value(message: bytes) -> Any:
    ((number, value),) = fields(message)
    match number:
        case 1:
            return value.decode()
        case 2:
            return struct.unpack("<f", value)[0]
        case 3:
            return struct.unpack("<d", value)[0]
        case 4:
            return value - (1 << 64) if value >= 1 << 63 else value
        case 6:
            return (value >> 1) ^ -(value & 1)
        case 7:
            return bool(value)
    return value


def _feature(message: bytes, keys: list[str], values: list[Any]) -> Feature:
    found = dict(fields(message))
    tags = _packed(found.get(2, b""))
    properties = {keys[tags[i]]: values[tags[i + 1]] for i in range(0, len(tags), 2)}
    kind = KINDS[found[3]]
    parts = list(_parts(_packed(found[4]), kind))
    if not parts:
        raise ValueError("a feature without geometry")
    return Feature(kind, parts, properties)


def _packed(message: bytes) -> list[int]:
    found, at = [], 0
    while at < len(message):
        value, at = varint(message, at)
        found.append(value)
    return found


def _parts(commands: list[int], kind: str) -> Iterator[Part]:
    x = y = at = 0
    part: Part = []
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            if kind != "Polygon" or count != 1 or len(part) < 3:
                raise ValueError("a ring that cannot be closed")
            yield [*part, part[0]]
            part = []
            continue
        if command not in (1, 2) or count < 1:
            raise ValueError(f"command {command} × {count}")
        for _turn in range(count):
            x += (commands[at] >> 1) ^ -(commands[at] & 1)
            y += (commands[at + 1] >> 1) ^ -(commands[at + 1] & 1)
            at += 2
            if command == 1 and part:
                yield part
                part = []
            part.append((x, y))
    if part:
        yield part
