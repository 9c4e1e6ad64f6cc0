"""One request to the catalogue: as one to the layers, at another address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from bocage.kernel.public_address import public_root
from bocage.publish.dcat.addresses import Addresses
from bocage.publish.dcat.doors import Door, door_of
from bocage.publish.ogc.call import Call
from bocage.publish.records.resource import CATALOGUE, RECORDS
from bocage.publish.viewers import PARAMETERS as KEYS

if TYPE_CHECKING:
    from bocage.query.selection import Selection


@dataclass(frozen=True)
class RecordsCall(Call):
    """`subject` is above the collections: there is one, which has no dataset."""

    @cached_property
    def door(self) -> Door:
        """Whose catalogue it is."""
        return door_of(self.request.get_host())

    @cached_property
    def selection(self) -> Selection:
        return self.door.selection

    @cached_property
    def addresses(self) -> Addresses:
        """Of what is described: the same at every door."""
        return Addresses(public_root(self.request))

    @property
    def own_root(self) -> str:
        """Where the pages of this catalogue follow one another: at the door of a portal that has a domain."""
        return self.request.build_absolute_uri("/").rstrip("/") if self.door.has_domain else self.addresses.root

    def address(self, *segments: str, **query: Any) -> str:
        path = RECORDS + "/".join(quote(one, safe="@") for one in segments)
        return self.own_root + path + (f"?{urlencode(query)}" if query else "")

    def again(self, **changed: Any) -> str:
        """The same page with other parameters, None taking one away; a key is not written into an answer."""
        kept = {name: value for name, value in self.given.items() if name not in KEYS} | changed
        query = urlencode({name: value for name, value in kept.items() if value not in (None, "")})
        return f"{self.own_root}{self.request.path}" + (f"?{query}" if query else "")

    def catalogue(self, *segments: str, **query: Any) -> str:
        return self.address("collections", CATALOGUE, *segments, **query)
