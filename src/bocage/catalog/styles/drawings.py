"""A style as it is drawn and told, whether somebody wrote it or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bocage.catalog.styles.maplibre import Layer, layers_of
from bocage.catalog.styles.maplibre_reading import read_maplibre, texts_of
from bocage.catalog.styles.models import Encoding, Style
from bocage.catalog.styles.sld_reading import read_sld
from bocage.catalog.styles.symbols import Rule, named_by
from bocage.catalog.vocabulary import FieldType

SOURCE = "data"


@dataclass(frozen=True)
class Drawing:
    """`rules`: None of a style written as layers, which is told in no other format."""

    identifier: str
    title: str
    rules: tuple[Rule, ...] | None
    written: list[Layer] | None = None
    updated_at: datetime | None = None

    def layers(self, types: Mapping[str, FieldType], layer: str) -> list[Layer]:
        """Of a MapLibre style whose source is SOURCE. `layer`: of its tiles."""
        if self.written is not None:
            return [one | {"source": SOURCE, "source-layer": layer} for one in self.written]
        return layers_of(self.rules or (), types, SOURCE, layer)

    @cached_property
    def words(self) -> frozenset[str]:
        """Among which are the names of the fields that it tells something of."""
        return texts_of(self.written) if self.written is not None else named_by(self.rules or ())

    def is_for(self, shown: Collection[str], every: Collection[str]) -> bool:
        """Whether a reader may know of it, who sees the fields `shown` of `every` one: its classes would tell of the others."""
        return not self.words & (set(every) - set(shown))


def drawing_of(style: Style) -> Drawing:
    """Raises the refusals of `errors` for a document that no longer can be read."""
    content = style.content.encode()
    title = style.title or style.identifier
    if style.encoding == Encoding.SLD:
        return Drawing(style.identifier, title, read_sld(content).rules, updated_at=style.updated_at)
    return Drawing(style.identifier, title, None, read_maplibre(content), style.updated_at)
