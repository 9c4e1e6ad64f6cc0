"""The fields of a dataset: names as they are, types as declared, annotations in our words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bocage.catalog.annotations import LONGEST_SEPARATOR, NONE, Annotations, FacetSort
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.moving.documents import SourceField
from bocage.store.staged import Notice

TYPES = {
    "text": FieldType.STRING,
    "int": FieldType.INTEGER,
    "double": FieldType.NUMBER,
    "boolean": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
    "geo_point_2d": FieldType.GEOPOINT,
    "geo_shape": FieldType.GEOMETRY,
    "json_blob": FieldType.OBJECT,
    "file": FieldType.OBJECT,
    "image": FieldType.OBJECT,
}
_FILES = ("file", "image")
LONGEST_DESCRIPTION = 1_000
LONGEST_LABEL = 200
_EVIDENT_PRECISIONS = {"date": "day", "datetime": "second"}
_FLAGS = ("facet", "disjunctive", "sortable")
_UNDERSTOOD = (*_FLAGS, "id", "facetsort", "hierarchical", "multivalued", "timeserie_precision", "unit")


@dataclass(frozen=True)
class MappedFields:
    """`annotations`: of the fields that have some; `key`: the fields that identify a row."""

    fields: tuple[Field, ...]
    annotations: dict[str, Annotations]
    key: tuple[str, ...]
    losses: tuple[Notice, ...]


def mapped_fields(given: Iterable[SourceField]) -> MappedFields:
    fields, annotations, key, losses = [], {}, [], list[Notice]()
    for one in given:
        fields.append(_field(one, losses))
        said = _annotations(one, losses)
        if said != NONE:
            annotations[one.name] = said
        if "id" in one.annotations:
            key.append(one.name)
    return MappedFields(tuple(fields), annotations, tuple(key), tuple(losses))


def type_of(one: SourceField) -> FieldType:
    """Text when the type is unknown: nothing of a value is lost in a text."""
    kind = TYPES.get(one.type, FieldType.STRING)
    return FieldType.ARRAY if kind is FieldType.STRING and "multivalued" in one.annotations else kind


def _field(one: SourceField, losses: list[Notice]) -> Field:
    if one.type not in TYPES:
        losses.append(Notice("field-type-unknown", {"field": one.name, "type": one.type or "?"}))
    if one.type in _FILES:
        losses.append(Notice("field-files-stay", {"field": one.name}))
    if len(one.description) > LONGEST_DESCRIPTION:
        losses.append(Notice("field-description-shortened", {"field": one.name}))
    label = one.label if one.label != one.name else ""
    return Field(one.name, type_of(one), label[:LONGEST_LABEL] or one.name, one.description[:LONGEST_DESCRIPTION])


def _annotations(one: SourceField, losses: list[Notice]) -> Annotations:
    precision = _argument(one, "timeserie_precision")
    sort = _argument(one, "facetsort")
    strange = [name for name in one.annotations if name not in _UNDERSTOOD]
    if sort and sort not in FacetSort.values:
        strange.append(f"facetsort({sort})")
    if strange:
        losses.append(Notice("field-annotation", {"field": one.name, "annotations": ", ".join(strange)[:300]}))
    return Annotations.from_dict(
        {
            **{flag: flag in one.annotations for flag in _FLAGS},
            "facet_sort": sort,
            "separator": _separator(one, "hierarchical", "/"),
            "multivalued": _separator(one, "multivalued", ","),
            "timeserie_precision": "" if precision == _EVIDENT_PRECISIONS.get(one.type) else precision,
            "unit": _argument(one, "unit"),
            "semantic_type": one.semantic_type,
        }
    )


def _argument(one: SourceField, name: str) -> str:
    """The first one: none of ours has two."""
    return next(iter(one.annotations.get(name, ())), "")


def _separator(one: SourceField, name: str, usual: str) -> str:
    return (_argument(one, name) or usual)[:LONGEST_SEPARATOR] if name in one.annotations else ""
