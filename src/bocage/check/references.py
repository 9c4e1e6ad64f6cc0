"""What a check looks at beside its table: the reference datasets of the platform, and the territory of the producer.

A name (`Bench.resources`) stands for a dataset once the operator says so (`models.Reference`, `bocage references`). It is used
when the person may read the whole of that dataset; otherwise rules say that the reference was not given, or stay silent.
`reference:<identifier>` stands for the reference layer of that identifier, whoever marked it: who writes the schema chose it.

Two times: `references_for` chooses the files, before the workshop is opened on them; `lay_out` comes before any table is made in
the workshop, since opening geometry empties it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bocage.check.models import Reference
from bocage.check.rules import beyond
from bocage.check.written import written
from bocage.store.engine import literal, quoted

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.check.schema import TableSchema
    from bocage.store.engine import Workshop

COMMUNES, BAN_COMMUNES, ADDRESSES = "communes", "ban_communes", "bal"
LAYER = "reference:"
OFFICIAL = "_official_communes"
_COMMUNE_COLUMNS = ("code", "nom", "actuelle", "wkt", "epci")


@dataclass(frozen=True)
class LaidOut:
    """As `services.check` takes it: see `Bench`."""

    resources: Mapping[str, str] = field(default_factory=dict)
    producer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A reference that may be read. `columns`: name that rules give → field of the file."""

    name: str
    path: Path
    columns: Mapping[str, str]

    def select(self, workshop: Workshop) -> str:
        """Its columns as texts, boundaries in WKT."""
        source = f"read_parquet({literal(str(self.path))})"
        types = {name: str(kind) for name, kind, *_ in workshop.execute(f"DESCRIBE SELECT * FROM {source}")}
        columns = (f"{_text(one, types[one])} AS {quoted(said)}" for said, one in self.columns.items())
        return f"SELECT {', '.join(columns)} FROM {source}"


@dataclass(frozen=True)
class References:
    """`spatial`: the check will need geometry. `official`: communes are told by the official list, the reference adds to it.
    `insee`, `siren`, `territory`: codes of the communes of the producer; its own, when it is an intercommunal authority whose
    communes the reference tells; its name."""

    sources: tuple[Source, ...] = ()
    spatial: bool = False
    official: bool = False
    insee: tuple[str, ...] = ()
    territory: str = ""
    siren: str = ""

    @property
    def files(self) -> list[Path]:
        return [one.path for one in self.sources]

    def lay_out(self, workshop: Workshop) -> LaidOut:
        """The workshop was opened on `files`, and no table was made in it."""
        if self.spatial:
            workshop.need_spatial()
        resources = {one.name: one.select(workshop) for one in self.sources}
        if COMMUNES not in resources:
            return LaidOut(resources)
        columns = next(one.columns for one in self.sources if one.name == COMMUNES)
        insee = self.insee or self._members(resources[COMMUNES], columns, workshop)
        producer = self._producer(resources[COMMUNES], insee, workshop) if "wkt" in columns and insee else {}
        if self.official:
            resources[COMMUNES] = _completed(resources[COMMUNES], columns, workshop)
        return LaidOut(resources, producer)

    def _members(self, communes: str, columns: Mapping[str, str], workshop: Workshop) -> tuple[str, ...]:
        """The communes of the intercommunal authority, as the reference tells: some are in two, written `a/b`."""
        if not self.siren or "epci" not in columns:
            return ()
        member = f"list_contains(string_split(epci, '/'), {literal(self.siren)})"
        rows = workshop.execute(
            f"SELECT DISTINCT code FROM ({communes}) AS c WHERE code IS NOT NULL AND {member} ORDER BY code"
        )
        return tuple(str(code) for (code,) in rows)

    def _producer(self, communes: str, insee: Sequence[str], workshop: Workshop) -> dict[str, Any]:
        """Nothing unless the boundary of every commune of the territory is known."""
        codes = ", ".join(literal(one) for one in insee)
        [(known, *box, boundary)] = workshop.execute(
            "SELECT known, ST_XMin(shape), ST_YMin(shape), ST_XMax(shape), ST_YMax(shape), ST_AsText(shape) FROM ("
            f"SELECT count(DISTINCT code) AS known, ST_Union_Agg(ST_GeomFromText(wkt)) AS shape FROM ({communes}) AS c "
            f"WHERE wkt IS NOT NULL AND code IN ({codes}))"
        )
        if known < len(insee):
            return {}
        return {"insee": list(insee), "name": self.territory, "bbox": box, "boundary_wkt": boundary}


def references_for(viewer: Viewer, schema: TableSchema, profile: str, dataset: Dataset | None = None) -> References:
    """What this check may use, for this person. `dataset`: whose producer is known. At most one query by reference, and none
    when the schema looks nothing up."""
    wanted = _wanted(schema, profile)
    sources = tuple(_sources(viewer, wanted)) if wanted else ()
    boundaries = any("wkt" in one.columns for one in sources if one.name == COMMUNES)
    spatial = beyond.needs_spatial(schema, profile, boundaries=boundaries)
    if not spatial:  # boundaries cannot be read, and nothing reads them
        sources = tuple(_without_boundaries(one) for one in sources)
    official = any(check.name == ADDRESSES for check in schema.custom_checks)
    if dataset is None or not boundaries:
        return References(sources, spatial, official)
    organization = dataset.organization
    return References(sources, spatial, official, tuple(sorted(_insee(dataset))), organization.name, organization.siren)


def _wanted(schema: TableSchema, profile: str) -> dict[str, set[str]]:
    """Name of a reference → the columns that it must have."""
    wanted: dict[str, set[str]] = {}
    for key in schema.foreign_keys:
        if key.resource:
            wanted.setdefault(key.resource, set()).update(key.reference_fields)
    for check in schema.custom_checks:
        if check.name == "exists-in":
            resource, column = check.params.get("resource"), check.params.get("field") or check.params.get("column")
            if isinstance(resource, str) and isinstance(column, str):
                wanted.setdefault(resource, set()).add(column)
        elif check.name == ADDRESSES:
            wanted.setdefault(COMMUNES, set()).update(("code", "nom"))
            wanted.setdefault(BAN_COMMUNES, set()).update(("code", "id"))
    if beyond.needs_spatial(schema, profile):
        wanted.setdefault(COMMUNES, set()).add("code")
    return wanted


def _sources(viewer: Viewer, wanted: Mapping[str, set[str]]) -> list[Source]:
    from bocage.catalog.models import Dataset
    from bocage.kernel.errors import BocageError
    from bocage.store.selectors import current_version, open_parquet

    readable = Dataset.objects.visible_to(viewer)
    found = []
    for one in [*_chosen(wanted, readable), *_layers(wanted, readable)]:
        version = current_version(one.dataset)
        if version is None:
            continue
        fields = {str(each["name"]) for each in version.schema}
        asked = wanted[one.name] | set(_COMMUNE_COLUMNS if one.name == COMMUNES else ())
        columns = {said: name for said in sorted(asked) if (name := one.columns.get(said, said)) in fields}
        if not wanted[one.name] <= set(columns):
            continue
        try:
            found.append(Source(one.name, open_parquet(viewer, version), columns))
        except BocageError:  # a part of it is hidden from this person, or its file is damaged: as if it were not given
            continue
    return found


def _chosen(wanted: Iterable[str], readable: QuerySet[Dataset]) -> Iterable[Reference]:
    names = [name for name in wanted if not name.startswith(LAYER)]
    return Reference.objects.filter(name__in=names, dataset__in=readable).select_related("dataset")


def _layers(wanted: Iterable[str], readable: QuerySet[Dataset]) -> Iterable[Reference]:
    """Reference layers that schemas name by their identifier, as if they had been chosen under that name."""
    from bocage.catalog.models import ReferenceLayer

    slugs = [name.removeprefix(LAYER) for name in wanted if name.startswith(LAYER)]
    if not slugs:
        return []
    layers = ReferenceLayer.objects.filter(dataset__slug__in=slugs, dataset__in=readable).select_related("dataset")
    return [Reference(name=f"{LAYER}{one.dataset.slug}", dataset=one.dataset) for one in layers]


def _without_boundaries(source: Source) -> Source:
    if source.name != COMMUNES:
        return source
    return Source(source.name, source.path, {said: one for said, one in source.columns.items() if said != "wkt"})


def _insee(dataset: Dataset) -> set[str]:
    """The communes where the things of a dataset are: as it says, else those of its producer when it is a commune."""
    return {str(one) for one in dataset.territory} or {dataset.organization.insee_code} - {""}


def _text(name: str, sql_type: str) -> str:
    return f"ST_AsText({quoted(name)})" if sql_type.startswith("GEOMETRY") else written(quoted(name), sql_type)


def _completed(communes: str, columns: Mapping[str, str], workshop: Workshop) -> str:
    """Every commune of the official list, with what the reference says of it; the former ones that the reference knows. A
    reference of one territory must not make the communes of the others unknown."""
    import pyarrow as pa

    from bocage.check.rules.custom.french_formats import values_of

    official = sorted(values_of("code-commune-insee", "latest") or ())
    workshop.register(OFFICIAL, pa.table({"code": pa.array(official, pa.string())}))
    kept = [one for one in ("nom", "wkt") if one in columns]
    said = "".join(f", c.{one}" for one in kept)
    present = f"SELECT code{said}, code AS actuelle FROM {OFFICIAL} LEFT JOIN ({communes}) AS c USING (code)"
    if "actuelle" not in columns:
        return present
    former = f"SELECT code{said}, actuelle FROM ({communes}) AS c WHERE code NOT IN (SELECT code FROM {OFFICIAL})"
    return f"{present} UNION ALL {former}"
