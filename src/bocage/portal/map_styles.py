"""The style that draws a map: the one that the address asks for, else that of the dataset; its legend, the choice of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bocage.catalog.styles.legends import legend_of
from bocage.catalog.styles.services import USUAL
from bocage.catalog.styles.symbols import Mark
from bocage.query.restricted import RestrictedRelation
from bocage.query.styles import styles_for

if TYPE_CHECKING:
    from bocage.catalog.styles.drawings import Drawing
    from bocage.catalog.styles.legends import Entry
    from bocage.portal.views.sections import Subject

GROUPS = ("groups", "groups-count", "groups-area", "groups-line")
"""Layers of features that stand for several: the page has its own."""


@dataclass(frozen=True)
class MapStyle:
    """`choices`: every style that the reader may know of, the one of the dataset first. `asked`: its identifier when the address
    names it, so that the address of what is seen says it too."""

    chosen: Drawing
    choices: Sequence[Drawing]
    layers: list[dict[str, Any]]
    fields: tuple[str, ...]
    title: str
    asked: str = ""

    @classmethod
    def of(cls, subject: Subject, identifier: str) -> MapStyle:
        """Of a dataset that has data. A style that is hidden, or absent, is not told from one that was not asked."""
        relation = subject.relation
        whole = relation.whole if isinstance(relation, RestrictedRelation) else relation
        found = styles_for(subject.viewer, whole, subject.dataset)  # type: ignore[arg-type]
        named = next((one for one in found if identifier and one.identifier == identifier), None)
        chosen = named or next((one for one in found if one.is_default), found[-1])
        types = {field.name: field.type for field in subject.fields}
        usual = chosen.identifier == USUAL
        layers = [] if usual else [one for one in chosen.layers(types, subject.dataset.slug) if one["id"] not in GROUPS]
        fields = (
            ()
            if usual
            else tuple(name for name, kind in types.items() if name in chosen.words and not kind.is_geographic)
        )
        return cls(chosen, found, layers, fields, subject.dataset.title, chosen.identifier if named else "")

    @property
    def usual(self) -> bool:
        """The look of the page, which no style says."""
        return not self.layers

    @property
    def legend(self) -> list[Entry]:
        """In plain words; empty for the usual look, which the page tells itself."""
        return [] if self.usual else legend_of(self.chosen.translation.rules, self.title)

    @property
    def has_marks(self) -> bool:
        return any(isinstance(symbol, Mark) for rule in self.chosen.translation.rules for symbol in rule.symbols)

    @property
    def query(self) -> str:
        """What keeps it in an address."""
        return urlencode({"style": self.asked}) if self.asked else ""

    def kept(self, filters: str) -> str:
        """`filters` (`?…`, or nothing) with it."""
        return "&".join(filter(None, (filters, self.query))) if filters else f"?{self.query}" if self.query else ""
