"""Who has adopted what: organisations × schemas, and what remains to be done in each cell. A handful of flat statements."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.core.cache import cache
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext, gettext_lazy, ngettext

from bocage.access.restrictions import kept_from_somebody, restrictions_for
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import catalogue_revision
from bocage.check.models import Adoption, Conformity, Report, Schema, SchemaVersion
from bocage.check.quality.gathering import latest_precedence
from bocage.check.vocabulary import SchemaStatus
from bocage.organizations.models import Organization
from bocage.organizations.vocabulary import OrganizationKind


class State(StrEnum):
    """From the least to the most."""

    ABSENT = "absent"
    UNCHECKED = "unchecked"
    ERRORS = "errors"
    OUTDATED = "outdated"
    VALID = "valid"


WORDS = {
    State.ABSENT: gettext_lazy("Not published"),
    State.UNCHECKED: gettext_lazy("Published, not checked yet"),
    State.ERRORS: gettext_lazy("Published with errors"),
    State.OUTDATED: gettext_lazy("Right for an older version"),
    State.VALID: gettext_lazy("Right"),
}

_RANK = {state: rank for rank, state in enumerate(State)}


KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Cell:
    """`slug`: the dataset that answers best; `errors`: in its published version; `required`: somebody above asks for it.
    `kept`: a part of the dataset is kept from the viewer, and what a check found in the whole of it as well."""

    state: State = State.ABSENT
    slug: str = ""
    errors: int = 0
    number: str = ""
    required: bool = False
    kept: bool = False

    @property
    def told(self) -> str:
        """What remains to be done, in a few words."""
        if self.kept:
            return gettext("Published; checked for those who see the whole")
        if self.state is State.ERRORS:
            return ngettext("Published with %(n)s error", "Published with %(n)s errors", self.errors) % {
                "n": self.errors
            }
        if self.state is State.OUTDATED:
            return gettext("Right for version %(number)s, to be moved on") % {"number": self.number}
        if self.state is State.ABSENT and self.required:
            return gettext("Not published, required")
        return str(WORDS[self.state])


@dataclass(frozen=True)
class Row:
    organization: Organization
    cells: tuple[Cell, ...]

    @property
    def valid(self) -> int:
        return sum(1 for cell in self.cells if cell.state is State.VALID)

    @property
    def missing(self) -> int:
        """Required, and not published."""
        return sum(1 for cell in self.cells if cell.required and cell.state is State.ABSENT)


@dataclass(frozen=True)
class Column:
    """`valid`, `published`: organisations of the whole matrix, not only of the page."""

    schema: Schema
    valid: int
    published: int


@dataclass(frozen=True)
class Matrix:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    organization: int
    schema: int
    cell: Cell


def schemas_in_use(viewer: Viewer) -> list[Schema]:
    """The schemas that a dataset seen by the viewer follows, or that an organisation adopted, by title."""
    seen = Conformity.objects.filter(
        dataset__in=Dataset.objects.visible_to(viewer), schema_version__schema=OuterRef("pk")
    )
    adopted = Adoption.objects.filter(schema=OuterRef("pk"))
    return list(Schema.objects.filter(Exists(seen) | Exists(adopted)).order_by("title"))


def organizations_below(parent: Organization | None = None) -> list[Organization]:
    """The communes (below `parent`), by name; and the others that have published something which follows a schema."""
    among = Organization.objects.filter(path__startswith=parent.path) if parent else Organization.objects.all()
    follows = Conformity.objects.filter(dataset__organization=OuterRef("pk"))
    return list(among.filter(Q(kind=OrganizationKind.COMMUNE) | Exists(follows)).order_by("name"))


def matrix(
    viewer: Viewer, organizations: Sequence[Organization], schemas: Sequence[Schema], *, shown: slice = slice(None)
) -> Matrix:
    """The cells of `organizations[shown]`; the totals are those of all of them."""
    found = _cells(viewer, schemas)
    required = _required(organizations, schemas)
    members = {organization.pk for organization in organizations}
    totals = {schema.pk: [0, 0] for schema in schemas}
    for (organization, schema), cell in found.items():
        if organization in members:
            totals[schema][0] += cell.state is State.VALID
            totals[schema][1] += 1
    columns = tuple(Column(schema, *totals[schema.pk]) for schema in schemas)
    rows = tuple(_row(organization, schemas, found, required) for organization in organizations[shown])
    return Matrix(columns, rows)


def _cells(viewer: Viewer, schemas: Sequence[Schema]) -> dict[tuple[int, int], Cell]:
    """(organisation, schema) → the cell. Kept as long as nothing was published, checked or adopted since."""
    reports = Report.objects.aggregate(last=Max("pk"))["last"]
    kept = _kept_from(viewer)
    versions = SchemaVersion.objects.aggregate(last=Max("pk"), count=Count("pk", filter=Q(status=SchemaStatus.ADOPTED)))
    asked = [
        catalogue_revision(),
        reports,
        versions["last"],
        versions["count"],
        viewer.key,
        sorted(kept),  # readers of the same datasets may see other parts of them
        [one.pk for one in schemas],
    ]
    key = "matrix:" + hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    found: dict[tuple[int, int], Cell] | None = cache.get(key)
    if found is None:
        found = _best(_found(viewer, schemas, kept))
        cache.set(key, found, KEPT_SECONDS)
    return found


def _found(viewer: Viewer, schemas: Sequence[Schema], kept: Collection[str]) -> Iterable[_Found]:
    """Every conformity of what the viewer sees, with the last verdict on its published version: two flat statements."""
    latest = latest_precedence(schema.pk for schema in schemas)
    rows = Conformity.objects.filter(
        schema_version__schema__in=schemas,
        dataset__in=Dataset.objects.visible_to(viewer).filter(version_number__isnull=False),
    ).values_list(
        "dataset__organization_id", "schema_version__schema_id", "dataset__slug", "schema_version__number",
        "schema_version__precedence", "dataset__head__version_id", "schema_version_id", "dataset__uid",
    )  # fmt: skip
    verdicts = _verdicts()
    for organization, schema, slug, number, precedence, version, against, uid in rows:
        if uid in kept:
            yield _Found(organization, schema, Cell(State.UNCHECKED, slug, kept=True))
            continue
        valid, errors = verdicts.get((version, against), (None, 0))
        state = _state(valid, outdated=precedence < latest.get(schema, precedence))
        yield _Found(organization, schema, Cell(state, slug, errors, number))


def _kept_from(viewer: Viewer) -> Collection[str]:
    """Uid of the datasets that the viewer may read, and of which they see a part."""
    ruled = Dataset.objects.visible_to(viewer).filter(uid__in=list(kept_from_somebody()))
    return {
        uid
        for uid, limits in restrictions_for(viewer, ruled.only("uid", "organization", "visibility")).items()
        if limits
    }


def _verdicts() -> dict[tuple[int, int], tuple[bool, int]]:
    """(published version, version of a schema) → the last verdict."""
    rows = Report.objects.filter(version=F("dataset__head__version")).order_by("pk")
    found = rows.values_list("version_id", "schema_version_id", "valid", "error_count")
    return {(version, against): (valid, errors) for version, against, valid, errors in found}


def _state(valid: bool | None, *, outdated: bool) -> State:
    if valid is None:
        return State.UNCHECKED
    if not valid:
        return State.ERRORS
    return State.OUTDATED if outdated else State.VALID


def _best(found: Iterable[_Found]) -> dict[tuple[int, int], Cell]:
    """Of several datasets of an organisation for one schema, the one that stands best."""
    best: dict[tuple[int, int], Cell] = {}
    for one in found:
        key = (one.organization, one.schema)
        if key not in best or _standing(one.cell) > _standing(best[key]):
            best[key] = one.cell
    return best


def _standing(cell: Cell) -> tuple[int, int]:
    return _RANK[cell.state], -cell.errors


def _required(organizations: Sequence[Organization], schemas: Sequence[Schema]) -> set[tuple[int, int]]:
    """(organisation, schema): adopted by itself, or required by one above it."""
    rows = Adoption.objects.filter(schema__in=schemas).values_list(
        "schema", "organization", "organization__path", "required_below"
    )
    by_path: dict[str, list[int]] = {}
    found = set()
    for schema, organization, path, below in rows:
        found.add((organization, schema))
        if below and path:
            by_path.setdefault(path, []).append(schema)
    for one in organizations:
        for path in _paths(one.path):
            found.update((one.pk, schema) for schema in by_path.get(path, ()))
    return found


def _paths(path: str) -> Iterable[str]:
    """`/1/4/12/` → `/1/`, `/1/4/`, `/1/4/12/`."""
    parts = [part for part in path.split("/") if part]
    return ("/" + "/".join(parts[: rank + 1]) + "/" for rank in range(len(parts)))


_EMPTY, _EMPTY_REQUIRED = Cell(), Cell(required=True)


def _row(
    organization: Organization,
    schemas: Sequence[Schema],
    found: dict[tuple[int, int], Cell],
    required: set[tuple[int, int]],
) -> Row:
    def cell(schema: Schema) -> Cell:
        key = (organization.pk, schema.pk)
        known, asked = found.get(key), key in required
        if known is None:
            return _EMPTY_REQUIRED if asked else _EMPTY
        return replace(known, required=asked)

    return Row(organization, tuple(cell(schema) for schema in schemas))
