"""The facts of datasets as one reader may know them: fields, rows, bounds, key. What every page and document shows of a dataset
comes from here, as what it shows of its rows comes from `query.services`."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bocage.access.restrictions import limits_on
from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.query.restricted import shown_columns

if TYPE_CHECKING:
    from bocage.access.restrictions import Restriction
    from bocage.access.viewer import Viewer


def as_seen(viewer: Viewer, dataset: Dataset) -> Dataset:
    """The dataset, of which the viewer may know, with the facts that exist for them. To be shown, never saved."""
    return all_as_seen(viewer, [dataset])[0]


def all_as_seen(viewer: Viewer, datasets: Iterable[Dataset]) -> list[Dataset]:
    """The same for those of a page, in their order: four queries at most, one when there is no rule."""
    datasets = list(datasets)
    found = limits_on(viewer, datasets)
    closed = {one.pk for one in datasets if not decide(viewer, Action.READ, one)}
    kept = {one.pk for one in datasets if found[one.uid]} | closed
    schemas = _schemas(one for one in datasets if one.pk in kept)

    def facts(one: Dataset) -> dict[str, Any]:
        seen = seen_facts(_facts(one, schemas[one.pk]), found[one.uid])
        return announced_facts(seen) if one.pk in closed else seen

    return [_told(one, facts(one)) if one.pk in kept else one for one in datasets]


def announced_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of the facts of a dataset for those who may only know of it: its fields, by their names, their types and what
    people wrote of them. How its values were written in a file is among what is made of values."""
    fields = [dataclasses.replace(Field.from_dict(one), original={}) for one in facts["schema"]]
    made_of_data = ("version_number", "row_count", "bbox", "data_updated_at")
    told = dict(facts) | dict.fromkeys(made_of_data)
    return told | {"geometry_types": [], "schema": [field.as_dict() for field in fields]}


def seen_facts(facts: Mapping[str, Any], limits: Restriction) -> dict[str, Any]:
    """`facts`: `schema`, `row_count`, `bbox`, `geometry_types` of a dataset, and `primary_key` if it is there. The bounds of
    positions that are blurred, or of rows that are not all seen, are those of nothing that the reader sees: there are none."""
    fields = [Field.from_dict(one) for one in facts["schema"]]
    shown = [field for field, _columns in shown_columns(fields, limits)]
    names = {field.name for field in shown}
    lost = any(field.type.is_geographic and field.name not in names for field in fields)
    there = any(field.type.is_geographic for field in shown)
    told = dict(facts) | {
        "schema": [field.as_dict() for field in shown],
        "row_count": None if limits.keeps_rows else facts["row_count"],
        "bbox": None if limits.keeps_rows or limits.grid_m or lost else facts["bbox"],
        "geometry_types": [] if not there else ["Point"] if limits.grid_m else facts["geometry_types"],
    }
    if not names.issuperset(facts.get("primary_key", ())):
        told["primary_key"] = []
    return told


def _schemas(datasets: Iterable[Dataset]) -> dict[int, Sequence[dict[str, Any]]]:
    """Lists of datasets are read without their schemas."""
    found = {one.pk: one for one in datasets}
    lacking = [pk for pk, one in found.items() if "schema" in one.get_deferred_fields()]
    read = dict(Dataset.objects.filter(pk__in=lacking).values_list("pk", "schema")) if lacking else {}
    return {pk: read.get(pk) or one.schema for pk, one in found.items()}


def _facts(dataset: Dataset, schema: Sequence[dict[str, Any]]) -> dict[str, Any]:
    facts = {"schema": schema, "row_count": dataset.row_count, "bbox": dataset.bbox}
    key = {} if "primary_key" in dataset.get_deferred_fields() else {"primary_key": dataset.primary_key}
    return facts | {"geometry_types": dataset.geometry_types} | key


def _told(dataset: Dataset, facts: Mapping[str, Any]) -> Dataset:
    seen = copy.copy(dataset)
    for name, value in facts.items():
        setattr(seen, name, value)
    return seen
