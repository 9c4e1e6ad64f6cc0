"""The names of things in the feed. The address is the identity: one character more, and every harvester sees new things."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

LABELLED = ("csv", "xlsx")  # formats whose exports carry the labels of the fields, as those of the portals replaced


@dataclass(frozen=True)
class Addresses:
    """`root`: scheme and host of the platform, without a final slash."""

    root: str
    labels_in_exports: bool = True

    @property
    def catalogue(self) -> str:
        return f"{self.root}/explore/"

    @property
    def service(self) -> str:
        return f"{self.root}/api/explore/v2.1/"

    @property
    def service_description(self) -> str:
        return f"{self.service}swagger.json"

    @property
    def service_console(self) -> str:
        return f"{self.service}console"

    def dataset(self, slug: str) -> str:
        return f"{self.root}/explore/dataset/{quote(slug, safe='@')}/"

    def export(self, slug: str, format_name: str) -> str:
        bare = f"{self.root}/api/explore/v2.1/catalog/datasets/{quote(slug, safe='@')}/exports/{format_name}"
        return f"{bare}?use_labels=true" if format_name in LABELLED and self.labels_in_exports else bare

    def access(self, slug: str) -> str:
        """Where one asks for data that are given on request."""
        return f"{self.dataset(slug)}#access"

    def attachment(self, slug: str, identifier: str) -> str:
        named = quote(identifier, safe="")
        return f"{self.root}/api/explore/v2.1/catalog/datasets/{quote(slug, safe='@')}/attachments/{named}"

    def metric(self, name: str) -> str:
        """Where a measure of quality is explained."""
        return f"{self.root}/help/#quality-{name}"

    def refined(self, facet: str, value: str) -> str:
        """The page of the catalogue that shows one value of a facet: the name of a publisher, of a theme."""
        return f"{self.root}/explore/?{urlencode({f'refine.{facet}': value}, quote_via=quote)}"
