"""What was done with one dataset: plain data, for the terminal and for the report."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from bocage.pipeline.moving.vocabulary import Step


@dataclass(frozen=True)
class Outcome:
    """`comparison`: Comparison.as_dict(), empty when nothing was compared. `losses`: list of Notice.as_dict(). `error`: as_dict()
    of what stopped it, empty otherwise."""

    source_id: str
    title: str
    step: Step
    slug: str = ""
    rows: int | None = None
    fields: int = 0
    attachments: int = 0
    comparison: dict[str, Any] = field(default_factory=dict)
    losses: list[dict[str, Any]] = field(default_factory=list)
    error: dict[str, Any] = field(default_factory=dict)

    @property
    def differences(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.comparison.get("differences", [])
        return found

    @property
    def is_right(self) -> bool:
        """Copied, and the same as on the portal as far as the portal says."""
        return not self.differences and not self.error

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"step": self.step.value, "differences_count": len(self.differences)}
