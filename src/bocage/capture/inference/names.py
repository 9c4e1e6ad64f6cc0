"""Technical names of fields, from what the file calls them: ASCII, snake_case, unique.

A name never starts with an underscore: `_row` and its like belong to the engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 63  # what PostgreSQL, shapefile converters and most clients keep of a name
# What the interfaces call a row's own identity: a column of that name would hide it.
RESERVED = frozenset({"record_id", "recordid"})

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "°": " ", "’": " "}
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def ascii_words(label: str) -> list[str]:
    """The words of a label, lower case, without accents: `dateCréation` → date, creation."""
    plain = unicodedata.normalize("NFKD", label.translate(_LIGATURES)).encode("ascii", "ignore").decode("ascii")
    return [word for word in re.split(r"[^a-z0-9]+", _CAMEL.sub(" ", plain).lower()) if word]


def technical_name(label: str, position: int) -> str:
    """One name, not yet unique. `position` (from 1) names a column that the file does not name."""
    name = "_".join(ascii_words(label))[:LONGEST].rstrip("_")
    if not name:
        return f"column_{position}"
    if name[0].isdigit():
        name = f"n_{name}"[:LONGEST]
    return f"{name}_column" if name in RESERVED else name


def technical_names(labels: Sequence[str]) -> list[str]:
    """One unique name per label, in order; a name that comes again gets _2, _3…"""
    taken: set[str] = set()
    names = []
    for position, label in enumerate(labels, start=1):
        name = technical_name(label, position)
        candidate, rank = name, 1
        while candidate in taken:
            rank += 1
            suffix = f"_{rank}"
            candidate = name[: LONGEST - len(suffix)] + suffix
        taken.add(candidate)
        names.append(candidate)
    return names
