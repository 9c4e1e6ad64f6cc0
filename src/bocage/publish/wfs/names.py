"""Names of feature types and properties: what may begin with a digit elsewhere may not in XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bocage.query.plan import ROW_ID
from bocage.query.rendering import main_geometry

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

PREFIX = "bocage"
NAMESPACE = "urn:bocage:features"
"""Of every feature type."""
NAMESPACES = {
    "wfs": "http://www.opengis.net/wfs/2.0",
    "ows": "http://www.opengis.net/ows/1.1",
    "fes": "http://www.opengis.net/fes/2.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    PREFIX: NAMESPACE,
}
SCHEMA = "http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")
_OTHER = re.compile(r"[^A-Za-z0-9_.-]")


def local_name(slug: str) -> str:
    """Of a feature type. An underscore before what does not begin with a letter."""
    return slug if slug[:1].isascii() and slug[:1].isalpha() else f"_{slug}"


def type_name(slug: str) -> str:
    return f"{PREFIX}:{local_name(slug)}"


def slug_of(name: str) -> str:
    """The identifier of the dataset, of a type name with its prefix or without."""
    local = name.strip().rpartition(":")[2]
    return local.removeprefix("_") if local.startswith("_") else local


def property_name(name: str) -> str:
    """Of a field: as it is, unless XML would not take it."""
    if _PLAIN.fullmatch(name) and not name.startswith("_x"):
        return name
    written = _OTHER.sub(lambda found: f"_x{ord(found[0]):04X}_", name)
    return written if _PLAIN.fullmatch(written) else f"_x{ord(written[0]):04X}_{written[1:]}"


def field_name(path: str) -> str:
    """The field that a value reference names: its last step, without prefix. The identifier is `@gml:id`."""
    last = path.strip().rpartition("/")[2].partition("[")[0]
    if last.lstrip("@").rpartition(":")[2] == "id" and last.startswith("@"):
        return ROW_ID
    return _ESCAPED.sub(lambda found: chr(min(int(found[1], 16), 0xFFFF)), last.rpartition(":")[2])


def feature_id(slug: str, identifier: str) -> str:
    return f"{local_name(slug)}.{identifier}"


def identifier_of(slug: str, feature: str) -> str:
    """Of a record, from the `gml:id` of its feature; of another type, one that none has."""
    stem, _dot, identifier = feature.strip().rpartition(".")
    return identifier if slug_of(stem) == slug or not stem else ""


def in_sequence(fields: Sequence[Field]) -> list[Field]:
    """The properties of a feature in the order of its type: what features are drawn by before the other positions, as clients
    take the first geometry that they meet for the one that boxes look at."""
    drawn = main_geometry(fields)
    first = next((rank for rank, one in enumerate(fields) if one.type.is_geographic), 0)
    others = [one for one in fields if one is not drawn]
    return others if drawn is None else [*others[:first], drawn, *others[first:]]
