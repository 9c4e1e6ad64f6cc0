"""`{% asset "app.css" %}`: the address of a built file, with the hash of its content so that browsers may keep it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django import template
from django.templatetags.static import static

register = template.Library()
BUILD = Path(__file__).resolve().parents[2] / "static" / "build"


@lru_cache(maxsize=4)
def _manifest(stamp: int) -> dict[str, str]:
    """Hashes by name. `stamp`, the file's time of change, makes a new build seen without a restart."""
    names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    return names


@register.simple_tag
def asset(name: str) -> str:
    """Address of `static/build/<name>`; without its hash while the front end is not built."""
    try:
        version = _manifest((BUILD / "manifest.json").stat().st_mtime_ns).get(name)
    except FileNotFoundError:
        version = None
    address = static(f"build/{name}")
    return f"{address}?v={version}" if version else address
