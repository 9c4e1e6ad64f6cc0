"""Type of Table Schema → its reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bocage.check.rules.types import documents, instants, numeric, texts
from bocage.check.rules.types.reading import Reading
from bocage.check.schema import SchemaField

TYPES: Mapping[str, Callable[[SchemaField, str], Reading]] = {
    "any": texts.anything,
    "array": documents.array,
    "boolean": texts.boolean,
    "date": instants.date,
    "datetime": instants.datetime,
    "duration": documents.duration,
    "geojson": documents.geojson,
    "geopoint": documents.geopoint,
    "integer": numeric.integer,
    "number": numeric.number,
    "object": documents.object_,
    "string": texts.string,
    "time": instants.time,
    "year": numeric.year,
    "yearmonth": numeric.year_month,
}


def reading_of(field: SchemaField, text: str = "text") -> Reading:
    """`text`: SQL text, not NULL where the reading is asked."""
    return TYPES[field.type](field, text)
