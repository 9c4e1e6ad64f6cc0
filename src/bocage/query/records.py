"""Search of the catalogue's records: conditions in any language, pages at any depth, for what the viewer may know of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from bocage.access.vocabulary import Action
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.query.catalogue import CatalogueRelation
from bocage.query.facts import all_as_seen
from bocage.query.features import FeatureQuery, features, hits
from bocage.query.plan import (
    Always,
    And,
    Call,
    Column,
    Compare,
    Constant,
    Expression,
    Like,
    OneOf,
    Operation,
    Or,
    Output,
    Plan,
    Predicate,
)
from bocage.query.record_table import RecordRelation
from bocage.query.rendering import name
from bocage.query.services import planned
from bocage.query.words import normalised

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.query.selection import Selection

_T = FieldType
MOST_VALUES = 1_000


@dataclass(frozen=True)
class RecordPage:
    """`matched`: in all. `datasets`: of the page, with the facts that exist for the viewer. `next`: after which record the next
    page begins; empty on the last one."""

    matched: int
    datasets: Sequence[Dataset] = ()
    next: str = ""


def record_page(viewer: Viewer, selection: Selection, query: FeatureQuery) -> RecordPage:
    """The records that the viewer may know of, at the door that shows `selection`, in the order in which they came or that of
    the query. Raises the errors of the language, InvalidParameter when the record of `after` is gone."""
    relation = relation_of(selection)
    if query.limit == 0:
        return RecordPage(hits(viewer, relation, query))
    asked = dataclasses.replace(query, properties=lambda scope: (scope.fields["identifier"],), drawn=False)
    with features(viewer, relation, asked, _Identifier()) as page:
        slugs = [slug for batch in page.batches for slug in batch.column(0).to_pylist()]
    return RecordPage(page.matched, known_datasets(viewer, slugs), page.next)


def relation_of(selection: Selection) -> RecordRelation:
    return RecordRelation(CatalogueRelation(selection=selection))


def known_datasets(viewer: Viewer, slugs: Sequence[str]) -> list[Dataset]:
    """Those that the viewer may know of, in the order of `slugs`, as they may know them: the database has the last word."""
    known = Dataset.objects.visible_to(viewer, Action.SEE).select_related("organization").defer("schema")
    found = {one.slug: one for one in known.filter(slug__in=slugs)}
    return all_as_seen(viewer, [found[slug] for slug in slugs if slug in found])


def known_records(viewer: Viewer, names: Iterable[str]) -> list[Dataset]:
    """The datasets of these records, each named by the identifier of the record or by that of the dataset; those that the viewer
    may not know of, that are absent or without data are left out. Whichever the door: one dataset is asked for by its rights."""
    wanted = set(names)
    known = Dataset.objects.visible_to(viewer, Action.SEE).filter(version_number__isnull=False)
    found = known.filter(Q(uid__in=wanted) | Q(slug__in=wanted)).order_by("pk").values_list("uid", "slug")
    taken = {uid for uid, _slug in found}
    # A dataset may be called by what identifies the record of another.
    slugs = [slug for uid, slug in found if uid in wanted or slug not in taken]
    return known_datasets(viewer, slugs)


def values_of(viewer: Viewer, selection: Selection, field: Field) -> list[str]:
    """The different values of a text of the records, or of a list of texts, in order, at most MOST_VALUES."""
    value: Expression = Column(field.name, field.type)
    if field.type == _T.ARRAY:
        value = Call(Operation.EACH, (value,), _T.STRING)
    plan = Plan((Output(Field(field.name, _T.STRING), value),), groups=(value,), summarised=True, limit=MOST_VALUES)
    page = planned(viewer, relation_of(selection), lambda _scope: plan)
    return [str(row[field.name]) for row in page.rows if row[field.name] not in (None, "")]


class _Identifier:
    """Only which datasets they are: what is said of them comes from the database."""

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        return name("identifier")


# Conditions of the record interfaces that no language writes ----------------------------------------------------------


def containing(text: str) -> Predicate:
    """Every word in this order, with nothing but blanks between, whatever their case and accents. Blank text: everything."""
    words = " ".join(normalised(text).split())
    if not words:
        return Always(True)
    plain = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return Like(Column("anytext", _T.STRING), Constant(f"%{plain}%", _T.STRING))


def any_containing(texts: Iterable[str]) -> Predicate:
    return any_of([containing(one) for one in texts])


def named_one_of(columns: Sequence[str], values: Iterable[str]) -> Predicate:
    """One of these texts has one of these values."""
    constants = tuple(Constant(value, _T.STRING) for value in values)
    return any_of([OneOf(Column(one, _T.STRING), constants) for one in columns]) if constants else Always(False)


def within(first: date | None, last: date | None) -> Predicate:
    """What lasts during some of these days, of the records that say a period."""
    start, end = Column("temporal_start", _T.DATE), Column("temporal_end", _T.DATE)
    sides: list[Predicate] = [Compare(">=", end, Constant(first, _T.DATE))] if first else []
    sides += [Compare("<=", start, Constant(last, _T.DATE))] if last else []
    return And(tuple(sides)) if len(sides) > 1 else sides[0] if sides else Always(True)


def any_of(conditions: Sequence[Predicate]) -> Predicate:
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions)) if conditions else Always(False)
