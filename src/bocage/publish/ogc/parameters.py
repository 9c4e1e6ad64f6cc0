"""The parameters of each operation: what is not declared is refused, as the standard asks (/req/core/query-param-unknown)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.publish.ogc.errors import InvalidParameterValue, OgcError
from bocage.publish.viewers import PARAMETERS as KEYS

if TYPE_CHECKING:
    from django.http import QueryDict

DEFAULT_LIMIT, MOST_FEATURES = 10_000, 100_000
"""Features of a page of JSON: clients of the desktop page by what the API description says (reference: QGIS)."""
DEFAULT_COLLECTIONS, MOST_COLLECTIONS = 1_000, 10_000
LARGEST_OFFSET = 2**40
LONGEST = 100_000


@dataclass(frozen=True)
class Parameter:
    """`schema`: of the API description."""

    name: str
    description: str
    schema: Mapping[str, Any]
    explode: bool = False


def _number(default: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


TEXT: Mapping[str, Any] = {"type": "string"}
URI: Mapping[str, Any] = {"type": "string", "format": "uri"}
NAMES: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
NUMBERS: Mapping[str, Any] = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}

F = Parameter("f", "The representation, in the place of the Accept header.", TEXT)
LANG = Parameter("lang", "The language of the sentences: fr or en.", TEXT)
LIMIT = Parameter("limit", "The most features of a page.", _number(DEFAULT_LIMIT, MOST_FEATURES))
COLLECTIONS_LIMIT = Parameter(
    "limit", "The most collections of a page.", _number(DEFAULT_COLLECTIONS, MOST_COLLECTIONS)
)
OFFSET = Parameter(
    "offset", "How many are passed over. Links named next are faster.", {"type": "integer", "minimum": 0, "default": 0}
)
CURSOR = Parameter("cursor", "Where the page begins: taken from a link named next, never made by hand.", TEXT)
BBOX = Parameter("bbox", "Only features whose geometry meets this box.", NUMBERS)
BBOX_CRS = Parameter("bbox-crs", "The reference system of bbox.", URI)
CRS = Parameter("crs", "The reference system of the coordinates of the answer.", URI)
DATETIME = Parameter(
    "datetime", "Only features of this instant or interval (RFC 3339): a date, a/b, ../b or a/..", TEXT
)
FILTER = Parameter("filter", "A condition in CQL2.", TEXT)
FILTER_LANG = Parameter(
    "filter-lang",
    "How the filter is written.",
    {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"},
)
FILTER_CRS = Parameter("filter-crs", "The reference system of the geometries of the filter.", URI)
SORTBY = Parameter("sortby", "Names of sortables, each after + or -.", NAMES)
PROPERTIES = Parameter("properties", "Names of the properties of the answer.", NAMES)
RESULT_TYPE = Parameter(
    "resultType", "hits: how many features there are, and none of them.",
    {"type": "string", "enum": ["results", "hits"], "default": "results"},
)  # fmt: skip
SKIP_GEOMETRY = Parameter("skipGeometry", "true: without geometry.", {"type": "boolean", "default": False})

DOCUMENT = (F, LANG)
COLLECTIONS = (COLLECTIONS_LIMIT, OFFSET, F, LANG)
ITEM = (CRS, F, LANG)
FILES = (FILTER, FILTER_LANG, FILTER_CRS, BBOX, BBOX_CRS, DATETIME)
ITEMS = (
    BBOX, BBOX_CRS, CRS, DATETIME, FILTER, FILTER_LANG, FILTER_CRS, LIMIT, OFFSET, CURSOR, SORTBY, PROPERTIES,
    RESULT_TYPE, SKIP_GEOMETRY, F, LANG,
)  # fmt: skip
EVERY = (*ITEMS, COLLECTIONS_LIMIT)


def read(sent: QueryDict, known: Sequence[Parameter], others: Collection[str] = ()) -> dict[str, str]:
    """Name → what was sent, blanks around left out. Raises OgcError: unknown, repeated or too long."""
    names = {one.name for one in known} | set(others) | set(KEYS)
    found: dict[str, str] = {}
    for name, values in sent.lists():
        if name not in names:
            sentence = _("“%(name)s” is not a parameter of this address.")
            raise OgcError(400, "InvalidParameterValue", sentence % {"name": name[:100]})
        if len(values) > 1:
            raise InvalidParameterValue(name, values[1], _("one value is expected"))
        if len(values[0]) > LONGEST:
            raise InvalidParameterValue(name, values[0], _("it is too long"))
        found[name] = values[0].strip()
    return found


def whole_number(given: Mapping[str, str], parameter: Parameter) -> int:
    """Between its minimum and its maximum; larger is brought down to the maximum, as the standard allows."""
    schema, text = parameter.schema, given.get(parameter.name, "")
    if not text:
        return int(schema["default"])
    most = int(schema.get("maximum", LARGEST_OFFSET))
    if not text.isascii() or not text.isdigit():
        raise InvalidParameterValue(parameter.name, text, _("a whole number is expected"))
    value = min(int(text[:20]), most)
    if value < schema["minimum"]:
        raise InvalidParameterValue(
            parameter.name, text, _("at least %(least)s is expected") % {"least": schema["minimum"]}
        )
    return value


def choice(given: Mapping[str, str], parameter: Parameter) -> str:
    found = given.get(parameter.name) or str(parameter.schema["default"])
    if found not in parameter.schema["enum"]:
        names = ", ".join(parameter.schema["enum"])
        raise InvalidParameterValue(parameter.name, found, _("one of %(names)s") % {"names": names})
    return found


def truth(given: Mapping[str, str], parameter: Parameter) -> bool:
    found = given.get(parameter.name, "").lower()
    if found not in ("", "true", "false"):
        raise InvalidParameterValue(parameter.name, found, _("true or false is expected"))
    return found == "true"


def names(given: Mapping[str, str], parameter: Parameter) -> list[str]:
    return [one.strip() for one in given.get(parameter.name, "").split(",") if one.strip()]


RESERVED = frozenset({one.name for one in (*ITEMS, *COLLECTIONS)} | set(KEYS))
"""Names that mean something whatever the fields of a collection are called."""
