"""The identifier of a feature that comes without one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.edits.errors import KeyGiven
from bocage.pipeline.pushes.errors import KeyMissing
from bocage.store.engine import literal, quoted
from bocage.store.layout import version_path

if TYPE_CHECKING:
    from bocage.pipeline.edits.sight import Sight
    from bocage.store.engine import Workshop

GIVEN = (FieldType.STRING, FieldType.INTEGER)
LEAST, MOST = 2**30, 2**31 - 1
"""Numbers drawn for whoever sees a part of the rows: the next one would tell how many there are. 32 bits, as clients have."""


class NewKeys:
    """Of one batch, over one version."""

    def __init__(self, sight: Sight, workshop: Workshop) -> None:
        self._sight = sight
        self._workshop = workshop
        self._next = 0

    def of(self, values: dict[str, Any]) -> dict[str, Any]:
        """The fields of the key of a new feature, which gives `values`. Raises KeyMissing, KeyGiven."""
        key = self._sight.whole.key
        given = {name: values[name] for name in key if values.get(name) not in (None, "")}
        if given and self._sight.limits.keeps_rows:
            raise KeyGiven(field=next(iter(given)))  # that it is taken would tell of a feature that is not seen
        if len(given) == len(key):
            return given
        lacking = next(name for name in key if name not in given)
        kind = self._sight.whole.by_name[lacking].type
        if len(key) > 1 or kind not in GIVEN:
            raise KeyMissing(field=lacking)
        return {lacking: str(uuid4()) if kind is FieldType.STRING else self._number(lacking)}

    def _number(self, name: str) -> int:
        if self._sight.limits.keeps_rows:
            while self._holds(name, drawn := secrets.randbelow(MOST - LEAST) + LEAST):
                pass
            return drawn
        if not self._next:
            [(highest,)] = self._workshop.execute(f"SELECT coalesce(max({quoted(name)}), 0) FROM {self._rows}")
            self._next = max(int(highest), 0)
        self._next += 1
        return self._next

    def _holds(self, name: str, value: int) -> bool:
        return bool(self._workshop.execute(f"SELECT 1 FROM {self._rows} WHERE {quoted(name)} = {value:d} LIMIT 1"))

    @property
    def _rows(self) -> str:
        return f"read_parquet({literal(str(version_path(self._sight.relation.version)))})"
