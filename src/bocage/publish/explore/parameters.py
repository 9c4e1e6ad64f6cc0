"""The parameters of the interface, as one table: it reads requests and writes the OpenAPI document, so they agree.

Unknown parameters are ignored, as real links carry parameters of other formats; a known one that is wrong is a 400.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from bocage.publish.explore.errors import InvalidRESTParameter
from bocage.query.odsql.dates import zones

if TYPE_CHECKING:
    from django.http import QueryDict

Kind = Literal["text", "texts", "integer", "boolean", "choice", "timezone"]

LANGUAGES = ("en", "fr", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")
LONGEST_TEXT = 20_000
"""Characters of one clause."""
MOST_REPEATED = 50
"""Occurrences of one repeatable parameter."""


@dataclass(frozen=True)
class Parameter:
    """`default` is also the type of the answer; `choices` closes a `choice`."""

    name: str
    kind: Kind
    default: Any
    description: str
    choices: tuple[str, ...] = ()

    def read(self, query: QueryDict) -> Any:
        """The value given, or the default when absent or empty. Raises InvalidRESTParameter."""
        values = [value for value in query.getlist(self.name) if value != ""]
        if len(values) > MOST_REPEATED:
            raise InvalidRESTParameter(self.name, f"{len(values)} occurrences", f"at most {MOST_REPEATED}")
        for value in values:
            if len(value) > LONGEST_TEXT:
                raise InvalidRESTParameter(self.name, f"{len(value)} characters", f"at most {LONGEST_TEXT}")
            if "\x00" in value:
                raise InvalidRESTParameter(self.name, "a null character", "a text")
        if self.kind == "texts":
            return tuple(values)
        return _READERS[self.kind](self, values[-1]) if values else self.default


def _integer(parameter: Parameter, value: str) -> int:
    try:
        if len(value) > 18:
            raise ValueError
        return int(value)
    except ValueError:
        raise InvalidRESTParameter(parameter.name, value[:100], "an integer") from None


def _boolean(parameter: Parameter, value: str) -> bool:
    if value.lower() in ("true", "1"):
        return True
    if value.lower() in ("false", "0"):
        return False
    raise InvalidRESTParameter(parameter.name, value[:100], "a boolean (true or false)")


def _choice(parameter: Parameter, value: str) -> str:
    if value not in parameter.choices:
        raise InvalidRESTParameter(parameter.name, value[:100], f"one of {', '.join(parameter.choices)}")
    return value


@cache
def _timezones() -> dict[str, str]:
    return {name.lower(): name for name in zones()}


def _timezone(parameter: Parameter, value: str) -> str:
    try:
        return _timezones()[value.lower()]
    except KeyError:
        raise InvalidRESTParameter(parameter.name, value[:100], "a valid timezone") from None


_READERS = {
    "text": lambda _parameter, value: value,
    "integer": _integer,
    "boolean": _boolean,
    "choice": _choice,
    "timezone": _timezone,
}

SELECT = Parameter("select", "text", "", "Fields, functions and aggregates to return; everything by default.")
WHERE = Parameter("where", "texts", (), "Boolean expression; repeated occurrences are combined with AND.")
GROUP_BY = Parameter("group_by", "text", "", "Expressions to group by.")
ORDER_BY = Parameter("order_by", "text", "", "Expressions to sort by, each with ASC or DESC.")
LIMIT = Parameter("limit", "integer", 10, "Number of items: at most 100, or 20000 with group_by.")
OFFSET = Parameter(
    "offset", "integer", 0, "Index of the first item; offset + limit is at most 10000, 20000 with group_by."
)
REFINE = Parameter("refine", "texts", (), "facet:value to keep; repeatable.")
EXCLUDE = Parameter("exclude", "texts", (), "facet:value to leave out; repeatable.")
FACET = Parameter("facet", "texts", (), 'Field, or facet(name="f", sort="-count", limit=20…); repeatable.')
LANG = Parameter("lang", "choice", "fr", "Language of the names in dates and labels.", LANGUAGES)
TIMEZONE = Parameter("timezone", "timezone", "UTC", "IANA time zone of the dates in the query and in the answer.")
INCLUDE_LINKS = Parameter("include_links", "boolean", False, "Add _links to the answer.")
INCLUDE_APP_METAS = Parameter("include_app_metas", "boolean", False, "Add application metadata.")
AS_OF = Parameter(
    "as_of",
    "text",
    "",
    "Number of a version, or date: the rows as they were. An extension; for whoever sees the history.",
)
EXPORT_LIMIT = Parameter("limit", "integer", -1, "Number of items; -1, the default, is all of them.")
USE_LABELS = Parameter("use_labels", "boolean", False, "Head the columns with labels rather than technical names.")
COMPRESSED = Parameter("compressed", "boolean", False, "Compress the file with gzip.")
EPSG = Parameter("epsg", "integer", 4326, "EPSG code of the coordinates of the shapes, easting or longitude first.")
DELIMITER = Parameter("delimiter", "choice", ";", "Between the columns of a CSV file.", (";", ",", "\t", "|"))
LIST_SEPARATOR = Parameter("list_separator", "text", ",", "Between the values of a multivalued field.")
QUOTE_ALL = Parameter("quote_all", "boolean", False, "Quote every value of a CSV file.")
WITH_BOM = Parameter("with_bom", "boolean", True, "Begin a CSV file with a byte-order mark.")
PARQUET_COMPRESSION = Parameter(
    "parquet_compression", "choice", "", "snappy, the default, or zstd.", ("snappy", "zstd")
)
NAME_FIELD = Parameter("name_field", "text", "", "Field shown as the name of each feature of a GPX file.")
DESCRIPTION_FIELDS = Parameter(
    "description_field_list",
    "text",
    "",
    "Fields put together in the description of a GPX feature, separated by commas.",
)
USE_EXTENSION = Parameter("use_extension", "boolean", True, "Put the other fields in the extensions of a GPX file.")
INCLUDE_EXPORTS = Parameter(
    "include_exports", "text", "", "Formats listed as distributions, separated by commas; all by default."
)
USE_LABELS_IN_EXPORTS = Parameter(
    "use_labels_in_exports", "boolean", True, "Link to CSV and XLSX files headed with labels."
)

CLAUSES = (SELECT, WHERE, ORDER_BY, GROUP_BY, REFINE, EXCLUDE, FACET, LANG, TIMEZONE)
RECORDS = (*CLAUSES, LIMIT, OFFSET, INCLUDE_LINKS, INCLUDE_APP_METAS)
FACETS = (WHERE, REFINE, EXCLUDE, FACET, LANG, TIMEZONE)
FILE = (
    USE_LABELS,
    COMPRESSED,
    EPSG,
    DELIMITER,
    LIST_SEPARATOR,
    QUOTE_ALL,
    WITH_BOM,
    PARQUET_COMPRESSION,
    NAME_FIELD,
    DESCRIPTION_FIELDS,
    USE_EXTENSION,
)
EXPORT = (*CLAUSES, EXPORT_LIMIT, OFFSET, *FILE)
PAST_RECORDS, PAST_FACETS, PAST_EXPORT = (*RECORDS, AS_OF), (*FACETS, AS_OF), (*EXPORT, AS_OF)
"""Of a dataset: it has versions, the catalogue has none."""
CATALOGUE_EXPORT = (*EXPORT, INCLUDE_EXPORTS, USE_LABELS_IN_EXPORTS)

Given = Mapping[str, Any]


def read_parameters(query: QueryDict, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """Every declared parameter, with its value."""
    return {parameter.name: parameter.read(query) for parameter in parameters}


MOST_ITEMS, MOST_GROUPS, DEEPEST = 100, 20_000, 10_000


def check_page(given: Given) -> tuple[int, int]:
    """`limit` and `offset` of a page, within bounds; -1 is as many as a page may hold. Raises InvalidRESTParameter."""
    grouped = bool(given["group_by"])
    most, deepest = (MOST_GROUPS, MOST_GROUPS) if grouped else (MOST_ITEMS, DEEPEST)
    limit, offset = given["limit"], given["offset"]
    if not -1 <= limit <= most:
        raise InvalidRESTParameter("limit", limit, f"-1 <= limit <= {most}")
    if offset < 0:
        raise InvalidRESTParameter("offset", offset, ">= 0")
    limit = min(most, max(deepest - offset, 0)) if limit == -1 else limit
    if offset + limit > deepest:
        raise InvalidRESTParameter("sum of offset + limit", offset + limit, f"<= {deepest}")
    return limit, offset
