"""Pieces of ODSQL written from what people choose in forms. Names and texts are quoted here and nowhere else."""

from __future__ import annotations

import json


def name(field: str) -> str:
    """A field, between back-quotes."""
    return "`" + field.replace("\\", "\\\\").replace("`", "\\`") + "`"


def text(value: str) -> str:
    """A string; JSON's escapes are those of the language."""
    return json.dumps(value, ensure_ascii=False)
