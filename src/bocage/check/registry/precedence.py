"""Numbers of versions, sorted as https://semver.org/ says (clause 11), by a text that a database can sort."""

from __future__ import annotations

import re

SEMVER = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,40}))?(?:\+[0-9A-Za-z.-]{1,40})?")
LOOSE = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-.+]?([0-9A-Za-z.-]{0,40}))?")
FIRST = "0.1.0"


def is_semver(number: str) -> bool:
    return SEMVER.fullmatch(number) is not None


def precedence(number: str) -> str:
    """`2.10.0` sorts after `2.9.1`, and `1.0.0-beta.2` before `1.0.0`. What is no number comes first, by its letters.

    A part of a pre-release is written by its kind (figures before letters), figures padded; a release ends with `~`, which
    comes after every letter."""
    found = LOOSE.fullmatch(number.strip())
    if found is None:
        return f"!{number[:100]}"
    figures = ".".join(f"{int(part or 0):09d}" for part in found.groups()[:3])
    return f"{figures}-{_prerelease(found[4] or '')}"


def _prerelease(text: str) -> str:
    if not text:
        return "~"
    return ".".join(f"0{int(one):09d}" if one.isdigit() else f"1{one}" for one in text.split("."))[:80]


def following(number: str, *, breaking: bool, larger: bool) -> str:
    """The next number: `breaking` when valid files may become invalid, `larger` when something is added.

    Before 1.0.0 nothing is promised yet: what breaks moves the second figure."""
    found = LOOSE.fullmatch(number.strip())
    major, minor, patch = (int(part or 0) for part in found.groups()[:3]) if found else (0, 0, 0)
    if breaking and major:
        return f"{major + 1}.0.0"
    if breaking or larger:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"
