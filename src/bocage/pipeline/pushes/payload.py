"""From the bytes of a payload to its records, strictly: what two readers could understand differently is refused.

Numbers stay as they were written: a field of texts keeps `007.50` whole, and nothing is rounded before its type is known.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bocage.pipeline.pushes.errors import (
    NotANumber,
    NotJson,
    NotRecords,
    NotText,
    PayloadTooLarge,
    RepeatedName,
    TooDeep,
    TooManyFields,
)

LIMIT_BYTES = 5 * 1024 * 1024
MOST_FIELDS = 2_000
DEEPEST = 32
LONGEST_NUMBER = 400
LONGEST_NAME = 200

Record = dict[str, Any]

# A text without an end is crossed to the end of the payload at once: never again from each of its escaped quotes.
_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|([\[{])|([\]}])', re.DOTALL)
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")


class Number(str):
    """A number of a payload, as written."""

    __slots__ = ()

    @property
    def is_whole(self) -> bool:
        return self.lstrip("-").isdigit()


def records_of(body: bytes) -> list[Record]:
    """The records, in their order. Raises PayloadTooLarge, NotJson, NotRecords, TooDeep, TooManyFields, RepeatedName,
    NotANumber, NotText."""
    if len(body) > LIMIT_BYTES:
        raise PayloadTooLarge(limit_mb=LIMIT_BYTES >> 20)
    _require_shallow(body)
    try:
        text = body.decode("utf-8-sig")
        found = json.loads(
            text, parse_int=_number, parse_float=_number, parse_constant=_constant, object_pairs_hook=_record
        )
    except UnicodeDecodeError as error:
        raise NotJson(detail=f"UTF-8, {error.start}") from None
    except json.JSONDecodeError as error:
        raise NotJson(detail=f"{error.msg}: {error.lineno}:{error.colno}") from None
    except RecursionError:
        raise TooDeep(limit=DEEPEST) from None
    records = found if isinstance(found, list) else [found]
    if not all(isinstance(record, dict) for record in records):
        raise NotRecords
    if _ESCAPED.search(body) or b"\x00" in body:  # decoding already refuses them written plainly
        _require_text(records)
    return records


def _require_shallow(body: bytes) -> None:
    depth = 0
    for token in _BRACKETS.finditer(body):
        if token[1]:
            depth += 1
            if depth > DEEPEST:
                raise TooDeep(limit=DEEPEST)
        elif token[2]:
            depth -= 1


def _number(written: str) -> Number:
    if len(written) > LONGEST_NUMBER:
        raise NotANumber(value=f"{written[:20]}…")
    return Number(written)


def _constant(written: str) -> Any:
    raise NotANumber(value=written)


def _record(pairs: list[tuple[str, Any]]) -> Record:
    if len(pairs) > MOST_FIELDS:
        raise TooManyFields(limit=MOST_FIELDS)
    record = dict(pairs)
    if len(record) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise RepeatedName(field=shown_name(twice))
    return record


def _require_text(value: Any) -> None:
    if isinstance(value, str):
        if _FORBIDDEN.search(value):
            raise NotText
    elif isinstance(value, list):
        for one in value:
            _require_text(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            _require_text(name)
            _require_text(one)


def shown_name(name: str) -> str:
    """A name given by a stranger, as an error may repeat it."""
    plain = name.encode("utf-8", "replace").decode()
    return plain if len(plain) <= LONGEST_NAME else f"{plain[:LONGEST_NAME]}…"
