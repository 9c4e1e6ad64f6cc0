"""Edits → one operation by feature, in the columns of the version. What is not said is not in it: the engine keeps it as it is,
so that nothing that the writer does not see leaves the store, and nothing that they leave alone is rewritten."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bocage.kernel.errors import BocageError
from bocage.pipeline.edits.changes import Change, Create, Delete, Drawing, Edit
from bocage.pipeline.edits.errors import (
    FeatureAbsent,
    KeyChanged,
    KeyTaken,
    NotPlacedThere,
    ReadOnlyField,
    StateChanged,
)
from bocage.pipeline.edits.geometries import NOWHERE, placed, same_place
from bocage.pipeline.edits.positions import followed
from bocage.pipeline.pushes.errors import FieldTwice, UnknownField, ValueFault
from bocage.pipeline.pushes.fitting import named
from bocage.pipeline.pushes.payload import shown_name
from bocage.pipeline.pushes.typed import POINT_OF_SHAPE
from bocage.pipeline.pushes.values import fitted

if TYPE_CHECKING:
    from bocage.capture.understanding import GeometryFound
    from bocage.pipeline.edits.new_keys import NewKeys
    from bocage.pipeline.edits.sight import Seen, Sight
    from bocage.pipeline.pushes.layout import PushColumn

ABSENT = object()
"""A value that can be equal to none."""


@dataclass
class Operation:
    """On the record of this key. `said`: names of columns and their values; of a new record, all that it has. `edits`: the ranks
    of the edits that asked it."""

    kind: str
    key: dict[str, Any]
    said: dict[str, Any] = field(default_factory=dict)
    new: bool = False
    edits: list[int] = field(default_factory=list)

    def line(self) -> str:
        values = {name: value for name, value in (self.said | self.key).items() if value is not None}
        told = {"o": self.kind, "r": values if self.kind == "p" else self.key}
        return json.dumps(told if self.new else told | {"c": list(self.said)}, ensure_ascii=False)


class Drafting:
    """Of one batch. `faults`: rank of an edit → why it cannot be done; the others go on."""

    def __init__(self, sight: Sight, keys: NewKeys, found: GeometryFound | None) -> None:
        self._sight = sight
        self._keys = keys
        self._found = found
        self._by_key: dict[str, Operation] = {}
        self._seen: Mapping[str, Seen] = {}
        self.faults: dict[int, BocageError] = {}

    @property
    def operations(self) -> list[Operation]:
        """Those that change something, in the order in which they were asked."""
        return [one for one in self._by_key.values() if one.new or one.kind == "d" or one.said]

    def add(self, edits: Sequence[tuple[int, Edit]]) -> None:
        """`edits`, each with its rank."""
        self._seen = self._sight.features(one.identifier for _rank, one in edits if not isinstance(one, Create))
        drawings = [_drawing(one) for _rank, one in edits]
        places = iter(placed([one for one in drawings if one is not None]))
        for (rank, edit), drawing in zip(edits, drawings, strict=True):
            place = ABSENT if drawing is None else next(places)
            try:
                if place is NOWHERE and drawing is not None:
                    raise NotPlacedThere(crs=drawing.crs.code)
                self._add(rank, edit, place)
            except (ValueFault, FeatureAbsent, StateChanged) as fault:
                self.faults[rank] = fault

    def _add(self, rank: int, edit: Edit, place: Any) -> None:
        match edit:
            case Create():
                self._create(rank, edit, place)
            case Change():
                self._change(rank, edit, place)
            case Delete():
                operation, _seen = self._of(rank, edit)
                operation.kind, operation.said = "d", {}

    def _create(self, rank: int, edit: Create, place: Any) -> None:
        said = self._given(edit.values, place)
        for name, value in said.items():
            if value is not None and name not in self._sight.writable:
                raise ReadOnlyField(field=name)
        key = self._keys.of(said)
        said = followed(
            {n: v for n, v in said.items() if v is not None} | key, self._sight.whole, self._sight.main, self._found
        )
        operation = Operation("p", key, said, new=True, edits=[rank])
        self._by_key.setdefault(_text(key), operation)
        if self._by_key[_text(key)] is not operation:
            raise KeyTaken(field=", ".join(key))

    def _change(self, rank: int, edit: Change, place: Any) -> None:
        operation, seen = self._of(rank, edit)
        values = (
            edit.values
            if edit.whole
            else {name: patched(seen.values.get(name), value) for name, value in edit.values.items()}
        )
        given = self._given(values, place)
        now = {one.name: self._current(one, seen) for one in self._sight.shown.columns} | operation.said
        if edit.whole:
            given = dict.fromkeys(name for name in now if self._is_emptied(name, operation, place)) | given
        said: dict[str, Any] = {}
        for name, value in given.items():
            if self._same(name, now[name], value):
                continue
            if name in operation.key:
                raise KeyChanged(field=name)
            if name not in self._sight.writable:
                raise ReadOnlyField(field=name)
            said[name] = value
        operation.said |= followed(said, self._sight.whole, self._sight.main, self._found)

    def _is_emptied(self, name: str, operation: Operation, place: Any) -> bool:
        """When a whole feature does not give it. Columns that repeat where it is follow the geometry that it gives."""
        beside = {*(self._found.columns if self._found else ()), POINT_OF_SHAPE} if place is not ABSENT else set()
        return name in self._sight.writable and name not in operation.key and name not in beside

    def _of(self, rank: int, edit: Change | Delete) -> tuple[Operation, Seen]:
        """Raises FeatureAbsent, StateChanged."""
        seen = self._seen.get(edit.identifier)
        if seen is None:
            raise FeatureAbsent(identifier=edit.identifier[:100])
        if edit.condition is not None and not edit.condition.holds(seen.state):
            raise StateChanged(identifier=edit.identifier[:100])
        key = {name: self._current(self._sight.whole.by_name[name], seen) for name in self._sight.whole.key}
        operation = self._by_key.setdefault(_text(key), Operation("p", key))
        if operation.kind == "d":
            raise FeatureAbsent(identifier=edit.identifier[:100])
        operation.edits.append(rank)
        return operation, seen

    def _given(self, values: Mapping[str, Any], place: Any) -> dict[str, Any]:
        """Name of a column → its fitted value, None for what is empty. Raises ValueFault."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            column = self._sight.shown.by_name.get(name)
            if column is None:
                raise UnknownField(field=shown_name(name), fields=named(self._sight.shown))
            if column.name in found:
                raise FieldTwice(field=shown_name(name))
            found[column.name] = fitted(self._joined(column, value), column)
        if place is not ABSENT and self._sight.drawn:
            drawn = self._sight.shown.by_name[self._sight.drawn]
            shape = place if place is None or isinstance(place, dict) else [place]  # a pair of numbers has two orders
            found[drawn.name] = fitted(shape, drawn)
        elif place is not ABSENT and place is not None:
            raise UnknownField(field="geometry", fields=named(self._sight.shown))
        return found

    def _joined(self, column: PushColumn, value: Any) -> Any:
        """Texts that hold several values are lists for those who read them."""
        separator = self._sight.separators.get(column.name)
        texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return separator.join(value) if separator and texts else value

    def _current(self, column: PushColumn, seen: Seen) -> Any:
        value = seen.geometry if column.name == self._sight.drawn else seen.values.get(column.name)
        try:
            return fitted(self._joined(column, value), column)
        except ValueFault:
            return ABSENT  # what the store holds and nobody could send: any value given is another one

    def _same(self, name: str, one: Any, other: Any) -> bool:
        if self._sight.whole.by_name[name].type.is_geographic and one is not ABSENT:
            return same_place(one, other)
        return bool(one == other)


def patched(current: Any, value: Any) -> Any:
    """RFC 7396: objects are changed member by member, null takes a member away; everything else replaces."""
    if not isinstance(value, dict):
        return value
    current = current if isinstance(current, dict) else {}
    merged = current | {name: patched(current.get(name), one) for name, one in value.items()}
    return {name: one for name, one in merged.items() if one is not None or name not in value}


def _drawing(edit: Edit) -> Drawing | None:
    return None if isinstance(edit, Delete) else edit.drawing


def _text(key: Mapping[str, Any]) -> str:
    return json.dumps(list(key.values()))
