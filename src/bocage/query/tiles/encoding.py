"""The rows of a tile → its bytes. The engine writes them; a tile that is too heavy is made again with less in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.query.rendering import literal
from bocage.query.rendering import name as quoted
from bocage.query.tiles import columns as c
from bocage.query.tiles.drawing import DRAWN, Frame, drawn
from bocage.query.tiles.generalising import RUNGS, clustered, generalised, reach, seen_in
from bocage.query.tiles.properties import COUNT, LONGEST_TEXT, RECORD, value_sql
from bocage.query.tiles.requests import EXTENT

if TYPE_CHECKING:
    from typing import Any

    from bocage.catalog.fields import Field
    from bocage.store.engine import Session

MOST_BYTES = 500_000
SHORT_TEXT = 40
GEOMETRY = quoted("~geometry")


@dataclass(frozen=True)
class Drawable:
    """What a tile is made of. `rows`: FROM item of the records, with KEY, PLACED, RECORD and the fields; `parameters` of it.
    `level`: FROM item of what stands for them at this zoom, if it was made. `rung`: None when each is drawn as it is. `bare`: the
    same records, with KEY and PLACED alone and the same parameters: those that are counted together need no identifier. `wide`:
    rows of the tiles around are among them."""

    frame: Frame
    layer: str
    rows: str
    parameters: Sequence[Any]
    fields: tuple[Field, ...]
    level: str = ""
    rung: int | None = None
    bare: str = ""
    wide: bool = False


@dataclass(frozen=True)
class _Effort:
    """`longest`: characters of texts, 0 for no property but the identifier."""

    rung: int | None
    longest: int = LONGEST_TEXT
    coarse: bool = False
    level: bool = True


def encoded(session: Session, drawable: Drawable) -> bytes:
    """Never more than MOST_BYTES: texts are cut, then left out, then features are put together more and more. None is lost."""
    content = b""
    for effort in _efforts(drawable):
        content = _encoded(session, drawable, effort)
        if len(content) <= MOST_BYTES:
            break
    return content


def _efforts(drawable: Drawable) -> Iterator[_Effort]:
    for longest in (LONGEST_TEXT, SHORT_TEXT, 0) if drawable.fields else (0,):
        yield _Effort(drawable.rung, longest)
    for rung in RUNGS[1:]:
        if rung > (drawable.rung or 0):
            yield _Effort(rung, 0, level=False)
    yield _Effort(RUNGS[-1], 0, coarse=True, level=False)


def _encoded(session: Session, drawable: Drawable, effort: _Effort) -> bytes:
    fields = drawable.fields if effort.longest else ()
    pieces = [
        f"{GEOMETRY} := {DRAWN}",
        f"{quoted(RECORD)} := CASE WHEN {c.COUNT} = 1 THEN id END",
        f"{quoted(COUNT)} := CASE WHEN {c.COUNT} > 1 THEN {c.COUNT} END",
        *(f"{quoted(field.name)} := p{rank}" for rank, field in enumerate(fields)),
    ]
    feature = f"struct_pack({', '.join(pieces)})"
    tile = f"ST_AsMVT({feature}, {literal(drawable.layer)}, {EXTENT}, '~geometry' ORDER BY {c.KEY}, {c.COUNT})"
    statement = f"SELECT {tile}, count(*) FROM ({_features(drawable, effort)}) AS f"
    ((content, count),) = session.execute(statement, drawable.parameters)
    return bytes(content) if count else b""


def _features(drawable: Drawable, effort: _Effort) -> str:
    """SELECT of what is drawn: DRAWN, KEY, COUNT, the identifier and the properties of what is one record."""
    frame = drawable.frame
    rows = drawable.rows if effort.rung is None else drawable.bare or drawable.rows
    here = f"(SELECT * FROM {rows} AS w WHERE {frame.meets})"
    values = _values(drawable.fields if effort.longest else (), effort.longest)
    if drawable.level and effort.level:
        shown = f"(SELECT * FROM {drawable.level} AS w WHERE {frame.meets} AND ({c.COUNT} = 1 OR {frame.home}))"
    elif effort.rung is not None and frame.flat:
        shown = f"({clustered(here, frame.grid, frame.zoom)})"
    elif effort.rung is not None:
        if drawable.wide:
            here = f"(SELECT * FROM {rows} AS w WHERE {frame.meets_within(reach(effort.rung))})"
        seen = seen_in(frame, effort.rung, wide=drawable.wide)
        shown = f"({generalised(here, frame.grid, frame.zoom, effort.rung, seen)})"
    else:
        singles = f"(SELECT *, 1::BIGINT AS {c.COUNT} FROM {here} AS s)"
        return f"SELECT {DRAWN}, {c.KEY}, {c.COUNT}, {values} FROM ({drawn(singles, frame)}) AS d"
    records = ", ".join(["r." + c.RECORD, *(f"r.{quoted(field.name)}" for field in drawable.fields)])
    joined = f"SELECT h.{DRAWN}, h.{c.KEY}, h.{c.COUNT}, {records} FROM shown AS h JOIN {drawable.rows} AS r"
    return f"""WITH shown AS MATERIALIZED ({drawn(shown, frame, coarse=effort.coarse)})
        SELECT {DRAWN}, {c.KEY}, {c.COUNT}, {values} FROM ({joined} ON r.{c.KEY} = h.{c.KEY} WHERE h.{c.COUNT} = 1) AS o
        UNION ALL BY NAME SELECT {DRAWN}, {c.KEY}, {c.COUNT} FROM shown WHERE {c.COUNT} > 1"""


def _values(fields: Sequence[Field], longest: int) -> str:
    """The identifier and the fields, under names of ours."""
    return ", ".join(
        [f"{c.RECORD} AS id", *(f"{value_sql(field, longest)} AS p{rank}" for rank, field in enumerate(fields))]
    )
