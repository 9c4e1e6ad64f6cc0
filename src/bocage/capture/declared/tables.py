"""The two ways in which declared columns come: a Parquet file, or JSON records (one by line, or one list)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bocage.capture.declared.errors import ColumnMissing, ColumnOfAnotherType, NotRecords
from bocage.capture.declared.values import from_column, from_json, is_present_in_json
from bocage.capture.formats.parquet import LABEL, MAGIC
from bocage.capture.json_documents import source as json_source
from bocage.capture.json_documents.layout import Document
from bocage.capture.sql import identifier, literal
from bocage.capture.tables.rows_file import columns_of, damaged
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import EngineError, Workshop, workshop

LOOKED_AT = 50
"""Records whose keys are looked at, to tell data from the error of a server."""


@dataclass(frozen=True)
class DeclaredColumn:
    """`value`: SQL, NULL when what is there cannot be read; `present`: SQL, is something there; `shown`: SQL of its text."""

    field: Field
    value: str
    present: str
    shown: str


@dataclass(frozen=True)
class DeclaredTable:
    format: str
    relation: str
    columns: tuple[DeclaredColumn, ...]


@contextmanager
def declared_table(file: Path, fields: Sequence[Field], shop: Workshop) -> Iterator[DeclaredTable]:
    """Errors of the engine inside the block are told in our words. Raises NotAsDeclared, DamagedFile, MalformedJson…"""
    with file.open("rb") as stream:
        head = stream.read(1 << 16)
    if head.startswith(MAGIC):
        try:
            yield _parquet(file, fields, shop)
        except EngineError as error:
            raise damaged(error, LABEL) from None
    elif not head.strip():
        yield DeclaredTable("jsonl", "(SELECT NULL AS nothing WHERE false)", tuple(map(_absent, fields)))
    else:
        with _json(file, fields, shop) as table:
            yield table


def _absent(field: Field) -> DeclaredColumn:
    return DeclaredColumn(field, "NULL", "false", "NULL")


# Parquet ------------------------------------------------------------------------------------------------------------


def _parquet(file: Path, fields: Sequence[Field], shop: Workshop) -> DeclaredTable:
    relation = f"read_parquet({literal(str(file))})"
    found = dict(columns_of(shop, relation))
    return DeclaredTable("parquet", relation, tuple(_of_parquet(field, found) for field in fields))


def _of_parquet(field: Field, found: dict[str, str]) -> DeclaredColumn:
    if field.name not in found:
        raise ColumnMissing(field=field.name)
    x, sql_type = identifier(field.name), found[field.name]
    value = from_column(field.type, x, sql_type)
    if value is None:
        raise ColumnOfAnotherType(field=field.name, type=str(field.type.label), found=sql_type[:80])
    shown = "'…'" if field.type.is_geographic else f"CAST({x} AS VARCHAR)"
    return DeclaredColumn(field, value, f"({x} IS NOT NULL)", shown)


# JSON ---------------------------------------------------------------------------------------------------------------


@contextmanager
def _json(file: Path, fields: Sequence[Field], shop: Workshop) -> Iterator[DeclaredTable]:
    with Document(file) as document:
        layout = document.layout()
        span = layout.lists[0] if layout.root == "array" and layout.lists else None
        if layout.root == "array" and span is None:
            yield DeclaredTable("json", "(SELECT NULL AS nothing WHERE false)", tuple(map(_absent, fields)))
            return
        try:
            if span is not None:
                source = json_source.list_source(document, file, span, shop)
            elif layout.root == "sequence":
                source = json_source.sequence_source(file, layout, shop)
            else:  # one line
                source = json_source.single_source(file, layout, shop)
            _refuse_anything_else(source, fields, shop)
            names = [identifier(field.name) for field in fields]
            relation = json_source.members_of(source, names)
            yield DeclaredTable("json", relation, tuple(map(_of_json, fields)))
        except EngineError as error:
            raise json_source.explain(error, document, span) from None


def _of_json(field: Field) -> DeclaredColumn:
    x = identifier(field.name)
    return DeclaredColumn(field, from_json(field.type, x), is_present_in_json(field.type, x), f"CAST({x} AS VARCHAR)")


def _refuse_anything_else(source: str, fields: Sequence[Field], shop: Workshop) -> None:
    names = ", ".join(literal(field.name) for field in fields)
    [(strange,)] = shop.execute(
        f"SELECT count(*) FROM (SELECT json FROM {source} LIMIT {LOOKED_AT}) "
        f"WHERE json_type(json) <> 'OBJECT' OR NOT list_has_any(json_keys(json), [{names}])"
    )
    if strange:
        raise NotRecords


def fitting(file: Path, fields: Sequence[Field], folder: Path) -> tuple[Field, ...]:
    """The fields as this Parquet file holds them, from its footer: several values may come in one text. `folder`: where to work.

    Raises ColumnMissing, ColumnOfAnotherType, DamagedFile."""
    with workshop(folder / "types", readable=[file], spatial=False) as shop:
        try:
            found = dict(columns_of(shop, f"read_parquet({literal(str(file))})"))
            kept = tuple(
                dataclasses.replace(one, type=FieldType.STRING)
                if one.type is FieldType.ARRAY and found.get(one.name) == "VARCHAR"
                else one
                for one in fields
            )
            _parquet(file, kept, shop)
            return kept
        except EngineError as error:
            raise damaged(error, LABEL) from None
