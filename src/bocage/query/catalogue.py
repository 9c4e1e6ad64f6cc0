"""The catalogue read like any dataset: a relation for the query languages, and the search of the portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from bocage.access.restrictions import Restriction
from bocage.access.rule import Rule, levels
from bocage.access.rules import rules_of
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Action
from bocage.catalog.vocabulary import Frequency, Licence, Theme
from bocage.organizations.models import Organization
from bocage.query.catalogue_facets import FACETS, count_values, facet_values
from bocage.query.catalogue_ranking import hits_of, ranked_slugs
from bocage.query.catalogue_table import FIELDS, catalogue_table, current_key
from bocage.query.plan import Word, all_of
from bocage.query.planning import alternatives
from bocage.query.requests import FacetValue
from bocage.query.rights import scope_for, source_for
from bocage.query.selection import EVERYTHING, Selection
from bocage.query.words import words_of
from bocage.store import engine
from bocage.store.hardening import literal

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.store.engine import Session
    from bocage.store.models import Version

NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})
MOST_LISTED = 100
MOST_REFINED = 50
SORTS = ("relevance", "title", "modified", "records")


class OpenRelation:
    """What is said of the catalogue, which is for everyone: what differs from a viewer to another is its rows."""

    @property
    def versions(self) -> tuple[Version, ...]:
        return ()

    @property
    def prefixes(self) -> tuple[str, ...]:
        return ()

    @property
    def measures(self) -> tuple[Field, ...]:
        return ()

    @property
    def words(self) -> str:
        return "words"

    def restriction(self, viewer: Viewer) -> Restriction:
        return Restriction()

    def row_count(self, viewer: Viewer) -> int | None:
        return None


@dataclass(frozen=True)
class CatalogueRelation(OpenRelation):
    """Every dataset as a row; a viewer reads the rows of what `access.rules.visible_to` lets them know of, and of these only
    those that the door shows. `key` is the same for every door: they share one table and one index of words."""

    key: str = field(default_factory=current_key)
    selection: Selection = EVERYTHING

    @property
    def fields(self) -> tuple[Field, ...]:
        """Their labels are in the active language."""
        return _labelled(get_language() or "")

    @property
    def identity(self) -> tuple[str, ...]:
        return ("dataset_uid",)

    @property
    def prefixes(self) -> tuple[str, ...]:
        return ("default",)

    def source(self, session: Session, viewer: Viewer) -> str:
        table = session.resident(self.key, catalogue_table)
        rules = [row_rule(viewer)]
        if viewer != OPERATOR:  # the platform itself, which makes the index of words, reads every row
            rules.append(self.selection.sql(session, self.key))
        rule = " AND ".join(f"({one})" for one in rules if one)
        return f"(SELECT * FROM {table} WHERE {rule})" if rule else table


@cache
def _labelled(language: str) -> tuple[Field, ...]:
    with override(language):
        return tuple(replace(one, label=_(one.label)) if one.label else one for one in FIELDS)


def row_rule(viewer: Viewer) -> str:
    """`access.rules.visible_to(viewer, SEE)` in SQL; empty when everything is visible. A property test ties them."""
    if viewer.operator:
        return ""
    allowed = "false"
    for level in levels(rules_of(viewer), Action.SEE):
        allowed = " OR ".join([allowed, *(_where(rule) for rule in level.allow)])
        if level.deny:
            allowed = f"({allowed}) AND NOT ({' OR '.join(_where(rule) for rule in level.deny)})"
    return allowed


_COLUMNS = {"visibility": "_visibility", "organization_id": "organization_id", "uid": "dataset_uid"}


def _where(rule: Rule) -> str:
    values = ", ".join(
        str(value) if isinstance(value, int) else literal(str(value)) for value in sorted(rule.on.values, key=str)
    )
    return f"{_COLUMNS[rule.on.column]} IN ({values})" if values else "false"


@dataclass(frozen=True)
class CataloguePage:
    """`slugs`: datasets of the page, in order. `facets`: counts over everything found, by name of facet; `value` is the
    code to refine with, `name` the words to show in the active language."""

    total: int
    slugs: list[str] = field(default_factory=list)
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)


def catalogue_search(
    viewer: Viewer,
    *,
    text: str = "",
    refine: Mapping[str, Sequence[str]] = NOTHING,
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
    selection: Selection = EVERYTHING,
) -> CataloguePage:
    """Search what the viewer may know of, at the door that shows `selection`; accents and small typing errors are forgiven.

    `refine`: facet name (theme, organization, keyword, license, territory, update_frequency, features) → values: the
    values of one facet are alternatives, facets are combined. `sort`: relevance, title, modified, records.
    What is not a facet or a sort is left out: these come from the address of a page.
    """
    relation = CatalogueRelation(selection=selection)
    scope = scope_for(viewer, relation)
    words = search_words(text)
    kept = {
        name: list(dict.fromkeys(map(str, values)))[:MOST_REFINED]
        for name, values in refine.items()
        if name in FACETS and values
    }
    refined = [alternatives(FACETS[name], values, scope) for name, values in kept.items()]
    with engine.session() as session:
        source = source_for(viewer, relation, session)
        hits = hits_of(session, source, words) if words else None
        order = sort if sort in SORTS else "relevance"
        limit, offset = min(max(limit, 0), MOST_LISTED), max(offset, 0)
        total, slugs = ranked_slugs(session, source, hits, all_of(refined), order, limit, offset)
        values = facet_values(session, relation.key, relation.source(session, OPERATOR))
        counted = count_values(session, source, values, None if hits is None else list(hits), kept)
    return CataloguePage(total, slugs, {name: _named(name, found) for name, found in counted.items()})


MOST_WORDS = 12
_EMPTY_WORDS = frozenset(
    words_of(
        "a au aux avec ce ces d dans de des du en et l la le les leur leurs n ou par pour qu que qui s sa se ses son sont "
        "sur un une the of and in for to"
    )
)


def search_words(text: str) -> list[Word]:
    """Words worth searching, each mistyped or not; the last is also a beginning. Small words count when alone."""
    found = words_of(text[:500])
    kept = ([word for word in found if word not in _EMPTY_WORDS] or found)[:MOST_WORDS]
    return [Word(word, prefix=position == len(kept) - 1, fuzzy=True) for position, word in enumerate(kept)]


def _named(facet: str, values: list[FacetValue]) -> list[FacetValue]:
    """The same counts with the words to show for each code."""
    name = _NAMES[facet]([value.value for value in values]) if facet in _NAMES else {}
    return [FacetValue(name.get(value.value, value.value), value.value, value.count, value.state) for value in values]


def _organization_names(slugs: list[str]) -> dict[str, str]:
    return dict(Organization.objects.filter(slug__in=slugs).values_list("slug", "name"))


def _territory_names(codes: list[str]) -> dict[str, str]:
    return dict(Organization.objects.filter(insee_code__in=codes).values_list("insee_code", "name"))


def _feature_names(_codes: list[str]) -> dict[str, str]:
    return {"geo": _("Map"), "analyze": _("Chart"), "timeserie": _("Over time")}


_NAMES: dict[str, Callable[[list[str]], dict[str, str]]] = {
    "theme": lambda _codes: {theme.value: str(theme.label) for theme in Theme},
    "license": lambda _codes: {licence.value: str(licence.label) for licence in Licence},
    "update_frequency": lambda _codes: {frequency.value: str(frequency.label) for frequency in Frequency},
    "organization": _organization_names,
    "territory": _territory_names,
    "features": _feature_names,
}
