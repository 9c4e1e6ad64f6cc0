"""What is said of one dataset in every record of it, whichever the standard: the same facts, under the same names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from bocage.access.vocabulary import Visibility
from bocage.catalog.vocabulary import Frequency, Licence, Theme
from bocage.publish.dcat.beside import Beside, beside
from bocage.publish.records.links import Link, links_of

if TYPE_CHECKING:
    from datetime import datetime

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.organizations.models import Organization
    from bocage.publish.dcat.addresses import Addresses
    from bocage.store.models import Attachment

RECORDS = "/records/"
CATALOGUE = "catalogue"
"""The only collection: what the door shows of the catalogue."""


@dataclass(frozen=True)
class Resource:
    """`dataset`: as one reader may know it. Labels of codes are in the language of the platform: a record says the same to all."""

    dataset: Dataset
    addresses: Addresses
    schema: str = ""
    documents: Sequence[Attachment] = ()

    @property
    def identifier(self) -> str:
        """Of the record, for ever: two platforms that are harvested together may have datasets of one name."""
        return self.dataset.uid

    @property
    def uri(self) -> str:
        """Of what is described: its identity in DCAT."""
        return self.addresses.dataset(self.dataset.slug)

    @property
    def address(self) -> str:
        """Of the record."""
        return f"{self.addresses.root}{RECORDS}collections/{CATALOGUE}/items/{self.identifier}"

    @property
    def iso_address(self) -> str:
        return f"{self.uri}iso19139.xml"

    @property
    def organization(self) -> Organization:
        return self.dataset.organization

    @property
    def contact_name(self) -> str:
        return self.dataset.contact_name or self.organization.name

    @property
    def contact_email(self) -> str:
        return self.dataset.contact_email or self.organization.email

    @property
    def updated(self) -> datetime:
        """Of the record: what people wrote, or the data from which its facts come."""
        moments = (self.dataset.metadata_updated_at, self.dataset.data_updated_at)
        return max(one for one in moments if one is not None)

    @property
    def is_open(self) -> bool:
        return self.dataset.visibility == Visibility.OPEN

    @property
    def themes(self) -> list[Theme]:
        return [Theme(code) for code in self.dataset.themes if code in Theme.values]

    @property
    def licence(self) -> Licence:
        return Licence(self.dataset.licence)

    @property
    def frequency(self) -> Frequency:
        return Frequency(self.dataset.update_frequency)

    @cached_property
    def links(self) -> list[Link]:
        with translation.override(settings.LANGUAGE_CODE):
            return links_of(self.dataset, self.addresses, self.documents)


def resources_of(viewer: Viewer, datasets: Sequence[Dataset], addresses: Addresses) -> list[Resource]:
    """The same for a page of them. `datasets`: that the viewer may know of, as they know them. A fixed number of statements."""
    read = [one for one in datasets if one.version_number is not None]
    known = beside(viewer, read, addresses) if read else Beside()
    return [
        Resource(one, addresses, known.schemas.get(one.pk, ""), known.documents.get(one.pk, ())) for one in datasets
    ]
