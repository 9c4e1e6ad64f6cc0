"""A delivery made to follow the schema of its dataset, inside its run: mapping → check → policy → staged file.

A dataset that follows no schema never comes here. Nothing of this writes in the database: see `aftermath` for what stays.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bocage.capture.relation import Relation, stage_relation
from bocage.capture.text_check import use_text
from bocage.catalog.fields import Field
from bocage.check.gate import Judgement, judge
from bocage.check.mapping.replay import replay
from bocage.check.mapping.steps import ColumnMappings
from bocage.check.models import Conformity
from bocage.check.references import LaidOut, references_for
from bocage.check.registry.selectors import table_schema
from bocage.check.services import check
from bocage.check.table import TextTable
from bocage.check.verdict import Verdict
from bocage.check.vocabulary import Policy
from bocage.pipeline.errors import DeliveryRefused, NoRightRow, TableRefused
from bocage.pipeline.promised_types import typed
from bocage.pipeline.setting_aside import Wrong, rows_right, write_aside
from bocage.store.engine import workshop
from bocage.store.staged import Notice, StagedFile

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.capture.understanding import Corrections
    from bocage.catalog.models import Dataset
    from bocage.check.schema import TableSchema
    from bocage.store.engine import Workshop


COLUMNS_FOLLOWED = "columns-followed"


@dataclass(frozen=True)
class Conformed:
    """What a check made of a delivery. `outcome` None: refused by the policy. `aside`: a finished file in the folder of the run,
    to be put in place with the version, as `verdict.faults`; `aside_rows`: rows in it. `whole`: the delivery takes the place of
    the one before, and of its rows aside; false for records that join those published."""

    conformity: Conformity
    verdict: Verdict
    judgement: Judgement
    outcome: StagedFile | None = None
    aside: Path | None = None
    aside_rows: int = 0
    whole: bool = True

    @property
    def staged(self) -> StagedFile:
        """What to publish. Raises DeliveryRefused."""
        if self.outcome is None:
            raise refusal(self)
        return self.outcome


def conformity_of(dataset: Dataset) -> Conformity | None:
    """The schema that the published version of this dataset follows, if any."""
    found = Conformity.objects.filter(dataset=dataset, main=True).select_related("schema_version__schema").first()
    if found is not None:
        found.dataset = dataset
    return found


def record_of(conformity: Conformity | None) -> dict[str, Any]:
    """What was applied, as a run keeps it: the same record and the same bytes make the same version."""
    if conformity is None:
        return {}
    version = conformity.schema_version
    return {
        "schema": version.schema.name,
        "version": version.number,
        "mapping": conformity.mapping,
        "policy": conformity.policy,
        "contract": conformity.contract,
        "profile": conformity.profile,
    }


def conform(
    conformity: Conformity, file: Path, *, filename: str, corrections: Corrections, directory: Path, viewer: Viewer
) -> Conformed:
    """Read, map, check, judge, and stage what may be published, below `directory`. `viewer`: whose rights hold on the datasets
    that the mapping and the check look up.

    Raises what reading a file raises, LayoutChanged, what a mapping raises, SchemaUnusable."""
    directory.mkdir(parents=True, exist_ok=True)
    schema = table_schema(conformity.schema_version)
    references = references_for(
        viewer, schema, conformity.profile, conformity.dataset if conformity.dataset_id else None
    )
    with workshop(directory, readable=references.files, spatial=False) as shop:
        known = references.lay_out(shop)

        def checked(table: TextTable) -> tuple[TextTable, list[Notice], Verdict]:
            mapped, notices = mapped_table(conformity, table, schema, workshop=shop, viewer=viewer)
            return (
                mapped,
                notices,
                _checked(conformity, mapped, schema, workshop=shop, directory=directory, known=known),
            )

        _table, (mapped, notices, verdict) = use_text(
            file, checked, lambda made: made[-1].row_count,
            filename=filename, workshop=shop, directory=directory, corrections=corrections,
        )  # fmt: skip
        found = _judged(conformity, mapped, schema, verdict, workshop=shop, directory=directory)
    if found.outcome is None:
        return found
    outcome = dataclasses.replace(found.outcome, notices=(*notices, *found.outcome.notices))
    return dataclasses.replace(found, outcome=outcome)


def mapped_table(
    conformity: Conformity, table: TextTable, schema: TableSchema, *, workshop: Workshop, viewer: Viewer
) -> tuple[TextTable, list[Notice]]:
    """The table with the columns of the schema; as it is when there is no mapping. Raises LayoutChanged."""
    mapping = ColumnMappings.from_dict(conformity.mapping)
    if not mapping.columns:
        return table, []
    done = replay(table, mapping, schema, conformity.contract, workshop=workshop, viewer=viewer)
    if not done.drift.changed:
        return done.table, []
    told = {"lost": list(done.drift.lost) or ["–"], "new": list(done.drift.new) or ["–"]}
    return done.table, [Notice(COLUMNS_FOLLOWED, told)]


def judged(
    conformity: Conformity,
    table: TextTable,
    schema: TableSchema,
    *,
    workshop: Workshop,
    directory: Path,
    known: LaidOut,
    published: int | None = None,
) -> Conformed:
    """Check, judge and stage a table that has the columns of the schema. `known`: laid out in this workshop before the table.

    `published`: rows up to this number are published already and stay, whatever is found in them; the others are mended rows:
    those that are still wrong stay aside, whatever the policy has become."""
    verdict = _checked(conformity, table, schema, workshop=workshop, directory=directory, known=known)
    return _judged(conformity, table, schema, verdict, workshop=workshop, directory=directory, published=published)


def _checked(
    conformity: Conformity,
    table: TextTable,
    schema: TableSchema,
    *,
    workshop: Workshop,
    directory: Path,
    known: LaidOut,
) -> Verdict:
    return check(
        table, schema, workshop=workshop, directory=directory, profile=conformity.profile,
        resources=known.resources, producer=known.producer,
    )  # fmt: skip


def _judged(
    conformity: Conformity,
    table: TextTable,
    schema: TableSchema,
    verdict: Verdict,
    *,
    workshop: Workshop,
    directory: Path,
    published: int | None = None,
) -> Conformed:
    judgement = judge(verdict, conformity.policy if published is None else Policy.QUARANTINE)
    found = Conformed(conformity, verdict, judgement)
    if not judgement.publishes:
        return found
    kept, count = None, 0
    rows = f"SELECT * FROM ({table.with_rows}) AS rows"
    if judgement.sets_aside and verdict.faults is not None:
        wrong = Wrong(verdict.faults, after=published or 0)
        kept, count = write_aside(table, wrong, workshop=workshop, directory=directory)
        rows = rows_right(table, wrong)
    staged = _staged(table, schema, verdict, rows, workshop=workshop, directory=directory)
    return dataclasses.replace(found, outcome=staged, aside=kept, aside_rows=count)


def refusal(conformed: Conformed) -> DeliveryRefused:
    """The error that says why nothing is published, and how many problems there are."""
    version, judgement = conformed.conformity.schema_version, conformed.judgement
    kind = {"table": TableRefused, "no-right-row": NoRightRow}.get(judgement.reason, DeliveryRefused)
    return kind(schema=version.schema.title, version=version.number, problems=judgement.problems, rows=judgement.rows)


def _staged(
    table: TextTable, schema: TableSchema, verdict: Verdict, rows: str, *, workshop: Workshop, directory: Path
) -> StagedFile:
    select, columns, notices = typed(table, schema, verdict, rows, workshop=workshop)
    return stage_relation(
        Relation(select, columns, table.format),
        workshop=workshop,
        directory=directory,
        describe=lambda field: _described(field, schema),
        provenance=table.provenance,
        notices=notices,
    )


def _described(field: Field, schema: TableSchema) -> Field:
    """What the schema says of a column: what it is, and how it is written in files."""
    said = schema.field(field.label)
    if said is None:
        return field
    written = {"decimal": said.decimal_char, "thousands": said.group_char, field.type.value: said.format}
    original = {name: form for name, form in written.items() if form not in ("", ".", "default", "any")}
    return dataclasses.replace(field, description=said.title or said.description, original=original)
