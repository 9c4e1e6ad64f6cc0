"""Values at the edge of their types, in plans that no language would write: a lookup says of them what the engine says."""

from __future__ import annotations

import io
import math
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
import shapely

from bocage.access.viewer import OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.query.lookups import finding
from bocage.query.lookups.lookup import opened
from bocage.query.lookups.writing import write_lookup
from bocage.query.plan import (
    Always,
    And,
    BeginsWith,
    Between,
    Column,
    Compare,
    Constant,
    Denied,
    InBox,
    Missing,
    Near,
    Not,
    OneOf,
    Or,
    Output,
    Plan,
    Shape,
    SortKey,
    Spatial,
)
from bocage.query.services import planned
from bocage.store import engine
from tests.query.lookups.kept import KeptTable
from tests.query.table import TableRelation

DRAW = random.Random(31)
COUNT = 300
VALUES: dict[T, list[Any]] = {
    T.STRING: [
        "", " ", "a", "A", "é", "e\u0301", "É", "ß", "ﬁ", "\U0001f600", "\U0001f600\u200d", "\uffff", "\ud7ff", "\x01",
        "a\x00b", "a\x00", "\x00", "10", "9", "%", "a%", "null", "a'b", 'a"b', "\u2028", "\U0010ffff",
    ],
    T.INTEGER: [0, 1, -1, 5, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 10**18, 10**18 + 1],
    T.NUMBER: [
        0.0, -0.0, 1.0, 0.1, 0.1 + 0.2, math.inf, -math.inf, 1e308, 5e-324, 2.0**53, 2.0**53 + 2, 1e18, 2.0**63,
    ],
    T.BOOLEAN: [True, False],
    T.DATE: [date(1, 1, 1), date(1582, 10, 10), date(1969, 12, 31), date(1970, 1, 1), date(2024, 2, 29), date.max],
    T.DATETIME: [
        datetime(1, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999999, UTC), datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2024, 3, 31, 0, 59, 59, 1, UTC), datetime(2024, 3, 31, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC),
    ],
}  # fmt: skip
ASKED = VALUES | {
    T.INTEGER: [*VALUES[T.INTEGER], 2**63, -(2**63) - 1, 2**100],
    T.STRING: [*VALUES[T.STRING], "c1", "c20"],
}
NAMED = {T.STRING: ("code", 't"x y', "id", "c0"), T.INTEGER: ("rang", "entier"), T.NUMBER: ("part", "nan"),
         T.BOOLEAN: ("b",), T.DATE: ("d",), T.DATETIME: ("m",)}  # fmt: skip
FIELDS = (
    *(Field(name, kind) for kind, names in NAMED.items() for name in names),
    Field("pt", T.GEOPOINT),
    Field("geo", T.GEOMETRY),
)
CORNERS = [
    (0.0, 0.0), (1.0, 1.0), (180.0, 0.0), (-180.0, 0.0), (179.9, 10.0), (-179.9, 10.0), (0.0, 90.0), (0.0, -90.0),
    (1e-5, 47.0), (0.5, 0.5),
]  # fmt: skip
SIDES = [-180.0, 180.0, 0.0, 1.0, 2.0, -1.0, 0.5, 90.0, -90.0, 200.0, -200.0, 1e9, math.inf]
SQUARES = [shapely.box(*corner, 2, 2) for corner in ((0, 0), (0.5, 0.5), (1, 1))]
SHAPES = [
    *map(shapely.Point, CORNERS), *SQUARES, shapely.Polygon(), shapely.Point(), shapely.LineString([(0, 0), (0, 1)]),
    shapely.LineString([(0, 1), (2, 1)]), shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]),
    shapely.GeometryCollection([shapely.Point(1, 1), shapely.LineString([(0, 0), (2, 0)])]),
]  # fmt: skip
OTHERS = [one for one in SHAPES if not one.is_empty and one.is_valid]


def _row(number: int) -> dict[str, Any]:
    row = {field.name: DRAW.choice(VALUES.get(field.type, [None])) for field in FIELDS}
    row |= {"code": f"c{number}", "entier": DRAW.randrange(5), "nan": DRAW.choice((1.0, math.nan, 2.0))}
    row |= {"pt": DRAW.choice(CORNERS), "geo": DRAW.choice(SHAPES)}
    holes = {name: None for name in row if name != "code" and DRAW.random() < 0.15}
    return {"_row": number, **row, **holes}


TABLE = TableRelation(key="strange", rows=tuple(_row(number) for number in range(COUNT)), fields=FIELDS)
KEPT = KeptTable(key=TABLE.key, rows=TABLE.rows, fields=FIELDS)


@pytest.fixture(scope="module")
def looked() -> Iterator[Counter[bool]]:
    """`looked[True]`: how many plans were looked up."""
    file = io.BytesIO()
    with engine.session() as session:
        write_lookup(file, session, TABLE, f"{TABLE.source(session, OPERATOR)} AS t")
    lookup, uses = opened(pa.py_buffer(file.getvalue())), Counter[bool]()
    real = finding.looked_up

    def told(seen: Any, plan: Any) -> Any:
        found = real(seen, plan)
        uses[found is not None] += isinstance(seen, KeptTable)
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(finding, "_whole", lambda seen: seen if isinstance(seen, KeptTable) else None)
        patched.setattr(finding, "lookup_of", lambda _whole: lookup)
        patched.setattr("bocage.query.services.looked_up", told)
        yield uses


def column() -> Column:
    kind = DRAW.choice(list(NAMED))
    return Column(DRAW.choice(NAMED[kind]), kind)


def value(kind: T) -> Constant:
    """Numbers of either kind, days among instants."""
    kinds = next((some for some in ((T.INTEGER, T.NUMBER), (T.DATE, T.DATETIME)) if kind in some), (kind,))
    chosen = DRAW.choice(kinds)
    return Constant(DRAW.choice(ASKED[chosen]), chosen)


def place() -> Column:
    return DRAW.choice((Column("geo", T.GEOMETRY), Column("pt", T.GEOPOINT)))


def other() -> Shape:
    shape = DRAW.choice(OTHERS)
    return Shape(shape.wkt, shape.bounds, (shape.x, shape.y) if shape.geom_type == "Point" else None)


def simple() -> Any:
    one = column()
    made = (
        lambda: Compare(DRAW.choice(("=", "!=", "<", ">", "<=", ">=")), *DRAW.sample([one, value(one.type)], 2)),
        lambda: Between(one, value(one.type), value(one.type), DRAW.random() < 0.5, DRAW.random() < 0.5),
        lambda: OneOf(one, tuple(value(one.type) for _ in range(DRAW.randint(1, 4)))),
        lambda: BeginsWith(
            (Column(DRAW.choice(NAMED[T.STRING]), T.STRING), Column("id", T.STRING)), DRAW.choice(VALUES[T.STRING])
        ),
        lambda: Missing(DRAW.choice((one, place()))),
        lambda: InBox(place(), *(DRAW.choice(SIDES) for _ in range(4))),
        lambda: Spatial(
            DRAW.choice(("intersects", "within", "contains", "disjoint", "touches")), Column("geo", T.GEOMETRY), other()
        ),
        lambda: Near(place(), other(), DRAW.choice((0.0, 1_000.0, 200_000.0, -1.0, 3e7))),
        lambda: Always(DRAW.random() < 0.5),
    )
    return DRAW.choice(made)()


def condition(depth: int = 0) -> Any:
    kind = DRAW.randrange(9)
    if depth > 2 or kind < 4:
        return simple()
    if kind < 6:
        return DRAW.choice((Not, Denied))(condition(depth + 1))
    return DRAW.choice((And, Or))(tuple(condition(depth + 1) for _ in range(DRAW.randint(1, 3))))


def answer(relation: Any, plan: Plan) -> str:
    """The engine does not always keep the sign of a zero that it sorts by."""
    page = planned(OPERATOR, relation, lambda _scope: plan)
    return re.sub(r"-0\.0(?=[,}])", "0.0", repr((page.total_count, page.rows)))


OUTPUTS = tuple(Output(field, Column(field.name, field.type)) for field in FIELDS)


def test_a_lookup_says_what_the_engine_says(looked, monkeypatch) -> None:
    for _draw in range(40):
        plan = Plan(
            DRAW.choice((OUTPUTS, OUTPUTS[:3])),
            condition(),
            sort=tuple(SortKey(column(), DRAW.random() < 0.5) for _ in range(DRAW.randrange(4))),
            limit=DRAW.choice((0, 1, 50, 100)),
            offset=DRAW.choice((0, 0, 3, COUNT - 1, COUNT, 10_000)),
        )
        monkeypatch.setattr(finding, "MOST_CANDIDATES", DRAW.choice((0, 5, 1_000)))
        monkeypatch.setattr(finding, "MOST_DECIDED", DRAW.choice((0, 5, 1_000)))
        assert answer(KEPT, plan) == answer(TABLE, plan), plan
    assert looked[True] > looked[False] / 2


def test_a_list_of_whole_numbers_and_others(looked) -> None:
    """The engine makes all of them numbers with a fraction: of what is beyond 2^53, several are then one."""
    values = (Constant(2**53, T.INTEGER), Constant(0.5, T.NUMBER))
    plan = Plan(OUTPUTS[:1], OneOf(Column("rang", T.INTEGER), values), limit=100)
    assert answer(KEPT, plan) == answer(TABLE, plan)
