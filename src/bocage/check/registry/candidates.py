"""What there is to import: found in a folder, in a file or in a catalogue, before anything is read for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from bocage.check.registry.descriptors import MOST_BYTES, Descriptor, read_descriptor, read_json
from bocage.check.registry.errors import NotASchema, SchemaTooLarge, TooManySchemas
from bocage.check.registry.identity import identity_in_path, identity_of_file, identity_of_url
from bocage.kernel.errors import BocageError
from bocage.kernel.http import fetch, without_secrets

MOST_FILES = 5_000
FETCH_SECONDS = 60.0
CATALOGUE_FILE = "schemas.json"
LABELS_MOST = 20


@dataclass(frozen=True)
class Candidate:
    """A version of a schema that could be imported. `read(folder)`: get it, `folder` being an empty one to work in.

    `name` and `number` are empty when only the file says them: `identify` completes them once read."""

    origin: str
    read: Callable[[Path], Descriptor]
    name: str = ""
    number: str = ""
    catalogue: str = ""
    title: str = ""
    entry: Mapping[str, Any] = field(default_factory=dict)
    remote: bool = False
    identify: Callable[[Mapping[str, Any]], tuple[str, str]] | None = None


def is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def is_catalogue(data: Any) -> bool:
    """A `schemas.json`, as the national registry publishes it (https://opendataschema.frama.io/catalog/)."""
    return isinstance(data, dict) and isinstance(data.get("schemas"), list)


# A folder -----------------------------------------------------------------------------------------------------------


def in_folder(folder: Path) -> Iterator[Candidate]:
    """Every schema below a folder, in order of path; what lies elsewhere than in the layout of the registry and is no schema
    is left out without a word. A catalogue found on the way says labels and contacts. Raises TooManySchemas."""
    files = [file for file in sorted(folder.rglob("*.json")) if file.is_file()]
    if len(files) > MOST_FILES:
        raise TooManySchemas(origin=str(folder), limit=MOST_FILES)
    entries: dict[str, Mapping[str, Any]] = {}
    for file in (one for one in files if one.name == CATALOGUE_FILE):
        entries |= _entries_in(file)
    for file in files:
        laid_out = identity_in_path(file.resolve().parts)
        if laid_out is not None or _looks_like_a_schema(file):
            entry = entries.get(laid_out[0], {}) if laid_out else {}
            yield of_file(file, catalogue=str(folder), entry=entry)


def of_file(file: Path, *, catalogue: str = "", entry: Mapping[str, Any] | None = None) -> Candidate:
    """The schema of one file."""
    place = file.resolve()
    return Candidate(
        origin=str(file),
        read=lambda _folder: read_descriptor(file, origin=str(file)),
        catalogue=catalogue or str(file),
        title=_text((entry or {}).get("title")),
        entry=_said(entry or {}),
        identify=lambda data: identity_of_file(place, data),
    )


def _looks_like_a_schema(file: Path) -> bool:
    try:
        read_descriptor(file, origin=str(file))
    except BocageError:
        return False
    return True


def _entries_in(file: Path) -> dict[str, Mapping[str, Any]]:
    try:
        data, _sha256 = read_json(file, origin=str(file))
    except BocageError:
        return {}
    listed = data["schemas"] if is_catalogue(data) else []
    return {str(one.get("name")): one for one in listed if isinstance(one, dict)}


# An address ---------------------------------------------------------------------------------------------------------


def of_url(url: str) -> Candidate:
    """The schema at one address."""
    return Candidate(
        origin=without_secrets(url),
        read=lambda folder: fetched_descriptor(url, folder),
        catalogue=without_secrets(url),
        remote=True,
        identify=lambda data: identity_of_url(url, data),
    )


def fetched(url: str, folder: Path) -> Path:
    """Download, no further than the size a schema may have."""

    def stop_when_too_large() -> None:
        part = folder / "download.part"
        if part.exists() and part.stat().st_size > MOST_BYTES:
            raise SchemaTooLarge(origin=without_secrets(url), limit_mb=MOST_BYTES // 1024 // 1024)

    answer = fetch(url, folder, checkpoint=stop_when_too_large, seconds=FETCH_SECONDS)
    if answer.path is None:
        raise NotASchema(origin=without_secrets(url))
    return answer.path


def fetched_descriptor(url: str, folder: Path) -> Descriptor:
    return read_descriptor(fetched(url, folder), origin=without_secrets(url))


# A catalogue --------------------------------------------------------------------------------------------------------


def in_catalogue(data: Mapping[str, Any], *, catalogue: str) -> Iterator[Candidate]:
    """Every version that a catalogue lists of its Table Schemas and JSON Schemas. Raises TooManySchemas."""
    listed = [one for one in data["schemas"] if isinstance(one, dict)]
    found = [(one, version) for one in listed for version in _versions(one)]
    if len(found) > MOST_FILES:
        raise TooManySchemas(origin=catalogue, limit=MOST_FILES)
    for one, version in found:
        url = urljoin(catalogue, version["schema_url"]) if is_address(catalogue) else version["schema_url"]
        yield Candidate(
            origin=without_secrets(url),
            read=_reader(url),
            name=_text(one.get("name")),
            number=_text(version.get("version_name")).removeprefix("v"),
            catalogue=catalogue,
            title=_text(one.get("title")),
            entry=_said(one),
            remote=True,
        )


def _reader(url: str) -> Callable[[Path], Descriptor]:
    return lambda folder: fetched_descriptor(url, folder)


def _versions(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The versions of an entry written in a language that we know; the rest (PDF, GML, groups) is not ours to keep."""
    listed = entry.get("versions")
    if entry.get("schema_type") not in ("tableschema", "jsonschema") or not isinstance(listed, list):
        return []
    return [one for one in listed if isinstance(one, dict) and isinstance(one.get("schema_url"), str)]


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What we keep of an entry: see Schema.entry."""
    labels, examples = entry.get("labels"), entry.get("examples")
    kept = {
        "contact": _text(entry.get("contact")),
        "labels": [_text(one) for one in labels][:LABELS_MOST] if isinstance(labels, list) else [],
        "examples": [
            {"title": _text(one.get("title")), "path": _text(one.get("path"))}
            for one in (examples if isinstance(examples, list) else [])[:LABELS_MOST]
            if isinstance(one, dict)
        ],
        "documentation": _text(entry.get("external_doc")),
    }
    return {name: value for name, value in kept.items() if value}


def _text(value: Any) -> str:
    return value[:500] if isinstance(value, str) else ""
