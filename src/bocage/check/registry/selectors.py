"""Reads of the registry.

Everyone reads what has been proposed: a schema is a public promise. A draft is for those who write it: the members of the
organisation that leads it, and the coordinators of the platform, who may remark on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.check.models import Adoption, Remark, Schema, SchemaVersion
from bocage.check.registry.code_lists import with_code_lists
from bocage.check.registry.errors import SchemaNotCheckable
from bocage.check.registry.identity import LATEST
from bocage.check.schema import TableSchema
from bocage.check.vocabulary import SchemaLanguage, SchemaStatus
from bocage.kernel.errors import NotFound
from bocage.organizations.models import Organization
from bocage.organizations.standards.selectors import lineage
from bocage.organizations.vocabulary import Role

PREFERENCE = Case(
    When(status=SchemaStatus.ADOPTED, then=Value(3)),
    When(status=SchemaStatus.PROPOSED, then=Value(2)),
    When(status=SchemaStatus.RETIRED, then=Value(1)),
    default=Value(0),
    output_field=IntegerField(),
)
"""Which version stands for a schema when none is named: the latest adopted; failing that, the latest proposed."""


def is_coordinator(viewer: Viewer) -> bool:
    """Coordinator of at least one organisation of the platform."""
    return viewer.operator or any(role.rank >= Role.COORDINATOR.rank for role in viewer.roles.values())


def readable(viewer: Viewer) -> Q:
    """The versions that the viewer may read, as a filter."""
    if is_coordinator(viewer):
        return Q()
    return ~Q(status=SchemaStatus.DRAFT) | Q(schema__organization_id__in=list(viewer.roles))


def versions_for(viewer: Viewer) -> QuerySet[SchemaVersion]:
    """Versions with their schema and its leader, the latest first."""
    return (
        SchemaVersion.objects.filter(readable(viewer))
        .select_related("schema", "schema__organization")
        .order_by("-precedence", "-pk")
    )


def schema_version(name: str, number: str = "", *, viewer: Viewer = ANONYMOUS) -> SchemaVersion:
    """A version of a schema; when no number is given, the one that stands for it (see PREFERENCE). One query.

    A draft is never chosen, and is found by its number by those who may read it. Raises NotFound."""
    found = versions_for(viewer).filter(schema__name=name)
    if number and number != LATEST:
        version = found.filter(number=number).first()
    else:
        version = found.exclude(status=SchemaStatus.DRAFT).order_by(PREFERENCE.desc(), "-precedence", "-pk").first()
    if version is None:
        raise NotFound(kind=_("The schema"), name=f"{name} {number}".strip())
    return version


def table_schema(version: SchemaVersion) -> TableSchema:
    """The schema that checks read, its code lists in place (one query when it refers to some), under the number that the
    registry knows it by: what a descriptor says of itself may be absent, or late.

    Raises SchemaNotCheckable for a JSON Schema, CodeListAbsent, SchemaUnusable."""
    from bocage.check.descriptor import read_schema

    if version.schema.language != SchemaLanguage.TABLE:
        raise SchemaNotCheckable(name=version.schema.name)
    schema = read_schema(with_code_lists(version.descriptor), name=version.schema.name)
    return replace(schema, version=version.number)


def required_of(organization: Organization) -> list[SchemaVersion]:
    """The schemas that an organisation promised to follow, or that one above it requires, by title. One query.

    The nearest decision wins: a commune that pinned a version keeps it, whatever the métropole says of the schema."""
    above = [int(part) for part in organization.path.split("/") if part and int(part) != organization.pk]
    decided = Q(schema__adoptions__organization=organization) | Q(
        schema__adoptions__organization__in=above, schema__adoptions__required_below=True
    )
    pinned = Q(schema__adoptions__version=F("pk")) | Q(schema__adoptions__version__isnull=True, pk=_standing())
    rows = (
        SchemaVersion.objects.filter(decided & pinned)
        .annotate(nearness=Length("schema__adoptions__organization__path"))
        .select_related("schema")
        .order_by("schema__title", "nearness")
    )
    return list({row.schema_id: row for row in rows}.values())


def _standing() -> Subquery:
    """The version that stands for the schema of the outer row."""
    same = SchemaVersion.objects.filter(schema=OuterRef("schema_id")).exclude(status=SchemaStatus.DRAFT)
    return Subquery(same.order_by(PREFERENCE.desc(), "-precedence", "-pk").values("pk")[:1])


def standing_version() -> Subquery:
    """The version that stands for a schema, in a query on schemas."""
    same = SchemaVersion.objects.filter(schema=OuterRef("pk")).exclude(status=SchemaStatus.DRAFT)
    return Subquery(same.order_by(PREFERENCE.desc(), "-precedence", "-pk").values("pk")[:1])


@dataclass(frozen=True)
class Requirement:
    """What some of these organisations must follow: by their own decision, or by that of one above."""

    version: SchemaVersion
    organizations: tuple[Organization, ...]


def requirements_of(organizations: Iterable[Organization]) -> list[Requirement]:
    """What each must follow, schema by schema, by title: the rule of `required_of`, for many at once. Three queries."""
    concerned = list(organizations)
    ids = {int(part) for one in concerned for part in one.path.split("/") if part} | {one.pk for one in concerned}
    decided: dict[int, list[_Decided]] = {}
    for row in Adoption.objects.filter(organization__in=ids).values_list(
        "organization", "schema", "version", "required_below"
    ):
        decided.setdefault(row[0], []).append(_Decided(*row[1:]))
    schemas = Schema.objects.filter(pk__in={one.schema for several in decided.values() for one in several})
    standing = dict(schemas.annotate(standing=standing_version()).values_list("pk", "standing"))
    found: dict[int, list[Organization]] = {}
    for organization in concerned:
        for schema, pinned in _followed(organization, decided).items():
            if pk := pinned or standing[schema]:
                found.setdefault(pk, []).append(organization)
    known = SchemaVersion.objects.select_related("schema").defer("descriptor", "lint").in_bulk(list(found))
    made = [Requirement(known[pk], tuple(followers)) for pk, followers in found.items() if pk in known]
    return sorted(made, key=lambda one: (one.version.schema.title, one.version.precedence))


class _Decided(NamedTuple):
    """An adoption. `version`: None for whichever stands for the schema."""

    schema: int
    version: int | None
    required_below: bool


def _followed(organization: Organization, decided: Mapping[int, Iterable[_Decided]]) -> dict[int, int | None]:
    """Schema → its version in force for one organisation, by the nearest decision. `decided`: by organisation."""
    nearest: dict[int, int | None] = {}
    for place in lineage(organization):
        for one in decided.get(place, ()):
            if one.required_below or place == organization.pk:
                nearest[one.schema] = one.version
    return nearest


def schema_named(viewer: Viewer, name: str) -> Schema:
    """A schema that has a version for this viewer. Raises NotFound."""
    visible = SchemaVersion.objects.filter(readable(viewer), schema__name=name)
    schema = Schema.objects.select_related("organization").filter(name=name).first()
    if schema is None or not visible.exists():
        raise NotFound(kind=_("The schema"), name=name)
    return schema


def remark_for(viewer: Viewer, pk: int) -> Remark:
    """A remark on a version that the viewer may read. Raises NotFound."""
    found = Remark.objects.select_related("version__schema", "author").filter(pk=pk).first()
    if found is None or not SchemaVersion.objects.filter(readable(viewer), pk=found.version_id).exists():
        raise NotFound(kind=_("The remark"), name=str(pk))
    return found


def adopters(schema: Schema) -> list[Adoption]:
    """Who follows it, those who require it of others first; one query."""
    found = schema.adoptions.select_related("organization", "version", "schema")
    return list(found.order_by("-required_below", "organization__name"))


def remarks_on(version: SchemaVersion) -> list[Remark]:
    """The discussion of a version, open remarks first; one query."""
    return list(version.remarks.select_related("author").order_by(F("settled_at").asc(nulls_first=True), "created_at"))


@dataclass(frozen=True)
class SchemaLine:
    """A schema in a list. `version`: the one that stands for it, without its descriptor."""

    schema: Schema
    version: SchemaVersion
    adopted_by: int
    versions: int


def lines(schemas: QuerySet[Schema]) -> list[SchemaLine]:
    """One line per schema that has a version to show, in the order of the query; two queries."""
    found = list(
        schemas.select_related("organization").annotate(
            standing=standing_version(),
            adopted_by=Count("adoptions", distinct=True),
            version_count=Count("versions", filter=~Q(versions__status=SchemaStatus.DRAFT), distinct=True),
        )
    )
    standing = _light({one.standing for one in found if one.standing})
    return [SchemaLine(one, standing[one.standing], one.adopted_by, one.version_count) for one in found if one.standing]


def _light(pks: Iterable[int]) -> dict[int, SchemaVersion]:
    return SchemaVersion.objects.defer("descriptor", "lint").in_bulk(list(pks))
