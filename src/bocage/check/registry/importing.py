"""Schemas written elsewhere, kept here with where they come from. Done again, it changes nothing; interrupted, it goes on.

Each version is kept in its own transaction. One that cannot be read is told and does not stop the others. What is already
known is not fetched again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry import candidates
from bocage.check.registry.candidates import Candidate, is_address, is_catalogue
from bocage.check.registry.descriptors import Descriptor, language_of, read_json
from bocage.check.registry.errors import NameHeldLocally, NothingFound, RegistrySilent, SchemaUnreadable, VersionDiffers
from bocage.check.registry.identity import checked_name, checked_number
from bocage.check.registry.linting import findings_on
from bocage.check.registry.precedence import precedence
from bocage.check.vocabulary import SchemaKind, SchemaStatus
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError, TransientError

SILENCES_MOST = 5


class Outcome(StrEnum):
    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Imported:
    """What became of one version. `error`: why, when it was refused."""

    outcome: Outcome
    name: str
    number: str
    origin: str
    error: BocageError | None = None

    def as_dict(self) -> dict[str, Any]:
        said = {"outcome": self.outcome.value, "name": self.name, "version": self.number, "origin": self.origin}
        return said | ({"error": self.error.as_dict()} if self.error else {})


def import_schemas(source: str, *, name: str = "") -> Iterator[Imported]:
    """Import what a folder, a file or an address holds, one line per version as it goes.

    `name`: what to call it, when `source` is one schema. Raises NothingFound, SchemaUnreadable, TooManySchemas and the errors
    of `kernel.http` for the source itself; RegistrySilent when the site of a catalogue answers no more."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="schemas-") as folder:
        count = 0
        for imported in keep_all(_candidates(source, Path(folder), name)):
            count += 1
            yield imported
    if not count:
        raise NothingFound(origin=source)


def keep_all(found: Iterable[Candidate]) -> Iterator[Imported]:
    """Keep each candidate that is not known yet. Raises RegistrySilent after SILENCES_MOST addresses without an answer."""
    known = set(SchemaVersion.objects.values_list("schema__name", "number"))
    silences = 0
    for candidate in found:
        if candidate.remote and (candidate.name, candidate.number) in known:
            yield Imported(Outcome.KNOWN, candidate.name, candidate.number, candidate.origin)
            continue
        imported = _kept_or_refused(candidate)
        known.add((imported.name, imported.number))
        yield imported
        silences = silences + 1 if isinstance(imported.error, TransientError) else 0
        if silences >= SILENCES_MOST:
            raise RegistrySilent(count=silences)


def _candidates(source: str, folder: Path, name: str) -> Iterator[Candidate]:
    """`folder`: where to put a catalogue that is fetched."""
    if is_address(source):
        yield from _at_address(source, folder, name)
        return
    path = Path(source)
    if path.is_dir():
        yield from candidates.in_folder(path)
        return
    if not path.is_file():
        raise NothingFound(origin=source)
    data, _sha256 = read_json(path, origin=source)
    if is_catalogue(data):
        yield from candidates.in_catalogue(data, catalogue=source)
    else:
        yield _renamed(candidates.of_file(path), name)


def _at_address(url: str, folder: Path, name: str) -> Iterator[Candidate]:
    """One visit tells what it is; a schema is not fetched twice."""
    candidate = candidates.of_url(url)
    data, sha256 = read_json(candidates.fetched(url, folder), origin=candidate.origin)
    if is_catalogue(data):
        yield from candidates.in_catalogue(data, catalogue=url)
        return
    language = language_of(data, origin=candidate.origin)
    read = Descriptor(data, sha256, language)
    yield _renamed(replace(candidate, read=lambda _folder: read), name)


def _renamed(candidate: Candidate, name: str) -> Candidate:
    if not name:
        return candidate
    checked_name(name)
    identify = candidate.identify
    return replace(candidate, identify=lambda data: (name, identify(data)[1] if identify else ""))


def _kept_or_refused(candidate: Candidate) -> Imported:
    try:
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="schema-") as folder:
            read = candidate.read(Path(folder))
        if candidate.identify is not None:
            name, number = candidate.identify(read.data)
            candidate = replace(candidate, name=name, number=number)
        return Imported(_keep(candidate, read), candidate.name, candidate.number, candidate.origin)
    except BocageError as error:
        return Imported(Outcome.REFUSED, candidate.name, candidate.number, candidate.origin, error)


@transaction.atomic
def _keep(candidate: Candidate, read: Descriptor) -> Outcome:
    name, number = checked_name(candidate.name), checked_number(candidate.number)
    schema = Schema.objects.filter(name=name).first()
    if schema is not None and schema.kind == SchemaKind.LOCAL:
        raise NameHeldLocally(name=name)
    known = SchemaVersion.objects.filter(schema=schema, number=number).first() if schema else None
    if known is not None:
        if known.sha256 == read.sha256 or known.descriptor == read.data:
            return Outcome.KNOWN
        raise VersionDiffers(name=name, number=number)
    schema = schema or Schema(name=name, kind=SchemaKind.NATIONAL, language=read.language)
    if _is_latest(schema, number):
        _describe(schema, candidate, read)
    SchemaVersion.objects.create(
        schema=schema,
        number=number,
        status=SchemaStatus.ADOPTED,
        descriptor=read.data,
        origin=candidate.origin[:500],
        sha256=read.sha256,
        lint=findings_on(read.data, number=number),
        frozen_at=now(),
    )
    return Outcome.NEW


def _is_latest(schema: Schema, number: str) -> bool:
    return schema.pk is None or not schema.versions.filter(precedence__gt=precedence(number)).exists()


def _describe(schema: Schema, candidate: Candidate, read: Descriptor) -> None:
    """What is said of a schema is what its latest version says, the catalogue first."""
    schema.title = (candidate.title or _said(read.data, "title") or candidate.name)[:300]
    schema.description = _said(read.data, "description")
    schema.homepage = _address(_said(read.data, "homepage"))
    schema.catalogue = candidate.catalogue[:500]
    schema.language = read.language
    schema.entry = dict(candidate.entry) or schema.entry
    try:
        schema.full_clean(exclude=["name"])
    except ValidationError as error:
        raise SchemaUnreadable(origin=candidate.origin, reason=" ".join(error.messages)) from None
    schema.save()


def _said(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def _address(url: str) -> str:
    """The address, or nothing when it is none: a link on a page must lead somewhere."""
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return ""
    return url if len(url) <= 500 else ""
