"""Schemas to try things on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

SOUND: dict[str, Any] = {
    "name": "composteurs",
    "title": "Composteurs",
    "description": "Où sont les composteurs.",
    "homepage": "https://example.org/schemas",
    "version": "1.0.0",
    "contributors": [{"title": "Rezé"}],
    "path": "https://example.org/schema.json",
    "created": "2026-01-01",
    "lastModified": "2026-01-01",
    "resources": [{"title": "Exemple", "path": "https://example.org/exemple.csv"}],
    "sources": [{"title": "Source", "path": "https://example.org"}],
    "fields": [
        {"name": "id", "type": "string", "description": "L’identifiant.", "constraints": {"required": True}},
        {"name": "foyers", "type": "integer", "description": "Combien.", "constraints": {"minimum": 0, "maximum": 99}},
        {"name": "nature", "type": "string", "description": "Quoi.", "constraints": {"enum": ["a", "b"]}},
    ],
    "primaryKey": ["id"],
}
"""Nothing to say about it."""


def with_fields(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """SOUND, with these fields in place of its own, and no key."""
    described = [{"description": "Dit."} | one for one in fields]
    return {key: value for key, value in SOUND.items() if key != "primaryKey"} | {"fields": described} | more


def write(folder: Path, name: str, number: str, descriptor: Any, *, file: str = "schema.json") -> Path:
    """In the layout of the national registry."""
    path = folder / name / number / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    return path


KINDS = ("string", "integer", "number", "date", "boolean", "year", "geopoint", "array")
_flags = st.fixed_dictionaries({}, optional={"required": st.booleans(), "unique": st.booleans()})
_bounds = st.fixed_dictionaries({}, optional={"minimum": st.integers(-9, 9), "maximum": st.integers(-9, 9)})
_lengths = st.fixed_dictionaries(
    {}, optional={"minLength": st.integers(0, 9), "pattern": st.sampled_from(["a|b", "^x$", r"\d+"])}
)
_enums = st.fixed_dictionaries({}, optional={"enum": st.lists(st.sampled_from("abcd"), min_size=1, unique=True)})


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """A field whose constraints suit its type."""
    kind = draw(st.sampled_from(KINDS))
    constraints = draw(_flags) | draw(_enums)
    if kind in ("integer", "number", "year"):
        constraints |= draw(_bounds)
    if kind == "string":
        constraints |= draw(_lengths)
    return {"name": draw(st.sampled_from(["un", "deux", "trois", "quatre"])), "type": kind, "constraints": constraints}


@st.composite
def descriptors(draw: st.DrawFn) -> dict[str, Any]:
    """A small Table Schema, names each once."""
    chosen = draw(st.lists(fields(), min_size=1, max_size=4, unique_by=lambda one: one["name"]))
    return {"fields": chosen, "missingValues": draw(st.sampled_from([[""], ["", "NA"], ["-"]]))}
