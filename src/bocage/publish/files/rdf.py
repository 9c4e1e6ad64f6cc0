"""RDF of the rows: Turtle and N3 (as N-Triples, which both contain), RDF/XML, JSON-LD. Written by the engine, streamed.

A record is a resource named after the export and its rank in it; a field is a property named after the dataset and itself.
Values keep their types; missing ones are not said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.files.text import text_of
from bocage.publish.files.workbench import ROWS, workbench
from bocage.query.digits import finite
from bocage.query.rendering import concatenated, instant, literal, name

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.files.formats import Options
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream

XSD = "http://www.w3.org/2001/XMLSchema#"
WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
DATATYPES = {
    FieldType.INTEGER: f"{XSD}integer",
    FieldType.NUMBER: f"{XSD}double",
    FieldType.BOOLEAN: f"{XSD}boolean",
    FieldType.DATE: f"{XSD}date",
    FieldType.DATETIME: f"{XSD}dateTime",
    FieldType.GEOPOINT: WKT,
    FieldType.GEOMETRY: WKT,
}
RANK = '"bocage:rank"::VARCHAR'
UNWRITABLE = literal("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}]")  # what XML 1.0 cannot hold
BASE = "urn:bocage:"


@dataclass(frozen=True)
class Names:
    """`record`: followed by a rank; `field`: followed by the name of a field. Both are addresses below `base`."""

    base: str

    @property
    def record(self) -> str:
        return f"{self.base}/record/"

    @property
    def field(self) -> str:
        return f"{self.base}/field/"


def names_of(options: Options) -> Names:
    return Names(options.address.rstrip("/") or f"{BASE}{options.title}")


def lexical(field: Field) -> str:
    """SQL of the text of a value as RDF writes it, NULL when missing."""
    column = name(field.name)
    if field.type == FieldType.DATETIME:
        return instant(column, "UTC")
    if field.type == FieldType.NUMBER:
        return finite(column)
    if field.type.is_geographic:
        return f"ST_AsText(ST_GeomFromWKB({column}))"
    if field.type == FieldType.ARRAY:
        return f"array_to_string({column}, ', ')"
    return f"{column}::VARCHAR"


def replaced(text: str, marks: Sequence[tuple[str, str]]) -> str:
    for mark, written in marks:
        text = f"replace({text}, {literal(mark)}, {literal(written)})"
    return text


def texts(stream: Stream, line: str) -> Iterator[bytes]:
    """What the engine writes of each row, in the order of the stream."""
    with workbench(stream) as (engine, _folder):
        ranked = f'SELECT *, row_number() OVER () AS "bocage:rank" FROM {ROWS}'
        for batch in engine.arrow(f"SELECT {line} AS line FROM ({ranked})"):
            if text := text_of(batch):
                yield text


@dataclass(frozen=True)
class NTriples:
    """https://www.w3.org/TR/n-triples/ : one line for each value."""

    name: str
    media_type: str
    geographic: bool = False
    reprojects: Part = ""

    def rendering(self, _options: Options) -> None:
        return None

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        names = names_of(options)
        yield from texts(stream, concatenated([self._triple(column, names) for column in stream.columns] or ["''"]))

    def _triple(self, column: Field, names: Names) -> str:
        datatype, text = DATATYPES.get(column.type), lexical(column)
        if datatype is None:
            text = replaced(text, (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")))
        begin, middle = literal(f"<{names.record}"), literal(f'> <{names.field}{column.name}> "')
        end = literal(f'"^^<{datatype}> .\n' if datatype else '" .\n')
        return f"coalesce({begin} || {RANK} || {middle} || {text} || {end}, '')"


@dataclass(frozen=True)
class RdfXml:
    """https://www.w3.org/TR/rdf-syntax-grammar/"""

    name: str = "rdfxml"
    media_type: str = "application/rdf+xml; charset=utf-8"
    geographic: bool = False
    reprojects: Part = ""

    def rendering(self, _options: Options) -> None:
        return None

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        names = names_of(options)
        rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        opening = f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="{rdf}" xmlns:f="{names.field}">\n'
        yield opening.encode()
        begin = literal(f'<rdf:Description rdf:about="{names.record}')
        properties = [self._property(column) for column in stream.columns]
        yield from texts(
            stream, concatenated([begin, RANK, literal('">'), *properties, literal("</rdf:Description>\n")])
        )
        yield b"</rdf:RDF>\n"

    def _property(self, column: Field) -> str:
        datatype, text = DATATYPES.get(column.type), lexical(column)
        if datatype is None:
            text = replaced(
                f"regexp_replace({text}, {UNWRITABLE}, '', 'g')",
                (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")),
            )
        begin = f"<f:{column.name}" + (f' rdf:datatype="{datatype}">' if datatype else ">")
        return f"coalesce({literal(begin)} || {text} || {literal(f'</f:{column.name}>')}, '')"


@dataclass(frozen=True)
class JsonLd:
    """https://www.w3.org/TR/json-ld11/ : a `@graph` of records, the types of the properties in the context."""

    name: str = "jsonld"
    media_type: str = "application/ld+json; charset=utf-8"
    geographic: bool = False
    reprojects: Part = ""

    def rendering(self, _options: Options) -> None:
        return None

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        names = names_of(options)
        context: dict[str, object] = {"@vocab": names.field}
        for column in stream.columns:
            if datatype := DATATYPES.get(column.type):
                context[column.name] = {"@id": names.field + column.name, "@type": datatype}
        yield f'{{"@context":{json.dumps(context)},"@graph":[\n'.encode()
        first = True
        for text in texts(stream, self._node(stream.columns, names)):
            yield text[2:] if first else text
            first = False
        yield b"\n]}\n"

    def _node(self, columns: Sequence[Field], names: Names) -> str:
        """Every value is a text: its type is in the context, so that no reader rounds it."""
        pieces = [literal(f',\n{{"@id":"{names.record}'), RANK, literal('"')]
        for column in columns:
            key = literal(f",{json.dumps(column.name, ensure_ascii=False)}:")
            pieces.append(f"coalesce({key} || to_json({lexical(column)})::VARCHAR, '')")
        return concatenated([*pieces, literal("}")])


TURTLE = NTriples("turtle", "text/turtle; charset=utf-8")
N3 = NTriples("n3", "text/n3; charset=utf-8")
