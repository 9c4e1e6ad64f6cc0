"""What kinds of steps share: their parameters, read with care, and the rule of what cannot be read.

A step that writes a value in another way (dates, numbers, codes) lets through, unchanged, what it cannot read: the check then
tells it with the value that the person wrote, instead of an empty cell. A step that makes another value out of the first
(a lookup, an extraction) gives nothing where it finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bocage.check.mapping.errors import StepRefused
from bocage.check.mapping.steps import STEPS

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.store.engine import Workshop

Text = str | Promise

LONGEST_PARAM = 500
MOST_ENTRIES = 5_000
LONGEST_RESULT = 20_000
"""Characters that joining texts may give: beyond, steps that feed one another would fill the memory."""


@dataclass(frozen=True)
class Param:
    """One parameter, for the form. `kind`: text, whole, number, flag, choice, table (a text per text), dataset, field, list."""

    label: Text
    kind: str = "text"
    required: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    hint: Text = ""


@dataclass(frozen=True)
class StepBench:
    """What a step that needs more than its inputs may use. `relation`: SQL of the rows so far, with the inputs as columns.

    `viewer`: whose rights hold on what is looked up."""

    workshop: Workshop
    viewer: Viewer
    relation: str


class Kind:
    """What our kinds derive from. `spatial`: needs the spatial extension. `arity`: least and most inputs."""

    name: ClassVar[str]
    label: ClassVar[Text]
    params: ClassVar[dict[str, Param]] = {}
    arity: ClassVar[tuple[int, int]] = (1, 1)
    spatial: ClassVar[bool] = False

    def sql(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        low, high = self.arity
        if not low <= len(inputs) <= high:
            raise self.refused(_("it takes another number of columns."))
        return self.compiled(inputs, params)

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        """As `sql`, the number of inputs being right."""
        raise NotImplementedError

    def refused(self, reason: str) -> StepRefused:
        return StepRefused(kind=str(self.label), reason=reason)

    def text(self, params: Mapping[str, Any], name: str, default: str = "", longest: int = LONGEST_PARAM) -> str:
        value = params.get(name, default)
        value = default if value is None else value
        if isinstance(value, (dict, list)):
            raise self._wrong(name)
        text = str(value)
        if len(text) > longest or "\x00" in text:
            raise self._wrong(name)
        if not text and self.params[name].required:
            raise self.refused(_("“%(param)s” is missing.") % {"param": self.params[name].label})
        return text

    def choice(self, params: Mapping[str, Any], name: str, default: str = "") -> str:
        chosen = self.text(params, name, default) or default
        if chosen not in {key for key, _label in self.params[name].choices}:
            raise self._wrong(name)
        return chosen

    def whole(self, params: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
        try:
            value = int(str(params.get(name) or default))
        except ValueError:
            raise self._wrong(name) from None
        if not low <= value <= high:
            raise self._wrong(name)
        return value

    def flag(self, params: Mapping[str, Any], name: str, default: bool = False) -> bool:
        value = params.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in {"true", "on", "1", "yes"}

    def table(self, params: Mapping[str, Any], name: str) -> dict[str, str]:
        entries = params.get(name) or {}
        if not isinstance(entries, dict):
            raise self._wrong(name)
        if len(entries) > MOST_ENTRIES:
            raise self.refused(_("a table holds %(limit)s entries at most.") % {"limit": MOST_ENTRIES})
        if any(len(str(text)) > LONGEST_PARAM for pair in entries.items() for text in pair):
            raise self._wrong(name)
        return {str(key): str(value) for key, value in entries.items()}

    def texts(self, params: Mapping[str, Any], name: str, most: int = 20) -> list[str]:
        values = params.get(name) or []
        if isinstance(values, str):
            values = [part.strip() for part in values.split(",") if part.strip()]
        if not isinstance(values, list) or len(values) > most or any(len(str(one)) > LONGEST_PARAM for one in values):
            raise self._wrong(name)
        return [str(one) for one in values]

    def _wrong(self, name: str) -> StepRefused:
        return self.refused(_("“%(param)s” has a value that is not possible.") % {"param": self.params[name].label})


class PreparedKind(Protocol):
    """A kind that reads something first: a code list, a dataset, the distinct values."""

    def prepared(self, inputs: Sequence[str], params: Mapping[str, Any], bench: StepBench) -> str:
        """As `StepKind.sql`; may register tables in the workshop and ask it for distinct values."""


K = TypeVar("K", bound=Kind)


def registered(kind: type[K]) -> type[K]:
    """Class decorator: one instance of the kind is in STEPS."""
    STEPS.register(kind.name, kind())
    return kind


def let(value: str, body: Callable[[str], str]) -> str:
    """SQL of `body` over the name of a value computed once: the engine has no other word for that inside an expression."""
    return f"list_transform([{value}], lambda computed: {body('computed')})[1]"


def matches(text: str, pattern: str) -> str:
    from bocage.store.engine import literal

    return f"regexp_full_match({text}, {literal(pattern)})"


def part(text: str, pattern: str, group: int) -> str:
    from bocage.store.engine import literal

    return f"regexp_extract({text}, {literal(pattern)}, {group})"
