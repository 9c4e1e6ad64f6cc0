"""Columns of a dataset kept in Bocage, brought into the workshop of a mapping: with the rights of the person, never more."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bocage.check.mapping.normal import normal_sql, trimmed_sql
from bocage.kernel.errors import BocageError, TerminalError

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.access.viewer import Viewer
    from bocage.store.engine import Workshop
    from bocage.store.models import Version

MOST_ROWS = 2_000_000


class ReferenceUnusable(TerminalError):
    code = "mapping.reference-unusable"
    message = _("The dataset “%(dataset)s” cannot be used: %(reason)s")


def read(viewer: Viewer, dataset: str, fields: Sequence[str]) -> tuple[Version, pa.Table]:
    """`fields` of the published version of the dataset (uid or slug), texts but for geometry (WKB). Raises ReferenceUnusable."""
    import pyarrow as pa

    from bocage.query.relation import DatasetRelation
    from bocage.query.requests import OdsqlRequest
    from bocage.query.services import stream

    version = _version(viewer, dataset)
    names = {str(one["name"]) for one in version.schema}
    absent = [one for one in fields if one not in names]
    if absent:
        raise ReferenceUnusable(dataset=dataset, reason=_("it has no field “%s”.") % absent[0])
    if version.row_count > MOST_ROWS:
        raise ReferenceUnusable(dataset=dataset, reason=_("it has more than %s rows.") % MOST_ROWS)
    asked = OdsqlRequest(select=", ".join(f"`{one}`" for one in fields), limit=-1)
    try:
        with stream(viewer, DatasetRelation(version.dataset, version), asked) as found:
            batches = list(found.batches)
    except BocageError as error:
        raise ReferenceUnusable(dataset=dataset, reason=str(error)) from error
    if not batches:
        return version, pa.table({one: pa.array([], pa.string()) for one in fields})
    return version, pa.Table.from_batches(batches).rename_columns(list(fields))


def reference_key(viewer: Viewer, dataset: str) -> list[str]:
    """The key by which others point to this dataset (uid or slug), when it is a reference; empty otherwise."""
    from bocage.catalog.references.selectors import references_for

    found = references_for(viewer).filter(Q(dataset__uid=dataset) | Q(dataset__slug=dataset)).first()
    return [found.key] if found else []


def key_sql(texts: Sequence[str]) -> str:
    """What keys are compared by: accents, capitals, the `.0` and the zeros in front of numbers aside; St is Saint; no cedex."""
    return " || '|' || ".join(f"coalesce({_key(one)}, '')" for one in texts)


def _key(text: str) -> str:
    bare = f"regexp_replace({trimmed_sql(text)}, '^([0-9]+)[.]0+$', '\\1')"
    plain = normal_sql(bare)
    for said, meant in (("\\bst\\b", "saint"), ("\\bste\\b", "sainte"), (" cedex( [0-9]+)?$", "")):
        plain = f"regexp_replace({plain}, '{said}', '{meant}', 'g')"
    return f"regexp_replace({plain}, '^0+([0-9]+)$', '\\1')"


def keyed(workshop: Workshop, table: pa.Table, keys: Sequence[str], value: str, identity: str) -> str:
    """Register `said` → `written` for a table read above; the SQL name. A key with several values has none."""
    from bocage.store.engine import quoted

    name = "reference_" + hashlib.sha256(identity.encode()).hexdigest()[:20]
    raw = f"{name}_raw"
    workshop.register(raw, table)
    key = key_sql([f"CAST({quoted(one)} AS VARCHAR)" for one in keys])
    written = f"CAST({quoted(value)} AS VARCHAR)"
    chosen = f"CASE WHEN min({written}) = max({written}) THEN min({written}) END"
    register(workshop, name, f"SELECT {key} AS said, {chosen} AS written FROM {raw} GROUP BY ALL")
    return name


def register(workshop: Workshop, name: str, select: str) -> None:
    """Keep the answer of a SELECT under `name`: registered tables outlive the loading of an extension."""
    import pyarrow as pa

    batches = list(workshop.arrow(select))
    if batches:
        workshop.register(name, pa.Table.from_batches(batches))
        return
    columns = [str(row[0]) for row in workshop.execute(f"DESCRIBE {select}")]
    workshop.register(name, pa.table({one: pa.array([], pa.string()) for one in columns}))


def _version(viewer: Viewer, dataset: str) -> Version:
    from bocage.catalog.models import Dataset
    from bocage.store.selectors import current_version

    found = Dataset.objects.visible_to(viewer).filter(Q(uid=dataset) | Q(slug=dataset)).first()
    version = current_version(found) if found else None
    if version is None:
        raise ReferenceUnusable(dataset=dataset, reason=_("it does not exist, or you may not see it."))
    return version
