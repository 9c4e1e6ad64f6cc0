"""Which columns of a table hold its positions: proposed by their names, confirmed by their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from bocage.capture.positions import crs
from bocage.capture.positions.errors import GeometryColumnsMissing, GeometryColumnUnknown
from bocage.capture.positions.names import names_a_place, pairs, text_order
from bocage.capture.positions.notices import ORDER_UNKNOWN, listed, notice
from bocage.capture.positions.sql import (
    BEGINNING,
    COMMA_PAIR,
    GEOJSON,
    LON_LAT_OBJECT,
    LONG_PAIR,
    PAIR,
    SRID,
    WKT,
    coordinates_of_text,
    in_france,
    number_of,
    present,
    text_of,
)
from bocage.capture.positions.tables import Table
from bocage.capture.reading import Column, Reading
from bocage.capture.sql import literal
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop
from bocage.store.staged import Notice

SOURCES = ("latlon", "latlon_text", "lonlat_text", "wkt", "geojson")
SAMPLE = 20_000
CONFIRMED = 0.8  # share of the filled cells that must look like positions
NAMED = 0.5  # the same, when the names leave no doubt
_COLUMNS_AT_ONCE = 100


@dataclass(frozen=True)
class _Looks:
    """What a text column of the sample looks like: shares of its filled cells."""

    filled: int
    geojson: float
    wkt: float
    keyed: float
    pair: float
    long_pair: float


def search(
    workshop: Workshop, reading: Reading, fields: Sequence[tuple[Column, Field]]
) -> tuple[GeometryFound | None, list[Notice]]:
    """Shapes first, then latitude and longitude, then positions in one column, then x and y."""
    sample = Table.of(reading).head(SAMPLE)
    columns = [column for column, _ in fields]
    texts = [c for c, field in fields if field.type in (FieldType.STRING, FieldType.OBJECT)]
    looks = _look(workshop, sample, texts)
    if shape := _shape_column(workshop, sample, texts, looks):
        return shape, []
    labels = [column.label or column.name for column in columns]
    candidates = pairs(labels)
    for pair in candidates:
        if pair.degrees and _numeric(workshop, sample, columns[pair.y].name, columns[pair.x].name) >= NAMED:
            return GeometryFound("latlon", (columns[pair.y].name, columns[pair.x].name), crs=pair.crs or crs.CRS84), []
    found, notices = _text_column(workshop, sample, texts, looks)
    if found:
        return found, notices
    for pair in candidates:
        y, x = columns[pair.y].name, columns[pair.x].name
        if pair.degrees or _numeric(workshop, sample, y, x) < CONFIRMED:
            continue
        if pair.crs or _plausible(workshop, sample, y, x):
            return GeometryFound("latlon", (y, x), crs=pair.crs), []
    return None, []


def asked_for(
    workshop: Workshop, reading: Reading, fields: Sequence[tuple[Column, Field]], corrections: Corrections
) -> GeometryFound:
    """The source and the columns that a person chose, completed. Raises GeometryColumnUnknown, GeometryColumnsMissing."""
    columns = tuple(_resolve(name, fields) for name in corrections.geometry_columns)
    source = corrections.geometry_source if corrections.geometry_source in SOURCES else ""
    if not columns:
        found, _ = search(workshop, reading, fields)
        if found is None or found.source != source:
            raise GeometryColumnsMissing(needed=2 if source == "latlon" else 1, given=0)
        return found
    if source == "wkt":
        return GeometryFound(source, columns, crs=_srid(workshop, Table.of(reading), columns[0]))
    if not source:
        source = "latlon" if len(columns) == 2 else _source_of(workshop, reading, fields, columns[0])
    needed = 2 if source == "latlon" else 1
    if len(columns) != needed:
        raise GeometryColumnsMissing(needed=needed, given=len(columns))
    return GeometryFound(source, columns, crs="" if source == "latlon" else crs.CRS84)


def _resolve(name: str, fields: Sequence[tuple[Column, Field]]) -> str:
    for column, field in fields:
        if name in (field.name, column.name, column.label):
            return column.name
    raise GeometryColumnUnknown(column=name, columns=listed([field.name for _, field in fields]))


def _source_of(workshop: Workshop, reading: Reading, fields: Sequence[tuple[Column, Field]], name: str) -> str:
    chosen = [column for column, _ in fields if column.name == name]
    sample = Table.of(reading).head(SAMPLE)
    [looks] = _look(workshop, sample, chosen)
    if looks.geojson >= looks.wkt and looks.geojson > looks.pair:
        return "geojson"
    return "wkt" if looks.wkt > looks.pair else _order(workshop, sample, chosen[0])[0]


def _look(workshop: Workshop, sample: Table, columns: Sequence[Column]) -> list[_Looks]:
    names = [column.name for column in columns]
    found = dict.fromkeys(names, _Looks(0, 0, 0, 0, 0, 0))
    worth = [name for name, (begins,) in _asked(workshop, sample, names, _begins).items() if begins]
    for name, (filled, *counts) in _asked(workshop, sample, worth, _tests).items():
        found[name] = _Looks(filled, *(count / max(filled, 1) for count in counts))
    return [found[name] for name in names]


def _asked(
    workshop: Workshop, sample: Table, names: Sequence[str], questions: Callable[[str], list[str]]
) -> dict[str, tuple[int, ...]]:
    """The answers to the same questions about each column."""
    answers: dict[str, tuple[int, ...]] = {}
    for at in range(0, len(names), _COLUMNS_AT_ONCE):
        some = names[at : at + _COLUMNS_AT_ONCE]
        asked = [questions(name) for name in some]
        [row] = workshop.execute(f"SELECT {', '.join(chain.from_iterable(asked))} FROM ({sample.sql}) AS sample")
        values = iter(row)
        answers |= {name: tuple(islice(values, len(each))) for name, each in zip(some, asked, strict=True)}
    return answers


def _begins(name: str) -> list[str]:
    return [f"count(*) FILTER (regexp_matches({text_of(name)}, {literal(BEGINNING)}))"]


def _tests(name: str) -> list[str]:
    text = text_of(name)
    filled = f"coalesce(trim({text}), '') <> ''"
    patterns = (GEOJSON, WKT, LON_LAT_OBJECT, f"(?:{PAIR})|(?:{COMMA_PAIR})", LONG_PAIR)
    counts = [f"count(*) FILTER (regexp_matches({text}, {literal(pattern)}))" for pattern in patterns]
    return [f"count(*) FILTER ({filled})", *counts]


def _shape_column(
    workshop: Workshop, sample: Table, texts: Sequence[Column], looks: Sequence[_Looks]
) -> GeometryFound | None:
    """A column of GeoJSON or WKT; one whose name says so before another."""
    sure = [(c, look) for c, look in zip(texts, looks, strict=True) if max(look.geojson, look.wkt) >= CONFIRMED]
    sure.sort(key=lambda pair: not names_a_place(pair[0].label))
    if not sure:
        return None
    column, look = sure[0]
    if look.geojson >= look.wkt:
        return GeometryFound("geojson", (column.name,))
    return GeometryFound("wkt", (column.name,), crs=_srid(workshop, sample, column.name))


def _srid(workshop: Workshop, sample: Table, name: str) -> str:
    """The system that all EWKT values of a column agree on (`SRID=2154;POINT(…)`); CRS84 when they say nothing."""
    [(srids,)] = workshop.execute(
        f"SELECT list(DISTINCT nullif(regexp_extract({text_of(name)}, {literal(SRID)}, 1), '')) FROM ({sample.sql}) AS sample"
    )
    said = [srid for srid in srids or () if srid]
    return crs.parse(f"EPSG:{said[0]}") if len(said) == 1 else crs.CRS84


def _text_column(
    workshop: Workshop, sample: Table, texts: Sequence[Column], looks: Sequence[_Looks]
) -> tuple[GeometryFound | None, list[Notice]]:
    """A column of `lat, lon`: the name makes it likely, or the many decimals make it sure."""
    for column, look in zip(texts, looks, strict=True):
        named = names_a_place(column.label)
        if max(look.pair if named else look.long_pair, look.keyed) < CONFIRMED:
            continue
        source, notices = _order(workshop, sample, column)
        return GeometryFound(source, (column.name,)), [] if look.keyed >= CONFIRMED else notices
    return None, []


def _order(workshop: Workshop, sample: Table, column: Column) -> tuple[str, list[Notice]]:
    """By the convention of the name; else as the positions fall in France; else brackets mean longitude first."""
    if by_name := text_order(column.label):
        return by_name, []
    x, y = coordinates_of_text(column.name, latitude_first=True)
    [(as_lat, as_lon, brackets)] = workshop.execute(f"""
        SELECT count(*) FILTER ({in_france("x", "y")}), count(*) FILTER ({in_france("y", "x")}),
            coalesce(bool_and(starts_with(ltrim(t), '[')), false)
        FROM (SELECT {x} AS x, {y} AS y, {text_of(column.name)} AS t FROM ({sample.sql}) AS sample)
        WHERE coalesce(trim(t), '') <> ''""")
    source = ("lonlat_text" if brackets else "latlon_text") if as_lat == as_lon else None
    source = source or ("latlon_text" if as_lat > as_lon else "lonlat_text")
    order = "latitude, longitude" if source == "latlon_text" else "longitude, latitude"
    return source, [notice(ORDER_UNKNOWN, column=column.label or column.name, order=order)]


def _numeric(workshop: Workshop, sample: Table, y: str, x: str) -> float:
    """Share of the rows filled in both columns where both are numbers."""
    read = " AND ".join(f"({number_of(column, sample.numbers)}) IS NOT NULL" for column in (y, x))
    [(filled, numbers)] = workshop.execute(
        f"SELECT count(*) FILTER ({present((y, x), sample.numbers)}), count(*) FILTER ({read}) FROM ({sample.sql}) AS sample"
    )
    return numbers / filled if filled else 0.0


def _plausible(workshop: Workshop, sample: Table, y: str, x: str) -> bool:
    """x and y may be those of a screen or of a plan: only coordinates that fall in France, in a usual system, are positions."""
    pair = (
        f"SELECT {number_of(x, sample.numbers)} AS x, {number_of(y, sample.numbers)} AS y FROM ({sample.sql}) AS sample"
    )
    [(west, south, east, north, french)] = workshop.execute(f"""
        SELECT quantile_cont(x, 0.02), quantile_cont(y, 0.02), quantile_cont(x, 0.98), quantile_cont(y, 0.98),
            avg(CASE WHEN {in_france("x", "y")} THEN 1 ELSE 0 END)
        FROM ({pair}) AS pairs WHERE x IS NOT NULL AND y IS NOT NULL""")
    likely = crs.from_bounds((west, south, east, north))
    return likely is not None and (likely != crs.CRS84 or french >= CONFIRMED)
