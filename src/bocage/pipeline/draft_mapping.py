"""The correspondence of columns of a draft: proposed, tried on the first rows, kept with the draft.

The file is read once: its first rows stay beside it, as text, until the corrections change.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bocage.check.mapping.apply import apply
from bocage.check.mapping.columns import columns_of
from bocage.check.mapping.known import known_for
from bocage.check.mapping.replay import kinds_of
from bocage.check.mapping.steps import ColumnMapping, ColumnMappings
from bocage.check.mapping.suggest import suggest_for
from bocage.check.mapping.suggestions import Suggestion
from bocage.check.references import LaidOut, references_for
from bocage.check.registry.selectors import table_schema
from bocage.check.services import check
from bocage.check.table import TextTable
from bocage.check.vocabulary import Contract, Policy
from bocage.kernel.errors import BocageError
from bocage.kernel.ids import new_uid
from bocage.pipeline.drafts import folder_of
from bocage.store.engine import literal, quoted, workshop

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.capture.understanding import Corrections
    from bocage.check.models import SchemaVersion
    from bocage.check.schema import TableSchema
    from bocage.pipeline.models import Draft
    from bocage.store.engine import Workshop

SAMPLE_ROWS = 2_000
EXAMPLES = 3


@dataclass(frozen=True)
class Tried:
    """What a mapping gives on the first rows, for one column. `examples`: (in the file, once made), distinct. `wrong`: rows that
    the schema refuses; `sentence`: why, for the most frequent cause. `refusal`: why nothing could be made."""

    examples: tuple[tuple[str, str], ...] = ()
    filled: int = 0
    wrong: int = 0
    sentence: str = ""
    advice: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Trial:
    """`columns`: by target. `missing`: columns that the schema requires and that the mapping does not make. `rows`: tried."""

    columns: dict[str, Tried] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Layout:
    """The columns of the file as a person chooses among them: label → some values."""

    examples: dict[str, tuple[str, ...]]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.examples)


@dataclass
class MappingDesk:
    """A draft opened to be mapped to a schema."""

    viewer: Viewer
    draft: Draft
    version: SchemaVersion
    schema: TableSchema
    table: TextTable
    workshop: Workshop
    known: LaidOut

    def layout(self) -> Layout:
        columns = columns_of(self.table, self.workshop)
        return Layout({one.label: one.values[:EXAMPLES] for one in columns if one.label})

    def suggestions(self) -> list[Suggestion]:
        known = known_for(self.viewer, self.schema.name, self.draft.organization)
        columns = columns_of(self.table, self.workshop)
        return suggest_for(columns, self.schema, workshop=self.workshop, known=known)

    def tried(self, mapping: ColumnMappings) -> Trial:
        """The mapping on the first rows, each column on its own account: one that cannot be made hides no other."""
        refusals: dict[str, str] = {}
        mapped = self._mapped(mapping, refusals)
        found = {target: Tried(refusal=said) for target, said in refusals.items()}
        if mapped is not None:
            good = [one for one in mapping.columns if one.target in mapped.labels]
            found |= self._examples(good, mapped)
            found |= self._checked(found, mapped)
        missing = [one.name for one in self.schema.fields if one.is_required and one.name not in found]
        return Trial(found, tuple(missing), self.table.row_count or 0)

    def _mapped(self, mapping: ColumnMappings, refusals: dict[str, str]) -> TextTable | None:
        columns = [one for one in mapping.columns if one.sources or one.steps]
        try:
            return self._applied(columns) if columns else None
        except BocageError:
            pass
        good: list[ColumnMapping] = []
        for one in columns:
            try:
                self._applied([*good, one])
            except BocageError as error:
                refusals[one.target] = str(error)
            else:
                good.append(one)
        return self._applied(good) if good else None

    def _applied(self, columns: Sequence[ColumnMapping]) -> TextTable:
        mapping = ColumnMappings(tuple(columns))
        return apply(self.table, mapping, self.schema, workshop=self.workshop, viewer=self.viewer)

    def _examples(self, columns: Sequence[ColumnMapping], mapped: TextTable) -> dict[str, Tried]:
        before, after = self._head(self.table), self._head(mapped)
        return {one.target: self._shown(one, before, after) for one in columns}

    def _head(self, table: TextTable) -> dict[str, list[str]]:
        shown = ", ".join(f"left({quoted(name)}, 200)" for name in table.names)
        rows = self.workshop.execute(f"SELECT {shown} FROM ({table.with_rows}) AS t ORDER BY row LIMIT {SAMPLE_ROWS}")
        return {
            label.strip(): [row[place] or "" for row in rows]
            for place, label in reversed(list(enumerate(table.labels)))
        }

    def _shown(self, one: ColumnMapping, before: dict[str, list[str]], after: dict[str, list[str]]) -> Tried:
        made = after.get(one.target, [])
        sources = [before.get(label.strip()) or after.get(label[1:], []) for label in one.sources]
        written = [" · ".join(cells) for cells in zip(*sources, strict=False)] if sources else [""] * len(made)
        pairs = dict.fromkeys(
            (old.strip(" ·"), new) for old, new in zip(written, made, strict=False) if old.strip(" ·") or new
        )
        return Tried(tuple(pairs)[:EXAMPLES], filled=sum(1 for text in made if text))

    def _checked(self, found: dict[str, Tried], mapped: TextTable) -> dict[str, Tried]:
        """What the schema says of what was made; the same sentences as in the report."""
        from bocage.check.report.sentences import told

        verdict = check(
            mapped, self.schema, workshop=self.workshop, directory=folder_of(self.draft) / "mapping",
            resources=self.known.resources, producer=self.known.producer,
        )  # fmt: skip
        wrong: dict[str, Tried] = {}
        for family in told(verdict, schema=self.schema):
            if (
                family.level == "error"
                and family.label in found
                and family.count > wrong.get(family.label, Tried()).wrong
            ):
                wrong[family.label] = dataclasses.replace(
                    found[family.label], wrong=family.count, sentence=family.sentence, advice=family.advice
                )
        return wrong


@contextmanager
def mapping_desk(viewer: Viewer, draft: Draft, version: SchemaVersion) -> Iterator[MappingDesk]:
    """Raises what reading the file raises, and SchemaUnusable."""
    folder = folder_of(draft) / "mapping"
    schema = table_schema(version)
    references = references_for(viewer, schema, "validata", draft.dataset)
    with workshop(folder, readable=references.files, spatial=False) as shop:
        known = references.lay_out(shop)
        yield MappingDesk(viewer, draft, version, schema, _sample(draft, shop), shop, known)


def keep_conformity(
    *, draft: Draft, version: SchemaVersion, mapping: ColumnMappings, policy: str, contract: str, desk: MappingDesk
) -> Draft:
    """Kept with the draft; applied when it is published, then at each delivery."""
    kept = dataclasses.replace(mapping, layout=desk.table.labels, kinds=kinds_of(desk.table, desk.workshop))
    draft.conformity = {
        "schema": version.schema.name,
        "version": version.number,
        "mapping": json.loads(json.dumps(kept.as_dict())),
        "policy": Policy(policy).value,
        "contract": Contract(contract).value,
    }
    draft.save(update_fields=["conformity"])
    return draft


def forget_conformity(*, draft: Draft) -> Draft:
    draft.conformity = {}
    draft.save(update_fields=["conformity"])
    return draft


def _sample(draft: Draft, shop: Workshop) -> TextTable:
    """The first rows of the file, from beside it when they were read already with these corrections."""
    folder = folder_of(draft) / "mapping"
    try:
        kept = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        kept = None
    if kept is None or kept["corrections"] != draft.corrections:
        kept = _read_sample(draft, shop)
    names, labels = tuple(kept["names"]), tuple(kept["labels"])
    sql = f"SELECT * FROM read_parquet({literal(folder / kept['file'])})"
    return TextTable(sql, names, labels, row_count=kept["rows"], header_row=kept["header_row"])


def _read_sample(draft: Draft, shop: Workshop) -> dict[str, Any]:
    from bocage.capture.text import text_table
    from bocage.capture.understanding import Corrections

    folder = folder_of(draft) / "mapping"
    corrections: Corrections = Corrections.from_dict(draft.corrections)
    source = folder_of(draft) / "content"
    table = text_table(source, filename=draft.filename, workshop=shop, directory=folder, corrections=corrections)
    file = folder / f"{new_uid('sample')}.parquet"  # two tabs never read half a file
    head = f"SELECT * FROM ({table.with_rows}) AS t ORDER BY row LIMIT {SAMPLE_ROWS}"
    rows = shop.execute(f"COPY ({head}) TO {literal(file)} (FORMAT parquet)")
    said = {
        "corrections": draft.corrections,
        "file": file.name,
        "names": table.names,
        "labels": table.labels,
        "rows": int(rows[0][0]),
        "header_row": table.header_row,
    }
    partial = folder / f"{new_uid('partial')}.json"
    partial.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    partial.rename(folder / "sample.json")
    return said
