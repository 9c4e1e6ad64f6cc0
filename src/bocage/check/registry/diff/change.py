"""One change, and what it does to the files that were valid before."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Effect(StrEnum):
    TIGHTENED = "tightened"  # a file that was valid may be refused
    LOOSENED = "loosened"  # more files are valid, none is lost
    UNSURE = "unsure"  # it cannot be told without looking at the files
    NEUTRAL = "neutral"  # words only


@dataclass(frozen=True)
class Change:
    """`field`: name of the field; empty for the schema as a whole. `before` and `after`: plain JSON, None when absent."""

    code: str
    effect: Effect
    field: str = ""
    before: Any = None
    after: Any = None
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class SchemaDiff:
    """`changes`: of the schema as a whole, then field by field in the order of the new version, removed ones last."""

    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def stays_valid(self) -> bool | None:
        """Do all the files that were valid stay valid? None when it depends on them."""
        effects = {one.effect for one in self.changes}
        if Effect.TIGHTENED in effects:
            return False
        return None if Effect.UNSURE in effects else True

    @property
    def is_larger(self) -> bool:
        """Something is there that was not: a field, a value, a freedom."""
        return any(one.effect == Effect.LOOSENED or one.code == "field-added" for one in self.changes)

    def of(self, *effects: Effect) -> list[Change]:
        return [one for one in self.changes if one.effect in effects]
