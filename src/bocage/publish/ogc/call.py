"""One request: who asks, of which collection, with which parameters, from which address."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.utils.translation import get_language

import bocage
from bocage.access.vocabulary import Visibility
from bocage.kernel.errors import NotFound
from bocage.kernel.public_address import public_root
from bocage.publish.subjects import Subject as Announced
from bocage.publish.subjects import kept_for
from bocage.publish.viewers import PARAMETERS as KEYS
from bocage.query.facts import as_seen
from bocage.query.relation import DatasetRelation
from bocage.query.restricted import seen_by
from bocage.query.selection import Selection, selection_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset
    from bocage.publish.ogc.negotiation import Format

ROOT = "/ogc/"


@dataclass(frozen=True)
class Subject(Announced):
    """The collection that a request is about, read once. `name` is empty above the collections."""

    @property
    def uid(self) -> str:
        """Of what is read, not only announced: raises as `dataset`."""
        return self.dataset.uid

    @cached_property
    def seen(self) -> Dataset:
        """With the facts that exist for the viewer."""
        return as_seen(self.viewer, self.dataset)

    @cached_property
    def relation(self) -> DatasetRelation:
        """Raises NotFound for a dataset that has no data yet."""
        if self.version is None:
            raise NotFound(kind="collection", name=self.name)
        return DatasetRelation(self.dataset, self.version)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Those that exist for the viewer."""
        return seen_by(self.viewer, self.relation).fields

    @cached_property
    def described(self) -> str:
        """As `DatasetRelation.description_key`."""
        return self.relation.description_key


def subject_for(viewer: Viewer, name: str) -> Subject:
    """Raises as `Subject.dataset`."""
    return kept_for(Subject, viewer, name)


@dataclass(frozen=True)
class Call:
    """`given`: the parameters, read. `format`: what is wanted."""

    request: HttpRequest
    viewer: Viewer
    subject: Subject
    given: Mapping[str, str]
    format: Format

    @property
    def collection(self) -> str:
        return self.subject.name

    @property
    def dataset(self) -> Dataset:
        return self.subject.dataset

    @property
    def seen(self) -> Dataset:
        return self.subject.seen

    @property
    def relation(self) -> DatasetRelation:
        return self.subject.relation

    @cached_property
    def selection(self) -> Selection:
        """What this door lists of the catalogue."""
        return selection_at(self.request.get_host())

    @property
    def open_data(self) -> bool:
        return self.dataset.visibility == Visibility.OPEN

    @cached_property
    def list_root(self) -> str:
        """Where lists, and what leads to them, go on: at the door of a portal that shows a part, since elsewhere they would be
        those of another one. What is asked of one dataset does not depend on the door."""
        if self.collection or self.selection.everything:
            return public_root(self.request)
        return self.request.build_absolute_uri("/").rstrip("/")

    def address(self, *segments: str, **query: Any) -> str:
        """Absolute, below the root. A dataset has one address, whichever the door."""
        one = segments[:1] == ("collections",) and len(segments) > 1
        root = public_root(self.request) if one else self.list_root
        path = ROOT + "/".join(quote(one, safe="@") for one in segments)
        return root + path + (f"?{urlencode(query)}" if query else "")

    def again(self, **changed: Any) -> str:
        """The same address with other parameters, None taking one away; a key is not written into an answer."""
        kept = {name: value for name, value in self.given.items() if name not in KEYS} | changed
        query = urlencode({name: value for name, value in kept.items() if value not in (None, "")})
        return self.list_root + self.request.path + (f"?{query}" if query else "")

    def key(self, *parts: Any) -> str:
        """SHA-256 of `parts`, the parameters, the representation, its language and the release: the identity of an answer."""
        given = sorted((name, value) for name, value in self.given.items() if name not in KEYS)
        language = get_language() if self.format.name == "html" else ""
        identity = [
            bocage.__version__,
            self.address(),
            self.request.path,
            self.format.media_type,
            language,
            given,
            parts,
        ]
        return hashlib.sha256(json.dumps(identity, default=str).encode()).hexdigest()

    def data_key(self) -> str:
        """Of the rows and fields as the viewer sees them."""
        relation = self.relation
        return self.key(relation.key, self.subject.described, relation.restriction(self.viewer).key)
