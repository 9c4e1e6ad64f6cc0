"""One thing to mend in a schema: a code, a place, and what the sentence needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST_SHOWN = 120
"""Characters of what the author wrote that a finding repeats."""


class Level(StrEnum):
    ERROR = "error"  # the schema cannot be used, or a rule that its author wrote is not applied
    WARNING = "warning"  # it works, not as its author probably means
    ADVICE = "advice"  # what the national registry asks, or a reader would like


@dataclass(frozen=True)
class Finding:
    """`field`: name of the field concerned; empty for the schema as a whole. Sentences: `lint.words`."""

    code: str
    field: str = ""
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "field": self.field, "fields": dict(self.fields)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        return cls(data["code"], data.get("field", ""), data.get("fields", {}))


def shown(value: Any) -> str:
    """What the author wrote, short enough for a sentence."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
