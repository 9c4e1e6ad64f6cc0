"""A schema as it arrives: a file written by somebody else, read within bounds.

What is bounded, and why: size (a schema of 50 MB is not one), depth (a parser that recurses), number of fields (each one
becomes a column of a page and several rules), and characters that the database could not keep.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from bocage.check.registry.errors import NotASchema, SchemaTooDeep, SchemaTooLarge, SchemaUnreadable, TooManyFields
from bocage.check.vocabulary import SchemaLanguage

MOST_BYTES = 5 * 1024 * 1024
MOST_FIELDS = 2_000
DEEPEST = 60

JSON_SCHEMA_KEYS = frozenset({"properties", "definitions", "$defs", "items", "allOf", "anyOf", "oneOf"})


@dataclass(frozen=True)
class Descriptor:
    """`data`: the JSON object. `sha256`: of the bytes it was read from."""

    data: dict[str, Any]
    sha256: str
    language: SchemaLanguage


def read_json(file: Path, *, origin: str) -> tuple[Any, str]:
    """The JSON of a file and the SHA-256 of its bytes. Raises SchemaTooLarge, SchemaTooDeep, SchemaUnreadable."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise SchemaUnreadable(origin=origin, reason=error.strerror or type(error).__name__) from None
    if len(raw) > MOST_BYTES:
        raise SchemaTooLarge(origin=origin, limit_mb=MOST_BYTES // 1024 // 1024)
    return parse_json(raw, origin=origin), hashlib.sha256(raw).hexdigest()


def parse_json(raw: bytes, *, origin: str) -> Any:
    """JSON that can be kept: no NaN, no half character, no NUL, not too deep."""
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
        _refuse_deep(data, origin)
        json.dumps(data, ensure_ascii=False).encode()
    except RecursionError:
        raise SchemaTooDeep(origin=origin, limit=DEEPEST) from None
    except UnicodeError:
        raise SchemaUnreadable(origin=origin, reason="UTF-8") from None
    except ValueError as error:  # JSONDecodeError, and integers of thousands of digits
        raise SchemaUnreadable(origin=origin, reason=str(error)[:200]) from None
    if b"\\u0000" in raw:
        raise SchemaUnreadable(origin=origin, reason="\\u0000")
    return data


def read_descriptor(file: Path, *, origin: str) -> Descriptor:
    """The schema in this file. Raises the errors above, NotASchema, TooManyFields."""
    data, sha256 = read_json(file, origin=origin)
    return Descriptor(data, sha256, language_of(data, origin=origin))


def language_of(data: Any, *, origin: str) -> SchemaLanguage:
    """What the JSON is written in. Raises NotASchema, TooManyFields."""
    if not isinstance(data, dict):
        raise NotASchema(origin=origin)
    fields = data.get("fields")
    if isinstance(fields, list) and fields and all(isinstance(one, dict) for one in fields):
        if len(fields) > MOST_FIELDS:
            raise TooManyFields(origin=origin, count=len(fields), limit=MOST_FIELDS)
        return SchemaLanguage.TABLE
    if "fields" not in data and ("json-schema.org" in str(data.get("$schema", "")) or JSON_SCHEMA_KEYS & data.keys()):
        return SchemaLanguage.JSON
    raise NotASchema(origin=origin)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse_deep(data: Any, origin: str) -> None:
    """Level by level, without recursion."""
    level = [data]
    for _depth in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise SchemaTooDeep(origin=origin, limit=DEEPEST)
