"""One request to the interface: who asks, for which dataset, with which parameters, from which address."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.http import QueryDict

import bocage
from bocage.access.vocabulary import Visibility
from bocage.publish.explore.errors import NotFoundResource
from bocage.publish.explore.facets import facet_requests
from bocage.publish.explore.versions import version_as_of
from bocage.publish.subjects import subject_for
from bocage.publish.viewers import PARAMETERS
from bocage.query.catalogue import CatalogueRelation
from bocage.query.relation import DatasetRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.selection import selection_at

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.publish.explore.parameters import Given
    from bocage.publish.subjects import Subject

ROOT = "/api/explore/v2.1"
NOW = re.compile(r"\bnow\s*\(", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """`path`: the variable parts of the address. `given`: every parameter of the operation, read and checked. `sent`: all
    that was sent, in the address or the body, as written."""

    request: HttpRequest
    viewer: Viewer
    path: Mapping[str, str]
    given: Given
    sent: QueryDict = field(default_factory=QueryDict)

    @cached_property
    def subject(self) -> Subject:
        return subject_for(self.viewer, self.path["dataset_id"])

    @property
    def dataset(self) -> Dataset:
        """Which the viewer reads. Raises NotFound, for hidden as for absent; DataOnRequest."""
        return self.subject.dataset

    @property
    def announced(self) -> Dataset:
        """Of which the viewer knows, whether they may read it or not. Raises NotFound."""
        return self.subject.announced

    @cached_property
    def relation(self) -> DatasetRelation:
        """The published rows, or those that `as_of` asks for. A dataset without a version has none: NotFoundResource."""
        asked = self.given.get("as_of", "").strip()
        if asked:
            found = version_as_of(self.viewer, self.dataset, asked, self.given.get("timezone", "UTC"))
            return DatasetRelation(self.dataset, found)
        if self.subject.relation is None:
            raise NotFoundResource("data of dataset", self.path["dataset_id"])
        return self.subject.relation

    @property
    def open_data(self) -> bool:
        return self.announced.visibility == Visibility.OPEN

    @cached_property
    def catalogue(self) -> CatalogueRelation:
        """The catalogue as the door shows it by which the call came."""
        return CatalogueRelation(selection=selection_at(self.request.get_host()))

    def odsql(self, *, limit: int = -1, offset: int = 0, select: str | None = None) -> OdsqlRequest:
        """The clauses given, for `query`; `select` in the place of the one given."""
        given = self.given
        return OdsqlRequest(
            select=given.get("select", "") if select is None else select,
            where=given.get("where", ()),
            group_by=given.get("group_by", ""),
            order_by=given.get("order_by", ""),
            limit=limit,
            offset=offset,
            refine=given.get("refine", ()),
            exclude=given.get("exclude", ()),
            timezone=given.get("timezone", "UTC"),
            lang=given.get("lang", "fr"),
            disjunctive=tuple(facet.name for facet in facet_requests(given.get("facet", ())) if facet.disjunctive),
        )

    @property
    def lasting(self) -> bool:
        """False when the clock is part of the query: the same words then mean other rows tomorrow."""
        single = (self.given.get(name, "") for name in ("select", "group_by", "order_by"))
        return not any(NOW.search(clause) for clause in (*single, *self.given.get("where", ())))

    def key(self, *parts: str) -> str:
        """SHA-256 of `parts`, of every parameter and of the release: the identity of an answer."""
        identity = [bocage.__version__, *parts, sorted(self.path.items()), sorted(self.given.items())]
        return hashlib.sha256(json.dumps(identity, default=str).encode()).hexdigest()

    @property
    def again(self) -> QueryDict:
        """The parameters of a link to the same question: a key is not written into an answer."""
        query = self.sent.copy()
        for name in PARAMETERS:
            query.pop(name, None)
        return query

    @property
    def root(self) -> str:
        """Absolute address of the interface."""
        public = settings.BOCAGE.public_url.rstrip("/")
        return public + ROOT if public else self.request.build_absolute_uri(ROOT)

    @property
    def page(self) -> str:
        """Absolute address of the page of the dataset, or of the catalogue."""
        dataset = self.path.get("dataset_id")
        below = f"/explore/dataset/{quote(dataset)}/" if dataset else "/explore/"
        return self.root.removesuffix(ROOT) + below

    def address(self, *segments: str, **query: Any) -> str:
        path = "/".join(quote(segment, safe="@") for segment in segments)
        words = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items())
        return f"{self.root}/{path}{'?' + words if words else ''}"
