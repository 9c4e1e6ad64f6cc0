"""The home page of a portal, block after block, with what each shows. What no block shows is not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from bocage.access.viewer import Viewer
from bocage.catalog.vocabulary import Theme
from bocage.kernel.markdown import safe_html
from bocage.organizations.models import Portal
from bocage.organizations.portals.blocks import Block
from bocage.organizations.portals.parameters import in_markdown, in_words
from bocage.organizations.portals.vocabulary import BlockKind
from bocage.portal.context import Door
from bocage.portal.selectors import Card, cards, highlighted, key_figures, organization_lines
from bocage.query.catalogue import CataloguePage, catalogue_search

LATEST = 6
ORGANIZATIONS = 12
ABOUT_TERRITORY = 6
TEMPLATES = {
    BlockKind.SEARCH: "portal/home/search.html",
    BlockKind.TEXT: "portal/home/text.html",
    BlockKind.HIGHLIGHTS: "portal/home/text.html",
    BlockKind.FIGURES: "portal/home/figures.html",
    BlockKind.THEMES: "portal/home/themes.html",
    BlockKind.LATEST: "portal/home/latest.html",
    BlockKind.USES: "portal/home/uses.html",
    BlockKind.ORGANIZATIONS: "portal/home/organizations.html",
}


@dataclass(frozen=True)
class Shown:
    """A block ready for its template."""

    block: Block
    first: bool
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return TEMPLATES[self.block.kind]


def title_of(block: Block, portal: Portal | None) -> str:
    return in_words(block.title, portal) if portal else block.title


def body_of(block: Block, portal: Portal | None) -> SafeString:
    """Its Markdown with the words that the portal fills, as HTML that cannot harm."""
    return safe_html(in_markdown(block.body, portal) if portal else block.body, top=3 if block.title else 2)


@dataclass(frozen=True)
class Home:
    """What the viewer sees at the door. Everything is cut by the selection of the door, and by the rights of the viewer."""

    viewer: Viewer
    door: Door

    def shown(self) -> Iterator[Shown]:
        """Blocks that have something to show."""
        makers = {
            BlockKind.SEARCH: self._nothing,
            BlockKind.USES: self._nothing,
            BlockKind.TEXT: self._text,
            BlockKind.HIGHLIGHTS: self._text,
            BlockKind.FIGURES: self._figures,
            BlockKind.THEMES: self._themes,
            BlockKind.LATEST: self._latest,
            BlockKind.ORGANIZATIONS: self._organizations,
        }
        for rank, block in enumerate(self.door.blocks):
            said = makers[block.kind](block)
            if said is not None:
                yield Shown(block, rank == 0, said)

    def _nothing(self, _block: Block) -> Mapping[str, Any]:
        return {}

    def _text(self, block: Block) -> Mapping[str, Any] | None:
        """A title, a text, then datasets: those named, then those that speak of the commune."""
        named = [self._highlights[uid] for uid in block.datasets if uid in self._highlights]
        known = {card.dataset.uid for card in named}
        more = [card for card in self._about_territory if card.dataset.uid not in known] if block.territory else []
        title = title_of(block, self.door.portal)
        if not (title or block.body.strip() or named or more):
            return None
        return {"title": title, "body": body_of(block, self.door.portal), "cards": [*named, *more]}

    def _figures(self, _block: Block) -> Mapping[str, Any]:
        return {"figures": key_figures(self.viewer, self.door.selection)}

    def _themes(self, _block: Block) -> Mapping[str, Any] | None:
        counts = {value.value: value.count for value in self._newest.facets.get("theme", ())}
        themes = [(code, label, counts[code]) for code, label in Theme.choices if counts.get(code)]
        return {"themes": themes} if themes else None

    def _latest(self, _block: Block) -> Mapping[str, Any]:
        return {"cards": cards(self.viewer, self._newest.slugs)}

    def _organizations(self, _block: Block) -> Mapping[str, Any] | None:
        lines = organization_lines(self.viewer, with_data_only=True, selection=self.door.selection)
        shown = sorted(lines, key=lambda line: -line.datasets)[:ORGANIZATIONS]
        return {"organizations": shown, "total": len(lines)} if lines else None

    @cached_property
    def _newest(self) -> CataloguePage:
        return catalogue_search(self.viewer, sort="modified", limit=LATEST, selection=self.door.selection)

    @cached_property
    def _highlights(self) -> Mapping[str, Card]:
        """Of every block at once; one query."""
        uids = {uid for block in self.door.blocks for uid in block.datasets}
        return highlighted(self.viewer, uids, self.door.selection) if uids else {}

    @cached_property
    def _about_territory(self) -> Sequence[Card]:
        portal = self.door.portal
        insee = portal.organization.insee_code if portal else ""
        if not insee:
            return ()
        found = catalogue_search(
            self.viewer,
            refine={"territory": [insee]},
            sort="modified",
            limit=ABOUT_TERRITORY,
            selection=self.door.selection,
        )
        return cards(self.viewer, found.slugs)
