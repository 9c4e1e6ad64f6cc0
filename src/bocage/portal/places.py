"""The places of a map as a list: those in view, page after page, and one of them with all its values."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.portal import odsql
from bocage.portal.cells import Cell, cell
from bocage.query.errors import RecordNotFound
from bocage.query.features import IDENTIFIER, FeatureQuery, features
from bocage.query.odsql.clauses import read_conditions
from bocage.query.plan import (
    ROW_ID,
    Aggregate,
    Column,
    Compare,
    Constant,
    OneOf,
    Output,
    Plan,
    Predicate,
    Summary,
    all_of,
)
from bocage.query.planning import refinements
from bocage.query.rendering import JsonLine, main_geometry
from bocage.query.services import planned

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.portal.map_view import Box
    from bocage.query.odsql.scope import Scope
    from bocage.query.relation import Relation
    from bocage.query.requests import OdsqlRequest

PAGE_SIZE = 20
LAST_PAGE = 50
DETAILS = 2
LONGEST_NAME = 120
TITLES = (
    "nom", "name", "titre", "title", "denomination", "enseigne", "raison_sociale", "intitule", "objet", "designation",
    "libelle", "label",
)  # fmt: skip
"""Fields that call a thing by its name, the best first: their names, or the beginnings of them."""
OTHERS = ("commune", "voie", "insee", "region", "departement", "epci")
"""What a field names when its name goes on with it: not the thing itself."""
ACTORS = frozenset(
    ("coll", "collectivite", "com", "dep", "reg", "org", "organisme", "amenageur", "operateur", "gestionnaire", "exploitant",
     "proprietaire", "producteur", "delegataire", "enseigne", "contact", "auteur")
)  # fmt: skip
"""Words of a field that names somebody who keeps many things: all of these would have the same name."""
CODES = ("id", "uid", "uuid", "gid", "fid", "code", "insee", "siren", "siret", "lat", "lon", "x_", "y_", "geo")

BOX = Field("_box", FieldType.GEOMETRY)
_ROW = Column(ROW_ID, FieldType.STRING)
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Place:
    """`box`: west, south, east, north in degrees; None when the row has no position."""

    identifier: str
    name: str
    details: tuple[tuple[Field, Cell], ...] = ()
    box: Bounds | None = None

    @property
    def bounds(self) -> str:
        return ",".join(f"{one:.6f}" for one in self.box) if self.box else ""


@dataclass(frozen=True)
class PlacePage:
    total: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Described:
    """One place, and what is known of it: fields that hold something, with their values as people read them."""

    place: Place
    values: tuple[tuple[Field, Cell], ...]


def naming_field(fields: Sequence[Field]) -> Field | None:
    """The field that calls each row by its name."""
    texts = [field for field in fields if field.type == FieldType.STRING]
    own = [field for field in texts if not any(one in field.name.lower() for one in OTHERS)]
    things = [field for field in own if not ACTORS.intersection(_words(field))]
    exact = [field for title in TITLES for field in own if field.name.lower() == title]
    begun = [field for title in TITLES for field in things if field.name.lower().startswith(title)]
    ended = [field for title in TITLES for field in things if _words(field)[-1] == title]
    others = [field for title in TITLES for field in own if field.name.lower().startswith(title)]
    plain = [field for field in fields if not field.type.is_geographic and field.type != FieldType.OBJECT]
    return next(iter([*exact, *begun, *ended, *others, *texts, *plain]), None)


def _words(field: Field) -> list[str]:
    return field.name.lower().replace("-", "_").split("_")


def conditions(request: OdsqlRequest, scope: Scope) -> Predicate | None:
    """What the filter of the table asks of rows."""
    found = [read_conditions(request.where, scope), *refinements(request, scope)]
    return all_of([one for one in found if one is not None])


def places_in(viewer: Viewer, relation: Relation, asked: OdsqlRequest, box: Box | None, page: int) -> PlacePage:
    """The rows of the filter that have a position in `box`, in the order of the table. Raises AccessDenied."""
    drawn = main_geometry(relation.fields)
    if drawn is None:
        return PlacePage(0, ())
    name = naming_field(relation.fields)
    shown = _details(relation.fields, name)
    wanted = {field.name for field in ([name] if name else []) + shown}
    point = drawn.type == FieldType.GEOPOINT  # whose bounds are itself; shapes are not read, however large
    request = dataclasses.replace(asked, where=[*asked.where, _in_box(drawn, box)])
    query = FeatureQuery(
        condition=lambda scope: conditions(request, scope),
        properties=lambda scope: tuple(field for field in scope.fields.values() if field.name in wanted),
        drawn=point,
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
    with features(viewer, relation, query, JsonLine(after="")) as found:
        rows = [json.loads(text) for batch in found.batches for text in batch.column(0).to_pylist()]
    boxes = _points(rows, drawn) if point else _boxes(viewer, relation, drawn, [row[ROW_ID] for row in rows])
    places = [Place(row[ROW_ID], _named(name, row), _told(shown, row), boxes.get(row[ROW_ID])) for row in rows]
    return PlacePage(found.matched, tuple(places))


def unplaced(viewer: Viewer, relation: Relation, asked: OdsqlRequest) -> int:
    """How many rows of the filter have no position: the table shows them, no map does. Raises AccessDenied."""
    drawn = main_geometry(relation.fields)
    if drawn is None:
        return 0
    request = dataclasses.replace(asked, where=[*asked.where, f"{odsql.name(drawn.name)} is null"])
    query = FeatureQuery(
        condition=lambda scope: conditions(request, scope), properties=lambda _scope: (), drawn=False, limit=1
    )
    with features(viewer, relation, query, JsonLine(after="")) as found:
        return found.matched


def place_of(viewer: Viewer, relation: Relation, identifier: str) -> Described:
    """Raises RecordNotFound, AccessDenied."""
    fields = [field for field in relation.fields if not field.type.is_geographic]
    wanted = Compare("=", _ROW, Constant(identifier[:100], FieldType.STRING))
    outputs = tuple(Output(field, Column(field.name, field.type)) for field in fields)
    found = planned(viewer, relation, lambda _scope: _identified(Plan(outputs, wanted, limit=1)))
    if not found.rows:
        raise RecordNotFound(kind=_("The place"), name=identifier[:100], record_id=identifier[:100])
    row, drawn = found.rows[0], main_geometry(relation.fields)
    boxes = _boxes(viewer, relation, drawn, [identifier]) if drawn else {}
    place = Place(row[ROW_ID], _named(naming_field(fields), row), (), boxes.get(row[ROW_ID]))
    values = ((field, cell(field, row.get(field.name))) for field in fields)
    return Described(place, tuple((field, value) for field, value in values if value.kind != "absent"))


def _identified(plan: Plan) -> Plan:
    return dataclasses.replace(plan, outputs=(Output(IDENTIFIER, _ROW), *plan.outputs))


def _in_box(drawn: Field, box: Box | None) -> str:
    if box is None:
        return f"{odsql.name(drawn.name)} is not null"
    sides = ", ".join(f"{one:.7f}" for one in (box.south, box.west, box.north, box.east))
    return f"in_bbox({odsql.name(drawn.name)}, {sides})"


def _points(rows: Sequence[dict[str, Any]], drawn: Field) -> dict[str, Bounds]:
    placed = [(row[ROW_ID], row[drawn.name]) for row in rows if row[drawn.name]]
    return {one: (at["lon"], at["lat"], at["lon"], at["lat"]) for one, at in placed}


def _boxes(viewer: Viewer, relation: Relation, drawn: Field, identifiers: Sequence[str]) -> dict[str, Bounds]:
    """The bounds of rows, by identifier: read from the columns of bounds, whatever the size of the shapes."""
    if not identifiers:
        return {}
    column = Column(drawn.name, drawn.type)
    plan = Plan(
        (Output(IDENTIFIER, _ROW), Output(BOX, Aggregate(Summary.BOX, column, FieldType.GEOMETRY))),
        OneOf(_ROW, tuple(Constant(one, FieldType.STRING) for one in identifiers)),
        groups=(_ROW,),
        summarised=True,
        limit=len(identifiers),
    )
    found = planned(viewer, relation, lambda _scope: plan)
    return {row[ROW_ID]: _bounds(row[BOX.name]) for row in found.rows if row[BOX.name]}


def _bounds(box: dict[str, Any]) -> Bounds:
    """Of a rectangle in GeoJSON; that of a point has no surface."""
    ring = box["geometry"]["coordinates"][0]
    longitudes, latitudes = [one[0] for one in ring], [one[1] for one in ring]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _details(fields: Sequence[Field], name: Field | None) -> list[Field]:
    """The fields that tell most of a row in a line, beside its name: words before codes and
    before those who keep many things."""
    short = [one for one in fields if one != name and not one.type.is_geographic and one.type != FieldType.OBJECT]
    return sorted(short, key=_says_little)[:DETAILS]


def _says_little(field: Field) -> bool:
    words = set(_words(field))
    return field.name.lower().startswith(CODES) or not words.isdisjoint(ACTORS) or not words.isdisjoint(CODES)


def _named(field: Field | None, row: dict[str, Any]) -> str:
    text = cell(field, row.get(field.name)).text if field else ""
    return text[:LONGEST_NAME] or _("Place without a name")


def _told(fields: Sequence[Field], row: dict[str, Any]) -> tuple[tuple[Field, Cell], ...]:
    found = ((field, cell(field, row.get(field.name))) for field in fields)
    return tuple((field, value) for field, value in found if value.kind != "absent")
