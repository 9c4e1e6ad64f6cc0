"""Verdicts on what is published: kept ones, and new ones on demand against any version of a schema."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.access.viewer import ANONYMOUS
from bocage.check.conformities import conformities_of
from bocage.check.gate import table_families
from bocage.check.models import Conformity, Report, SchemaVersion
from bocage.check.projection import view_of
from bocage.check.references import references_for
from bocage.check.registry.selectors import table_schema
from bocage.check.services import check
from bocage.check.vocabulary import SchemaStatus
from bocage.kernel.errors import BocageError
from bocage.kernel.ids import new_uid
from bocage.store.engine import workshop
from bocage.store.layout import staging_directory, version_path
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.check.verdict import Verdict
    from bocage.store.models import Version

AT_ONCE = 300_000
"""Rows up to which a page checks a stored version while somebody waits."""

MOST_VERSIONS = 12


@dataclass(frozen=True)
class Standing:
    """How a published version stands against one version of a schema. `error`: why it could not be told."""

    version: SchemaVersion
    pinned: bool
    report: Report | None = None
    error: BocageError | None = None


def last_report(dataset: Dataset, conformity: Conformity | None = None) -> Report | None:
    """The last verdict on the published version, against the schema it follows."""
    version = current_version(dataset)
    rows = Report.objects.filter(dataset=dataset, version=version).select_related("schema_version__schema")
    if conformity is not None:
        rows = rows.filter(schema_version=conformity.schema_version)
    return rows.first() if version else None


def check_stored(version: Version, conformity: Conformity, against: SchemaVersion | None = None) -> Verdict:
    """Check a stored version, through the mapping of a further view. Raises what a check and a mapping raise.

    Its report is read by everyone who reads the dataset: references are those that everyone reads."""
    schema = table_schema(against or conformity.schema_version)
    references = references_for(ANONYMOUS, schema, conformity.profile, conformity.dataset)
    directory = staging_directory() / new_uid("check")
    try:
        with workshop(directory, readable=[version_path(version), *references.files], spatial=False) as shop:
            known = references.lay_out(shop)
            table = view_of(version, conformity, schema, workshop=shop)
            return check(
                table, schema, workshop=shop, directory=directory, profile=conformity.profile,
                resources=known.resources, producer=known.producer,
            )  # fmt: skip
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def standings(conformity: Conformity, *, compute: bool = False) -> list[Standing]:
    """Against every version in force of the schema, the latest first: what is known; with `compute`, what is missing is checked
    now and kept."""
    version = current_version(conformity.dataset)
    if version is None:
        return []
    schema = conformity.schema_version.schema
    wanted = list(
        SchemaVersion.objects.filter(schema=schema)
        .exclude(status=SchemaStatus.DRAFT)
        .select_related("schema")
        .order_by("-precedence")[:MOST_VERSIONS]
    )
    rows = Report.objects.filter(version=version, schema_version__in=wanted).order_by("created_at", "pk")
    known = {report.schema_version_id: report for report in rows}
    return [_standing(conformity, version, one, known.get(one.pk), compute=compute) for one in wanted]


def check_further_views(dataset: Dataset, version: Version) -> int:
    """Keep the verdict of each further view of a version that has none; how many were made."""
    count = 0
    for conformity in conformities_of(dataset):
        known = Report.objects.filter(version=version, schema_version=conformity.schema_version).exists()
        if not conformity.main and not known:
            conformity.dataset = dataset
            keep(conformity, check_stored(version, conformity), version=version)
            count += 1
    return count


def keep(
    conformity: Conformity,
    verdict: Verdict,
    *,
    version: Version | None = None,
    against: SchemaVersion | None = None,
    run: str = "",
    faults: str = "",
) -> Report:
    """One more report, on a version or on a delivery that made none. `against`: another version of the schema than the one that is
    pinned. `faults`: the place of the list, below the folder of checks; where it is not kept, it can be made again."""
    return Report.objects.create(
        dataset=conformity.dataset,
        version=version,
        run=run,
        schema_version=against or conformity.schema_version,
        verdict=verdict.as_dict(),
        valid=verdict.valid,
        error_count=verdict.error_count,
        row_count=verdict.row_count,
        wrong_rows=verdict.wrong_rows,
        table_faults=len(table_families(verdict)),
        faults=faults,
    )


def _standing(
    conformity: Conformity, version: Version, against: SchemaVersion, report: Report | None, *, compute: bool
) -> Standing:
    pinned = against.pk == conformity.schema_version_id
    if report is not None or not compute or version.row_count > AT_ONCE:
        return Standing(against, pinned, report)
    try:
        return Standing(against, pinned, _kept(conformity, version, against))
    except BocageError as error:
        return Standing(against, pinned, error=error)


def _kept(conformity: Conformity, version: Version, against: SchemaVersion) -> Report:
    verdict = check_stored(version, conformity, against)
    return keep(conformity, verdict, version=version, against=against)
