"""The correspondence of columns as a form sends it: one group of answers per column of the schema.

    source.<field>       label of a column of the file (several: in order); "@name": a column of the schema, once made
    step.<field>.<n>     kind of the nth step; step.<field>.<n>.<parameter>: its parameters

`<field>` is the rank of the column in the schema. Nothing of what is sent is trusted: unknown columns and kinds are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from bocage.check.mapping.apply import FROM_TARGET, MOST_SOURCES, MOST_STEPS
from bocage.check.mapping.kinds.base import Kind, Param
from bocage.check.mapping.steps import STEPS, ColumnMapping, ColumnMappings, Step

LONGEST_ANSWER = 20_000


def posted_mapping(data: QueryDict, targets: Sequence[str], labels: Collection[str]) -> ColumnMappings:
    """`targets`: names of the columns of the schema, in order; `labels`: those of the file."""
    columns = []
    for rank, target in enumerate(targets):
        made = posted_column(data, rank, target, targets, labels)
        if made.sources or made.steps:
            columns.append(made)
    return ColumnMappings(tuple(columns), keep_others=data.get("keep_others") == "on")


def posted_column(
    data: QueryDict, rank: int, target: str, targets: Collection[str], labels: Collection[str]
) -> ColumnMapping:
    known = {*labels, *(f"{FROM_TARGET}{one}" for one in targets if one != target)}
    sources = tuple(one for one in data.getlist(f"source.{rank}")[:MOST_SOURCES] if one in known)
    steps = [_step(data, f"step.{rank}.{place}") for place in range(MOST_STEPS)]
    return ColumnMapping(target, sources, tuple(one for one in steps if one is not None))


def _step(data: QueryDict, name: str) -> Step | None:
    kind = data.get(name, "")
    if kind not in STEPS:
        return None
    params = {key: _answer(param, data.get(f"{name}.{key}", "")) for key, param in params_of(kind).items()}
    return Step(kind, {key: value for key, value in params.items() if value not in ("", None, False, {}, [])})


def _answer(param: Param, text: str) -> Any:
    text = text[:LONGEST_ANSWER]
    match param.kind:
        case "flag":
            return text == "on"
        case "table":
            pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
            return {said.strip(): meant.strip() for said, _equals, meant in pairs}
        case "list":
            return [part.strip() for part in text.split(",") if part.strip()]
        case "whole":
            return int(text) if text.strip().lstrip("-").isdigit() and len(text) < 10 else text.strip()
        case "text":
            return text  # a separator may be a space
        case _other:
            return text.strip()


def params_of(kind: str) -> Mapping[str, Param]:
    return getattr(STEPS.get(kind), "params", {})


@dataclass(frozen=True)
class Answer:
    """One parameter of a step as the page shows it."""

    name: str
    param: Param
    value: str

    @property
    def checked(self) -> bool:
        return self.value == "on"


@dataclass(frozen=True)
class StepShown:
    """`place` from 0; `kind` "": a step to be added."""

    name: str
    kind: str
    label: str
    answers: tuple[Answer, ...] = ()


def steps_shown(rank: int, steps: Sequence[Step]) -> list[StepShown]:
    """The steps of a column, then an empty one."""
    shown = []
    for place, step in enumerate(steps):
        name = f"step.{rank}.{place}"
        answers = [
            Answer(f"{name}.{key}", param, _written(param, step.params.get(key)))
            for key, param in params_of(step.kind).items()
        ]
        shown.append(StepShown(name, step.kind, label_of(step.kind), tuple(answers)))
    if len(steps) < MOST_STEPS:
        shown.append(StepShown(f"step.{rank}.{len(steps)}", "", ""))
    return shown


def label_of(kind: str) -> str:
    found = STEPS.get(kind)
    return str(found.label) if isinstance(found, Kind) else kind


def kinds_offered() -> list[tuple[str, str]]:
    return sorted(((name, label_of(name)) for name in STEPS), key=lambda one: one[1].lower())


def _written(param: Param, value: Any) -> str:
    if value is None:
        return ""
    if param.kind == "flag":
        return "on" if value else ""
    if param.kind == "table":
        return "\n".join(f"{said} = {meant}" for said, meant in value.items()) if isinstance(value, dict) else ""
    if param.kind == "list":
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return str(value)
