"""What is new in the catalogue, as RSS and Atom; the filters of the address are kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.translation import gettext as _

from bocage.access.viewer import ANONYMOUS
from bocage.kernel.xml import writable
from bocage.portal.catalogue_query import CatalogueQuery
from bocage.portal.context import current_portal
from bocage.portal.selectors import Card, cards
from bocage.query.catalogue import catalogue_search

MOST = 30


class _Asked:
    """What one reader of the feed asked for. Feeds are read by machines without a session: open data only."""

    def __init__(self, request: HttpRequest) -> None:
        self.query = CatalogueQuery.read(request.GET)
        self.portal = current_portal(request)


if TYPE_CHECKING:
    _Feed = Feed[Card, _Asked]
else:
    _Feed = Feed  # generic for the type checker only


class NewsRss(_Feed):
    """The datasets most recently updated."""

    feed_type: type[SyndicationFeed] = Rss201rev2Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> _Asked:
        return _Asked(request)

    def title(self, asked: _Asked) -> str:
        return writable(_("What is new on %(portal)s") % {"portal": asked.portal.name})

    def subtitle(self, asked: _Asked) -> str:
        """Of Atom: plain text."""
        return writable(asked.portal.tagline) or self.title(asked)

    def description(self, asked: _Asked) -> str:
        """Of RSS: readers take it for HTML."""
        return escape(self.subtitle(asked))

    def link(self, asked: _Asked) -> str:
        return reverse("portal:catalogue") + asked.query.address().rstrip("?")

    def items(self, asked: _Asked) -> list[Card]:
        query = asked.query
        shown = asked.portal.selection
        found = catalogue_search(
            ANONYMOUS, text=query.text, refine=query.refine, sort="modified", limit=MOST, selection=shown
        )
        return cards(ANONYMOUS, found.slugs)

    def item_title(self, item: Card) -> str:
        return writable(item.dataset.title)

    def item_description(self, item: Card) -> str:
        """Readers take it for HTML, in both formats: the plain text of the excerpt is escaped for them, before it is for XML."""
        return escape(writable(item.excerpt))

    def item_link(self, item: Card) -> str:
        return reverse("portal:dataset", args=[item.dataset.slug])

    def item_guid(self, item: Card) -> str:
        """Changes with each version, so that readers see an update as something new."""
        return f"{item.dataset.uid}:{item.dataset.version_number or 0}"

    item_guid_is_permalink = False

    def item_author_name(self, item: Card) -> str:
        return writable(item.dataset.organization.name)

    def item_categories(self, item: Card) -> list[str]:
        return [label for _code, label in item.themes]

    def item_pubdate(self, item: Card) -> datetime:
        return item.dataset.data_updated_at or item.dataset.created_at

    item_updateddate = item_pubdate


class NewsAtom(NewsRss):
    """The same in Atom."""

    feed_type = Atom1Feed
