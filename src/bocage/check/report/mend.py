"""One proposal: what it does, to how many cells, and how it is named when accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bocage.check.mapping.steps import Step


@dataclass(frozen=True)
class Mend:
    """`steps` on the column `sources` (labels of the file; the target itself when empty) make `target`.

    `family`: rank in Verdict.families. `cause`: why the values are wrong, for the sentence (`mend_words`). `mended` cells
    become right, `left` do not and stay as they are. `examples`: before → after. `proposed`: the same for the faults shown."""

    target: str
    family: int
    cause: str
    steps: tuple[Step, ...] = ()
    sources: tuple[str, ...] = ()
    mended: int = 0
    left: int = 0
    examples: tuple[tuple[str, str], ...] = ()
    proposed: Mapping[str, str] = field(default_factory=dict)
    together: int | None = None

    @property
    def key(self) -> str:
        """What a form sends back to accept it, and those that make sense with it only (`together`, the same number)."""
        return f"{self.family if self.together is None else self.together}-{self.cause}"

    @property
    def sentence(self) -> str:
        from bocage.check.report.mend_words import mend_sentence

        return mend_sentence(self)

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "target": self.target,
            "cause": self.cause,
            "sources": list(self.sources),
            "steps": [{"kind": step.kind, "params": step.params} for step in self.steps],
            "mended": self.mended,
            "left": self.left,
            "examples": [list(pair) for pair in self.examples],
            "message": self.sentence,
        }
