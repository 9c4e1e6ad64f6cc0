"""A version as the national registry wants it (https://guides.data.gouv.fr, “publier un schéma”): `schema.json` at the root
with the required properties, `README.md`, `CHANGELOG.md`; in one archive, the same bytes each time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bocage.check.models import SchemaVersion
from bocage.check.registry.code_lists import with_code_lists

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the only date that makes the archive the same every time


def schema_bytes(descriptor: Mapping[str, Any]) -> bytes:
    """The descriptor as it is published: indented, accents as they are, one line feed at the end."""
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def package(version: SchemaVersion, *, history: Iterable[SchemaVersion], homepage: str) -> bytes:
    """The archive. `history`: the versions to tell in the CHANGELOG, the latest first. `homepage`: when the schema has none.

    References to code lists become enumerations: elsewhere, nobody has our lists."""
    descriptor = with_code_lists(version.descriptor)
    if not descriptor.get("homepage"):
        descriptor = {key: value for key, value in descriptor.items() if key != "fields"} | {
            "homepage": homepage,
            "fields": descriptor["fields"],
        }
    files = {
        "schema.json": schema_bytes(descriptor),
        "README.md": readme(descriptor).encode(),
        "CHANGELOG.md": changelog(history).encode(),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            writing.writestr(entry, content)
    return archive.getvalue()


def readme(descriptor: Mapping[str, Any]) -> str:
    """What the schema is for, and its fields in a table. Everything is text of others: escaped."""
    rows = [
        "| {} | {} | {} | {} |".format(*(_cell(one) for one in _row(field))) for field in descriptor.get("fields", [])
    ]
    head = f"| {_('Name')} | {_('Type')} | {_('Mandatory')} | {_('Description')} |\n|---|---|---|---|"
    title, description = _line(descriptor.get("title", "")), str(descriptor.get("description", "")).strip()
    return f"# {title}\n\n{description}\n\n## {_('Fields')}\n\n" + "\n".join([head, *rows]) + "\n"


def changelog(history: Iterable[SchemaVersion]) -> str:
    """One section for each version, the latest first."""
    parts = [f"# {_('Changes')}"]
    for version in history:
        day = (version.frozen_at or version.created_at).date().isoformat()
        parts.append(f"## {version.number} ({day})\n\n{version.changes.strip() or _('No details.')}")
    return "\n\n".join(parts) + "\n"


def _row(field: Mapping[str, Any]) -> tuple[str, str, str, str]:
    constraints = field.get("constraints")
    required = isinstance(constraints, dict) and constraints.get("required") is True
    words = " — ".join(str(one) for one in (field.get("title"), field.get("description")) if one)
    return str(field.get("name", "")), str(field.get("type", "string")), _("yes") if required else _("no"), words


def _line(text: Any) -> str:
    return " ".join(str(text).split())


def _cell(text: str) -> str:
    return _line(text).replace("\\", "\\\\").replace("|", "\\|")
