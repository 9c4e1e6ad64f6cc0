"""The schema as a whole: fields named once, keys, references, custom checks, what the national registry asks."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.lint.finding import Finding, shown
from bocage.check.registry.lint.spelling import OTHER_WORDS, TABLE_PROPERTIES, nearest
from bocage.check.registry.precedence import is_semver

REQUIRED = ("name", "title", "description", "homepage", "version", "contributors")
ENCOURAGED = ("path", "created", "lastModified", "resources", "sources")
SHOWN = 20
INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cn", "Zl", "Zp"})

Described = Mapping[str, Any]


def table_findings(data: Described, names: list[str], *, number: str) -> Iterator[Finding]:
    """`names`: of the fields, in order; `number`: of the version in the registry, empty when it has none yet."""
    yield from _names(data, names)
    yield from _words(data)
    yield from key_findings("primaryKey", data.get("primaryKey"), names)
    yield from _foreign_keys(data.get("foreignKeys"), names)
    yield from _missing_values(data.get("missingValues"))
    yield from _registry(data, number)


def _names(data: Described, names: list[str]) -> Iterator[Finding]:
    for rank, one in enumerate(data["fields"], 1):
        if not isinstance(one.get("name"), str) or not one["name"].strip():
            yield Finding("field-without-name", "", {"rank": rank})
    for name, count in Counter(names).items():
        if count > 1 and name:
            yield Finding("field-twice", name, {"count": count})
    if spaced := [name for name in names if name != name.strip()]:
        yield Finding("field-name-spaces", spaced[0], {"names": shown(", ".join(spaced))})
    for name in names:
        if any(unicodedata.category(letter) in INVISIBLE for letter in name):
            yield Finding("field-name-invisible", name, {"codes": ", ".join(_codes(name))})
    if silent := [one.get("name", "") for one in data["fields"] if not one.get("description")]:
        yield Finding(
            "fields-not-described", "", {"names": shown(", ".join(map(str, silent[:SHOWN]))), "count": len(silent)}
        )


def _codes(name: str) -> list[str]:
    return [f"U+{ord(letter):04X}" for letter in name if unicodedata.category(letter) in INVISIBLE]


def _words(data: Described) -> Iterator[Finding]:
    for word in data:
        if word in TABLE_PROPERTIES or word == "$ref":
            continue
        if word in OTHER_WORDS:
            yield Finding("word-without-effect", "", {"written": word, "meant": OTHER_WORDS[word]})
        elif meant := nearest(word, TABLE_PROPERTIES):
            yield Finding("word-misspelt", "", {"written": shown(word), "meant": meant})


def key_findings(key: str, written: Any, names: list[str]) -> Iterator[Finding]:
    """A key names fields that exist."""
    if written is None:
        return
    fields = [written] if isinstance(written, str) else written
    if not isinstance(fields, list) or not fields or not all(isinstance(one, str) for one in fields):
        yield Finding("key-unreadable", "", {"key": key, "written": shown(written)})
        return
    for one in fields:
        if one not in names:
            yield Finding("key-of-no-field", "", {"key": key, "name": shown(one), "meant": nearest_name(one, names)})


def _foreign_keys(written: Any, names: list[str]) -> Iterator[Finding]:
    if written is None:
        return
    for key in written if isinstance(written, list) else [written]:
        reference = key.get("reference") if isinstance(key, dict) else None
        if not isinstance(reference, dict) or "fields" not in key or "fields" not in reference:
            yield Finding("key-unreadable", "", {"key": "foreignKeys", "written": shown(key)})
            continue
        yield from key_findings("foreignKeys", key["fields"], names)
        here, there = _listed(key["fields"]), _listed(reference["fields"])
        if len(here) != len(there):
            yield Finding("foreign-key-uneven", "", {"here": len(here), "there": len(there)})
        if not reference.get("resource"):
            yield from key_findings("foreignKeys", reference["fields"], names)


def _listed(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


def _missing_values(written: Any) -> Iterator[Finding]:
    if written is not None and (not isinstance(written, list) or not all(isinstance(one, str) for one in written)):
        yield Finding("list-unreadable", "", {"property": "missingValues", "written": shown(written)})


def _registry(data: Described, number: str) -> Iterator[Finding]:
    if absent := [one for one in REQUIRED if not data.get(one)]:
        yield Finding("registry-required", "", {"properties": ", ".join(absent)})
    if absent := [one for one in ENCOURAGED if not data.get(one)]:
        yield Finding("registry-encouraged", "", {"properties": ", ".join(absent)})
    said = data.get("version")
    if said is not None and not is_semver(str(said)):
        yield Finding("version-not-semver", "", {"version": shown(said)})
    elif said is not None and number and str(said) != number:
        yield Finding("version-differs", "", {"version": shown(said), "number": number})


def nearest_name(written: str, names: list[str]) -> str:
    """The field that was probably meant."""
    return nearest(written, frozenset(names))
