"""The schema that a person named: one of the registry, the address of one, or, on the command line, a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bocage.check.descriptor import read_schema
from bocage.check.schema import TableSchema
from bocage.kernel import http
from bocage.kernel.scratch import scratch
from bocage.pipeline.checking.errors import SchemaNotNamed, SchemaUnreadable

LIMIT_MB = 2
SECONDS = 20.0


def schema_named(given: str, number: str = "") -> TableSchema:
    """Raises SchemaNotNamed, NotFound, SchemaUnusable, SchemaUnreadable and the errors of kernel.http."""
    name = given.strip()
    if not name:
        raise SchemaNotNamed
    if is_address(name):
        return kept_schema_at(name) or schema_at(name)
    from bocage.check.registry import selectors

    return selectors.table_schema(selectors.schema_version(name, number.strip()))


def is_address(given: str) -> bool:
    return given.lower().startswith(("https://", "http://"))


def kept_schema_at(address: str) -> TableSchema | None:
    """The registry's copy of what is at this address: nothing is fetched for a schema already at home."""
    from bocage.check.models import SchemaVersion
    from bocage.check.registry import selectors

    found = SchemaVersion.objects.select_related("schema").filter(origin=address).first()
    return selectors.table_schema(found) if found else None


def schema_at(address: str) -> TableSchema:
    """Fetched through the guard, read, and forgotten."""
    with scratch("schema") as folder:
        received = http.fetch(address, folder, checkpoint=lambda: _require_small(folder, address), seconds=SECONDS)
        assert received.path is not None  # noqa: S101  no condition was sent: never a 304
        return schema_in(received.path, place=http.without_secrets(address))


def schema_in(file: Path, *, place: str) -> TableSchema:
    """The schema written in a JSON file; `place` is how the person knows it."""
    if file.stat().st_size > LIMIT_MB * 1024 * 1024:
        raise _unreadable(place, _("it is too large."))
    try:
        descriptor: Any = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise _unreadable(place, _("it is not JSON.")) from None
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("fields"), list):
        raise _unreadable(place, _("it has no list of fields."))
    return read_schema(descriptor, name=str(descriptor.get("name") or place))


def _require_small(folder: Path, address: str) -> None:
    if any(part.stat().st_size > LIMIT_MB * 1024 * 1024 for part in folder.iterdir()):
        raise _unreadable(http.without_secrets(address), _("it is too large."))


def _unreadable(place: str, reason: str) -> SchemaUnreadable:
    return SchemaUnreadable(place=place, reason=reason, limit_mb=LIMIT_MB)
