"""The geographic profile: on fields that exist, in words that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.geography import CRS, DEFAULT_CRS, GEOMETRY_TYPES, KEY, geographic_profile, texts
from bocage.check.registry.lint.finding import Finding, shown


def profile_findings(data: Mapping[str, Any], names: list[str]) -> Iterator[Finding]:
    """What is wrong in the profile of a schema."""
    written = data.get(KEY)
    if written is None:
        return
    if geographic_profile(data) is None:
        yield Finding("geography-unreadable", "", {"written": shown(written)})
        return
    for one in texts(written["fields"]):
        if one not in names:
            yield Finding("geography-of-no-field", "", {"name": shown(one)})
    for one in texts(written.get("geometryTypes")):
        if one not in GEOMETRY_TYPES:
            yield Finding("geography-type", "", {"type": shown(one), "known": ", ".join(GEOMETRY_TYPES)})
    crs = written.get("crs", DEFAULT_CRS)
    if not isinstance(crs, str) or not CRS.fullmatch(crs):
        yield Finding("geography-crs", "", {"crs": shown(crs)})
