"""The catalogue as metadata records: one row for each dataset that has data, in the words of OGC API – Records.

Who may know of a row is asked of the relation of the catalogue, which this one stands on: there is no second rule. What the rows
say was made for all readers at once (`catalogue_table`), so that it can be told to any who may know of the dataset.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
from django.utils.translation import gettext_noop

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.catalogue import CatalogueRelation, OpenRelation
from bocage.query.catalogue_table import catalogue_table
from bocage.query.words import NORMAL_SQL

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.store.engine import Session

T = FieldType
DATASET = "dataset"
"""The only kind of resource that is described here so far."""
FIELDS: tuple[Field, ...] = (
    Field("id", T.STRING, gettext_noop("Identifier of the metadata record")),
    Field("identifier", T.STRING, gettext_noop("Identifier")),
    Field("type", T.STRING, gettext_noop("Kind of resource")),
    Field("title", T.STRING, gettext_noop("Title")),
    Field("description", T.STRING, gettext_noop("Description")),
    Field("keywords", T.ARRAY, gettext_noop("Keywords")),
    Field("themes", T.ARRAY, gettext_noop("Themes")),
    Field("publisher", T.STRING, gettext_noop("Publisher")),
    Field("organization", T.STRING, gettext_noop("Organisation")),
    Field("territory", T.ARRAY, gettext_noop("Territory")),
    Field("license", T.STRING, gettext_noop("Licence")),
    Field("language", T.STRING, gettext_noop("Language")),
    Field("created", T.DATETIME, gettext_noop("Published since")),
    Field("updated", T.DATETIME, gettext_noop("Last change")),
    Field("temporal_start", T.DATE, gettext_noop("Beginning of the period")),
    Field("temporal_end", T.DATE, gettext_noop("End of the period")),
    Field("geometry", T.GEOMETRY, gettext_noop("Extent")),
    Field("subject", T.STRING, gettext_noop("Keywords and themes, as one text")),
    Field("anytext", T.STRING, gettext_noop("Every word of the record, in lower case and without accents")),
)
"""What a query may name. `id`: never changes, and is that of no other record of any platform. In `anytext`, words are apart by one
space, and fields by the end of a line."""

_BOUNDS = "_geometry_xmin", "_geometry_ymin", "_geometry_xmax", "_geometry_ymax"
_SCHEMA = pa.schema(
    [
        ("_row", pa.int64()), ("catalogue_row", pa.int64()),
        *((one, pa.string()) for one in ("id", "identifier", "type", "title", "description")),
        ("keywords", pa.list_(pa.string())), ("themes", pa.list_(pa.string())),
        ("publisher", pa.string()), ("organization", pa.string()), ("territory", pa.list_(pa.string())),
        ("license", pa.string()), ("language", pa.string()),
        ("created", pa.timestamp("us", "UTC")), ("updated", pa.timestamp("us", "UTC")),
        ("temporal_start", pa.date32()), ("temporal_end", pa.date32()),
        *((one, pa.float64()) for one in _BOUNDS), ("anytext", pa.string()), ("subject", pa.string()),
    ]
)  # fmt: skip
_WRITTEN = (
    "title", "description", "array_to_string(keyword, ', ')", "array_to_string(theme, ', ')", "publisher", "dataset_id",
    "field_names", "attributions", '"references"',
)  # fmt: skip


@dataclass(frozen=True)
class RecordRelation(OpenRelation):
    """The rows of `catalogue` that have data."""

    catalogue: CatalogueRelation = field(default_factory=CatalogueRelation)

    @property
    def key(self) -> str:
        return f"records of {self.catalogue.key}"

    @property
    def fields(self) -> tuple[Field, ...]:
        return FIELDS

    @property
    def identity(self) -> tuple[str, ...]:
        return ("id",)

    def source(self, session: Session, viewer: Viewer) -> str:
        table = session.resident(self.key, lambda: _records(session, self.catalogue.key))
        known = self.catalogue.source(session, viewer)
        drawn = f"CASE WHEN {_BOUNDS[0]} IS NOT NULL THEN ST_MakeEnvelope({', '.join(_BOUNDS)}) END AS geometry"
        return f"(SELECT *, {drawn} FROM {table} WHERE catalogue_row IN (SELECT _row FROM {known} AS known))"


def _records(session: Session, catalogue: str) -> pa.Table:
    """Numbered in the order in which datasets came: one that comes meanwhile is after all the others, so that a harvest by
    positions never meets a record twice."""
    statement = _statement(session.resident(catalogue, catalogue_table))
    return pa.Table.from_batches(session.arrow(statement), _SCHEMA)


def _statement(catalogue: str) -> str:
    sides = ", ".join(f"CAST(bounds AS DOUBLE[])[{rank}] AS {name}" for rank, name in enumerate(_BOUNDS, 1))
    dated = "temporal_start IS NOT NULL OR temporal_end IS NOT NULL"
    columns = ", ".join(one.name for one in _SCHEMA)
    return f"""
        SELECT {columns} FROM (
            SELECT row_number() OVER (ORDER BY created, dataset_uid) - 1 AS _row, _row AS catalogue_row,
                dataset_uid AS id, dataset_id AS identifier, '{DATASET}' AS type, title, description, keyword AS keywords,
                list_concat(theme, theme_code) AS themes, publisher, organization, territory, license_code AS license,
                language, created, greatest(metadata_processed, data_processed) AS updated,
                CASE WHEN {dated} THEN coalesce(temporal_start, DATE '0001-01-01') END AS temporal_start,
                CASE WHEN {dated} THEN coalesce(temporal_end, DATE '9999-12-31') END AS temporal_end,
                {sides}, {_anytext()} AS anytext,
                array_to_string(list_concat(keyword, list_concat(theme, theme_code)), ', ') AS subject
            FROM (SELECT *, _begins AS temporal_start, _ends AS temporal_end, bbox AS bounds FROM {catalogue} WHERE _published)
        ) ORDER BY _row"""


def _anytext() -> str:
    pieces = (f"regexp_replace({NORMAL_SQL.format(text=one)}, '[\\s\\p{{Z}}]+', ' ', 'g')" for one in _WRITTEN)
    return f"concat_ws(chr(10), {', '.join(pieces)})"
