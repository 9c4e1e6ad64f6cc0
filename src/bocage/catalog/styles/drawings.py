"""A style as it is drawn and told, whether somebody wrote it or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache

from bocage.catalog.styles.choices import Choices, read_choices
from bocage.catalog.styles.choosing import rules_of
from bocage.catalog.styles.maplibre import Layer, layers_of
from bocage.catalog.styles.maplibre_reading import read_maplibre, texts_of
from bocage.catalog.styles.maplibre_rules import rules_in
from bocage.catalog.styles.models import Encoding, Style
from bocage.catalog.styles.seen_rules import Values, tells_values, without_unseen
from bocage.catalog.styles.sld_reading import Reading, read_sld
from bocage.catalog.styles.symbols import Rule, named_by
from bocage.catalog.vocabulary import FieldType

SOURCE = "data"
KEPT = 64
"""Documents of which what was read is kept in memory: they are read at each page, and change rarely."""


@dataclass(frozen=True)
class Drawing:
    """`rules`: None of a style written as layers. `choices`: of one that was chosen in a form."""

    identifier: str
    title: str
    rules: tuple[Rule, ...] | None
    written: list[Layer] | None = None
    updated_at: datetime | None = None
    is_default: bool = False
    choices: Choices | None = None

    def layers(self, types: Mapping[str, FieldType], layer: str) -> list[Layer]:
        """Of a MapLibre style whose source is SOURCE. `layer`: of its tiles."""
        if self.written is not None:
            return [one | {"source": SOURCE, "source-layer": layer} for one in self.written]
        return layers_of(self.rules or (), types, SOURCE, layer)

    @cached_property
    def translation(self) -> Reading:
        """As rules, with what could not be said of it in rules: they are few of a style written as layers, and may be none."""
        return rules_in(self.written) if self.written is not None else Reading(self.rules or ())

    @cached_property
    def words(self) -> frozenset[str]:
        """Among which are the names of the fields that it tells something of."""
        return texts_of(self.written) if self.written is not None else named_by(self.rules or ())

    @property
    def tells_values(self) -> bool:
        """Whether it tells of values, as classes do, and not only of fields, as labels do."""
        return self.written is not None or tells_values(self.rules or ())

    def is_for(self, shown: Collection[str], every: Collection[str]) -> bool:
        """Whether a reader may know of it, who sees the fields `shown` of `every` one: its classes would tell of the others."""
        return not self.words & (set(every) - set(shown))

    def for_values(self, seen: Values) -> Drawing | None:
        """For who sees these values alone; None when nothing is left to draw."""
        kept = without_unseen(self.rules or (), seen)
        return replace(self, rules=kept, choices=None) if kept else None


def drawing_of(style: Style, kinds: Collection[str] = ()) -> Drawing:
    """`kinds`: of the geometries of the dataset. Raises the refusals of `errors` for a document that no longer can be read."""
    content = style.content.encode()
    title = style.title or style.identifier
    known = (style.updated_at, style.is_default)
    if style.encoding == Encoding.SLD:
        return Drawing(style.identifier, title, _rules_of_sld(content), None, *known)
    if style.encoding == Encoding.CHOICES:
        choices = read_choices(content)
        return Drawing(style.identifier, title, rules_of(choices, kinds), None, *known, choices)
    return Drawing(style.identifier, title, None, _layers_of_maplibre(content), *known)


@lru_cache(maxsize=KEPT)
def _rules_of_sld(content: bytes) -> tuple[Rule, ...]:
    return read_sld(content).rules


@lru_cache(maxsize=KEPT)
def _layers_of_maplibre(content: bytes) -> list[Layer]:
    """Never changed by whoever gets them: they are copied when their source is written."""
    return read_maplibre(content)
