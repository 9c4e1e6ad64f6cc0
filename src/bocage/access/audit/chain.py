"""The hash of an entry, made of the one before it and of everything that the entry says. Pure.

What is hashed is what is stored, letter for letter: integers, texts, nothing that a database could write in another way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

GENESIS = "0" * 64
"""Stands before the first entry."""

COLUMNS = (
    "number", "at", "kind", "person", "key", "door", "origin", "organization", "dataset", "version", "restriction", "rows",
    "agreements", "party", "subject", "facts",
)  # fmt: skip
"""What is hashed, in this order. Adding a column is another edition of the chain."""

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def sealed(before: str, values: Sequence[int | str | None]) -> str:
    """SHA-256, in hexadecimal. `values`: those of COLUMNS. A JSON list says where each one ends, and null is not a text."""
    return hashlib.sha256((before + _encode(values)).encode("ascii")).hexdigest()


def written(moment: datetime) -> str:
    """An instant as the journal keeps it: texts of one length, in UTC, which sort as instants do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read(text: str) -> datetime:
    """Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
