"""One question to this version: who asks, with which parameters, about which dataset; and what it is for the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from bocage.access.vocabulary import Visibility
from bocage.publish.explore import parameters as p
from bocage.publish.explore.call import Call
from bocage.publish.first_version import places, sorting
from bocage.publish.first_version.language.parse import where_of
from bocage.publish.first_version.parameters import LANG, checked, named, refinement
from bocage.publish.first_version.refusals import Absent, Malformed
from bocage.publish.subjects import subject_for
from bocage.query.rights import scope_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.publish.subjects import Subject
    from bocage.query.odsql.scope import Scope
    from bocage.query.relation import DatasetRelation, Relation
    from bocage.query.requests import OdsqlRequest


@dataclass(frozen=True)
class Inquiry:
    """`given`: the parameters of the address and of the form, together. `segments`: of the path, below the interface."""

    request: HttpRequest
    viewer: Viewer
    given: QueryDict
    segments: tuple[str, ...] = ()

    def text(self, name: str, default: str = "") -> str:
        """The last value given, or the default when absent or empty."""
        return next((value for value in reversed(self.texts(name)) if value), default)

    def texts(self, name: str) -> list[str]:
        return checked(name, self.given.getlist(name))

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1", "yes", "on")

    @cached_property
    def timezone(self) -> str:
        return str(p.TIMEZONE.read(self.given))

    @cached_property
    def lang(self) -> str:
        return LANG(self.text("lang"))

    @cached_property
    def slug(self) -> str:
        """Of the dataset, from the path or from the parameters."""
        asked = list(dict.fromkeys(name for text in self.texts("dataset") for name in text.split(",") if name))
        if self.segments:
            return self.segments[0]
        if len(asked) != 1:
            raise Malformed("dataset", "exactly one dataset is expected" if asked else "it is missing")
        return asked[0]

    @cached_property
    def subject(self) -> Subject:
        return subject_for(self.viewer, self.slug)

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
        if self.subject.relation is None:
            raise Absent(f"data of dataset {self.slug}")
        return self.subject.relation

    @cached_property
    def scope(self) -> Scope:
        return self.scope_of(self.relation)

    def scope_of(self, relation: Relation) -> Scope:
        return scope_for(self.viewer, relation, timezone=self.timezone, lang=self.lang)

    @property
    def open_data(self) -> bool:
        return self.announced.visibility == Visibility.OPEN

    def where(self, scope: Scope) -> tuple[str, ...]:
        """The conditions of every `q`, `q.name` and `geofilter`."""
        queries = [
            text for name in self.given if name in ("q", "rq") or name.startswith("q.") for text in self.texts(name)
        ]
        found = [where_of(text, scope) for text in queries]
        return tuple(filter(None, [*found, *places.conditions(self, scope)]))

    def disjunctive(self) -> tuple[str, ...]:
        return tuple(name for name, values in named(self.given, "disjunctive.") if values[-1].lower() in ("true", "1"))

    def clauses(self, scope: Scope, aliases: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The parameters of an Explore operation that mean the same. `aliases`: names of this version → of the fields."""
        refined, excluded = (refinement(self.given, prefix, aliases or {}) for prefix in ("refine.", "exclude."))
        facets = tuple(
            f"facet(name={_quoted((aliases or {}).get(name, name))}, disjunctive=true)" for name in self.disjunctive()
        )
        return {
            "where": self.where(scope),
            "refine": refined,
            "exclude": excluded,
            "facet": facets,
            "timezone": self.timezone,
            "lang": self.lang,
        }

    def order(self, scope: Scope, aliases: Mapping[str, str] | None = None) -> str:
        """The ODSQL of `sort`."""
        return sorting.order_by(self.texts("sort"), scope, aliases or {}, places.centre(self, scope))

    def call(
        self, scope: Scope, *, path: Mapping[str, str], aliases: Mapping[str, str] | None = None, **given: Any
    ) -> Call:
        """The same question as an operation of the Explore API; `given` stands over what was asked."""
        defaults = {one.name: one.default for one in p.CATALOGUE_EXPORT}
        return Call(self.request, self.viewer, path, defaults | self.clauses(scope, aliases) | given)

    def operation(self, **path: str) -> Call:
        """An operation of the Explore API without any condition."""
        return Call(self.request, self.viewer, path, {"timezone": self.timezone, "lang": self.lang})

    def odsql(self, scope: Scope, **given: Any) -> OdsqlRequest:
        """The same question for the engine."""
        limit, offset = given.pop("limit", -1), given.pop("offset", 0)
        return self.call(scope, path={}, **given).odsql(limit=limit, offset=offset)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
