"""The styles of a dataset that a reader may know of. Every door asks here: a style that tells of what they do not see does not
exist for them, and another draws the dataset in its place.

A style is made by people who saw the whole: its classes name values, and bounds that come from all the rows.

- It names a field that the reader does not see as it is (hidden, masked): it does not exist.
- Some rows do not exist for the reader (rules on rows, small counts): of classes by value, those alone are told whose value the
  reader can read in a row; a style of anything else than values and labels does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.styles.seen_rules import ToldByNumbers, values_in
from bocage.catalog.styles.selectors import usual_drawing, written_drawings
from bocage.catalog.styles.services import DEFAULT, USUAL
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.ids import is_slug
from bocage.query.errors import QueryError
from bocage.query.odsql.conditions import comparable_with
from bocage.query.plan import Column, Constant, OneOf, Output, Plan
from bocage.query.restricted import seen_by
from bocage.query.services import planned

if TYPE_CHECKING:
    from bocage.access.restrictions import Restriction
    from bocage.access.viewer import Viewer
    from bocage.catalog.styles.drawings import Drawing
    from bocage.query.odsql.scope import Scope
    from bocage.query.relation import DatasetRelation

MOST_NAMED = 1_000
"""Values of a field that a style may name, for who does not see every row."""
COMPARED = (FieldType.STRING, FieldType.INTEGER, FieldType.NUMBER, FieldType.BOOLEAN, FieldType.DATE)


def styles_for(
    viewer: Viewer, relation: DatasetRelation, seen: Dataset, identifier: str | None = None
) -> list[Drawing]:
    """The one that draws the dataset first, the usual one always among them. `relation`: of the whole dataset; `seen`: the dataset
    with the facts that exist for the viewer; `identifier`: of the only other one that is wanted. Raises AccessDenied."""
    restriction = relation.restriction(viewer)
    usual = usual_drawing(seen, _("The usual style"))
    written = written_drawings(seen, identifier, default_too=identifier == DEFAULT)
    known = [one for one in (_known(viewer, relation, one, restriction) for one in written) if one is not None]
    return [*sorted(known, key=lambda one: (not one.is_default, one.identifier)), usual]


def style_named(viewer: Viewer, relation: DatasetRelation, seen: Dataset, identifier: str) -> Drawing | None:
    """None for hidden as for absent. DEFAULT is always one: that of its name, else the one that draws the dataset."""
    if identifier and not is_slug(identifier):
        return None
    found = styles_for(viewer, relation, seen, identifier)
    named = next((one for one in found if one.identifier == identifier), None)
    return found[0] if named is None and identifier in ("", DEFAULT) else named


def default_style(viewer: Viewer, relation: DatasetRelation, seen: Dataset) -> Drawing:
    """What draws the dataset for this reader."""
    found = styles_for(viewer, relation, seen, DEFAULT)
    return next((one for one in found if one.is_default), found[-1])


def _known(viewer: Viewer, relation: DatasetRelation, drawing: Drawing, restriction: Restriction) -> Drawing | None:
    if not restriction:
        return drawing
    if not _names_seen(viewer, relation, drawing, restriction):
        return None
    return _among_rows(viewer, relation, drawing) if restriction.keeps_rows else drawing


def _names_seen(viewer: Viewer, relation: DatasetRelation, drawing: Drawing, restriction: Restriction) -> bool:
    """Whether every field that it names is seen as it is."""
    shown = {field.name for field in seen_by(viewer, relation).fields} - {one.field for one in restriction.masks}
    every = {field.name for field in relation.fields}
    return drawing.is_for(shown, every) and (drawing.rules is None or drawing.words <= shown)


def _among_rows(viewer: Viewer, relation: DatasetRelation, drawing: Drawing) -> Drawing | None:
    """What may be told of it to somebody who does not see every row."""
    if drawing.written is not None:
        return None if drawing.words & {field.name for field in relation.fields} else drawing
    if not drawing.tells_values:
        return drawing
    try:
        named = values_in(drawing.rules or ())
    except ToldByNumbers:
        return None
    return drawing.for_values({name: _seen_values(viewer, relation, name, values) for name, values in named.items()})


def _seen_values(viewer: Viewer, relation: DatasetRelation, name: str, values: set[str]) -> frozenset[str]:
    """Those of `values` that a row has which the reader sees: one grouped statement, below the rights."""
    fields: Mapping[str, Field] = {field.name: field for field in seen_by(viewer, relation).fields}
    field = fields[name]
    if field.type not in COMPARED or len(values) > MOST_NAMED:
        return frozenset()
    read: dict[object, str] = {}

    def plan(scope: Scope) -> Plan:
        column = Column(name, field.type)
        for value in values:
            try:
                constant = comparable_with(column, Constant(value, FieldType.STRING, value), "=", scope)
            except QueryError:
                continue
            if isinstance(constant, Constant):
                read[constant.value] = value
        constants = tuple(Constant(one, field.type) for one in read)
        return Plan(
            (Output(field, column),), condition=OneOf(column, constants) if constants else None, groups=(column,),
            summarised=True, limit=len(constants),
        )  # fmt: skip

    found = planned(viewer, relation, plan)
    told = {_comparable(row[name]) for row in found.rows}
    return frozenset(text for value, text in read.items() if _comparable(value) in told)


def _comparable(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


__all__ = ["DEFAULT", "USUAL", "default_style", "style_named", "styles_for"]
