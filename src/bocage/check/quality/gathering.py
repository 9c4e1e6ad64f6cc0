"""The facts of many datasets in a handful of statements, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Sum

from bocage.catalog.models import Dataset
from bocage.check.models import Conformity, Quarantine, Report, SchemaVersion, VersionProfile
from bocage.check.quality.facts import Facts
from bocage.check.vocabulary import SchemaStatus
from bocage.store.models import Head

NOT_DATA = ("geo_point_2d", "geo_shape")
"""Fields that Bocage adds: nobody has to describe them."""


@dataclass
class _Known:
    """What other tables say of one dataset."""

    version: int | None = None
    filled_share: float | None = None
    anomalies: int = 0
    schema_version: int | None = None
    outdated: bool = False
    report: dict[str, Any] | None = None
    waiting: int = 0


def facts_of(datasets: Iterable[Dataset], at: datetime) -> dict[int, Facts]:
    """By primary key of the dataset. Six statements; the datasets are already read."""
    rows = {dataset.pk: dataset for dataset in datasets}
    known = {pk: _Known() for pk in rows}
    _heads(known)
    _profiles(known)
    _conformities(known)
    _reports(known)
    _waiting(known)
    return {pk: _facts(dataset, known[pk], at) for pk, dataset in rows.items()}


def _heads(known: dict[int, _Known]) -> None:
    for dataset, version in Head.objects.filter(dataset__in=known).values_list("dataset_id", "version_id"):
        known[dataset].version = version


def _profiles(known: dict[int, _Known]) -> None:
    of = {one.version: one for one in known.values() if one.version}
    found = VersionProfile.objects.filter(version__in=of).annotate(share=F("content__filled_share"))
    for version, share, anomalies in found.values_list("version_id", "share", "anomalies"):
        of[version].filled_share = float(share) if share is not None else None
        of[version].anomalies = len(anomalies)


def _conformities(known: dict[int, _Known]) -> None:
    mine = Conformity.objects.filter(dataset__in=known, main=True).select_related("schema_version")
    rows = list(
        mine.values_list("dataset_id", "schema_version_id", "schema_version__schema_id", "schema_version__precedence")
    )
    latest = latest_precedence(schema for _, _, schema, _ in rows)
    for dataset, version, schema, precedence in rows:
        known[dataset].schema_version = version
        known[dataset].outdated = precedence < latest.get(schema, precedence)


def latest_precedence(schemas: Iterable[int]) -> dict[int, str]:
    """The highest version in force of each schema, as `SchemaVersion.precedence`."""
    adopted = SchemaVersion.objects.filter(schema__in=set(schemas), status=SchemaStatus.ADOPTED)
    return dict(adopted.values_list("schema").annotate(latest=Max("precedence")).values_list("schema", "latest"))


def _reports(known: dict[int, _Known]) -> None:
    wanted = {(one.version, one.schema_version): one for one in known.values() if one.version and one.schema_version}
    found = Report.objects.filter(version__in=[version for version, _ in wanted]).order_by("created_at", "pk")
    keys = ("version_id", "schema_version_id", "row_count", "wrong_rows", "table_faults")
    for row in found.values(*keys):  # the last one stays
        if one := wanted.get((row["version_id"], row["schema_version_id"])):
            one.report = row


def _waiting(known: dict[int, _Known]) -> None:
    waiting = Quarantine.objects.filter(conformity__dataset__in=known, settled_at=None)
    totals = waiting.values_list("conformity__dataset").annotate(rows=Sum("row_count"))
    for dataset, rows in totals.values_list("conformity__dataset", "rows"):
        known[dataset].waiting = rows


def _facts(dataset: Dataset, known: _Known, at: datetime) -> Facts:
    report = known.report or {}
    fields = [one for one in dataset.schema if one["name"] not in NOT_DATA]
    return Facts(
        at=at,
        published=known.version is not None,
        updated_at=dataset.data_updated_at if known.version else None,
        frequency=dataset.update_frequency,
        licence=dataset.licence,
        description_length=len(dataset.description.strip()),
        keywords=len(dataset.keywords),
        themes=len(dataset.themes),
        contact=bool(dataset.contact_email),
        temporal=bool(dataset.temporal_start or dataset.temporal_end),
        spatial=bool(dataset.territory),
        located=bool(dataset.bbox),
        key=bool(dataset.primary_key),
        field_count=len(fields),
        described_fields=sum(1 for one in fields if one.get("description")),
        filled_share=known.filled_share,
        follows_schema=known.schema_version is not None,
        checked=known.report is not None,
        row_count=report.get("row_count", 0),
        wrong_rows=report.get("wrong_rows", 0),
        table_faults=report.get("table_faults", 0),
        waiting_rows=known.waiting,
        schema_outdated=known.outdated,
        anomalies=known.anomalies,
    )
