"""One request to an older service: who asks, below which address, with which parameters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import bocage
from bocage.access.restrictions import restrictions_for
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.errors import NotFound
from bocage.kernel.public_address import public_address
from bocage.organizations.models import Organization
from bocage.publish.ogc.call import Subject, subject_for
from bocage.publish.ows.errors import invalid, missing
from bocage.publish.viewers import PARAMETERS as KEYS
from bocage.query.facts import all_as_seen
from bocage.query.selection import Selection, selection_at

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from bocage.access.viewer import Viewer

MOST_LAYERS = 1_000
"""Of one capabilities document: desktop clients read the whole of it, and draw it as one list."""
LONGEST = 100_000


def parameters(sent: QueryDict) -> dict[str, str]:
    """Names in lower case, as the standards do not look at theirs; blanks around values left out. Those that are not known are
    left to their senders: the standards leave room for them. Raises OwsError."""
    found: dict[str, str] = {}
    for name, values in sent.lists():
        key = name.lower()
        if key in found or len(set(values)) > 1:
            raise invalid(name[:100], values[-1], _("one value is expected"))
        if len(values[0]) > LONGEST:
            raise invalid(name[:100], values[0], _("it is too long"))
        found[key] = values[0].strip().replace("\0", "\ufffd")
    return found


@dataclass(frozen=True)
class Call:
    """`service`: wfs, wms or wmts. `dataset`, `organization`: identifiers of what the address is narrowed to, or nothing."""

    request: HttpRequest
    viewer: Viewer
    service: str
    given: Mapping[str, str]
    dataset: str = ""
    organization: str = ""
    _subjects: dict[str, Subject] = field(default_factory=dict, compare=False)

    def get(self, name: str, default: str = "") -> str:
        return self.given.get(name.lower()) or default

    def need(self, name: str) -> str:
        """Raises OwsError."""
        found = self.get(name)
        if not found:
            raise missing(name)
        return found

    def subject(self, name: str) -> Subject:
        """The layer of that name, read once. Raises NotFound for hidden as for absent, or outside of the address."""
        if self.dataset and name != self.dataset:
            raise NotFound(kind="layer", name=name)
        if name not in self._subjects:
            self._subjects[name] = subject_for(self.viewer, name)
            _ = self._subjects[name].relation
        return self._subjects[name]

    @cached_property
    def selection(self) -> Selection:
        """What this door lists of the catalogue."""
        return selection_at(self.request.get_host())

    @cached_property
    def listed(self) -> list[Dataset]:
        """What the caller may read below this address, one more than MOST_LAYERS at most; by title, in a stable order."""
        readable = Dataset.objects.visible_to(self.viewer).filter(version_number__isnull=False)
        if self.dataset:
            return [self.subject(self.dataset).dataset]
        readable = readable.filter(self.selection.filter)
        if self.organization:
            readable = readable.filter(organization=self._organization())
        if self.service != "wfs":
            readable = readable.exclude(geometry_types=[])
        readable = readable.select_related("organization").defer("schema").order_by("title", "pk")
        return list(readable[: MOST_LAYERS + 1])

    def _organization(self) -> Organization:
        found = Organization.objects.filter(slug=self.organization).first()
        if found is None:
            raise NotFound(kind="organization", name=self.organization)
        return found

    @property
    def cut(self) -> bool:
        """There are more layers than the document lists; each still answers by its name."""
        return len(self.listed) > MOST_LAYERS

    @cached_property
    def layers(self) -> list[Dataset]:
        """With the facts that exist for the caller; of maps, those alone that have something to draw for them."""
        seen = all_as_seen(self.viewer, self.listed[:MOST_LAYERS])
        return seen if self.service == "wfs" else [one for one in seen if one.is_geographic]

    @property
    def address(self) -> str:
        """Absolute, of this very service; a key is not written into it."""
        return public_address(self.request, self.path)

    @property
    def operations(self) -> str:
        """What clients put their parameters after. A key that came in the address is written there, to whoever sent it: clients
        that have no other way of sending it ask the addresses of the capabilities, and nothing else."""
        keys = {name: value for name, value in self.given.items() if name in KEYS and value}
        return f"{self.address}?{urlencode(keys)}&" if keys else f"{self.address}?"

    @property
    def path(self) -> str:
        below = f"/organizations/{quote(self.organization)}" if self.organization else f"/{quote(self.dataset)}"
        return f"/{self.service}{below if below != '/' else ''}"

    def again(self, **changed: Any) -> str:
        """The same question with other parameters, None taking one away."""
        kept = {name: value for name, value in self.given.items() if name not in KEYS} | changed
        query = urlencode({name: value for name, value in kept.items() if value not in (None, "")})
        return f"{self.address}?{query}" if query else self.address

    def key(self, *parts: Any) -> str:
        """SHA-256 of `parts`, the parameters, the language and the release: the identity of an answer."""
        given = sorted((name, value) for name, value in self.given.items() if name not in KEYS)
        identity = [bocage.__version__, self.address, self.request.path, get_language(), given, parts]
        return hashlib.sha256(json.dumps(identity, default=str).encode()).hexdigest()

    def listing_key(self) -> str:
        """Of a capabilities document."""
        limits = restrictions_for(self.viewer, self.listed)
        stamps = [
            (
                one.uid,
                one.version_number,
                one.metadata_updated_at.isoformat(),
                one.organization.name,
                limits[one.uid].key,
            )
            for one in self.listed
        ]
        return self.key("capabilities", self.selection.key, stamps)

    def data_key(self, *names: str) -> str:
        """Of the rows and fields of these layers, as the caller sees them."""
        relations = [self.subject(name).relation for name in names]
        return self.key([(one.key, one.description_key, one.restriction(self.viewer).key) for one in relations])

    def open_data(self, *names: str) -> bool:
        return all(self.subject(name).dataset.visibility == Visibility.OPEN for name in names)
