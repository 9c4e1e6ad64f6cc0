"""Rows kept aside: who may see them, what was mended in them. Only those who publish in the organisation come here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from bocage.access.audit.readings import tell_reading
from bocage.access.rules import decide
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Action
from bocage.check import aside
from bocage.check.aside import AsideRow
from bocage.check.models import Conformity, Quarantine
from bocage.check.references import references_for
from bocage.check.registry.selectors import table_schema
from bocage.check.report.sentences import told
from bocage.check.services import check
from bocage.check.verdict import Verdict
from bocage.check.vocabulary import Settlement
from bocage.kernel.clock import now
from bocage.kernel.errors import NotFound, TerminalError
from bocage.store.engine import literal

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.check.schema import TableSchema

LONGEST_CELL = 10_000
MOST_MENDED = 5_000
"""Rows mended by hand in one quarantine: beyond, it is the file or the mapping that is to be mended."""

Changes = Mapping[int, Mapping[str, str | None] | None]
"""Row number → {column: text, None for empty}; None leaves the row out."""


class TooManyMends(TerminalError):
    code = "check.too-many-mends"
    message = _("%(limit)s rows at most are mended by hand.")
    mend = _("Mend the file itself, or the mapping of its columns, then publish it again.")


class CellTooLong(TerminalError):
    code = "check.cell-too-long"
    message = _("The column “%(label)s” cannot hold more than %(limit)s characters here.")


class RowsGone(TerminalError):
    code = "check.rows-gone"
    message = _("The rows kept aside are not on this server any more.")
    mend = _("Publish the file again, or ask the operator to restore them from a backup.")


@dataclass(frozen=True)
class Line:
    """A row of the grid: each cell with the reasons why it is refused, in words; `reasons`: those of the row as a whole.

    `right`: checked again since it was mended, and nothing is wrong any more."""

    row: AsideRow
    cells: tuple[tuple[str, str, tuple[str, ...]], ...]
    reasons: tuple[str, ...]
    right: bool = False


def quarantines_of(viewer: Viewer, dataset: Dataset) -> list[Quarantine]:
    """Those that wait first, then the latest settled ones. Raises AccessDenied."""
    decide(viewer, Action.PUBLISH, dataset).require()
    found = Quarantine.objects.filter(conformity__dataset=dataset)
    found = found.select_related("conformity__schema_version__schema", "settled_by").order_by("-created_at", "-pk")
    return sorted(found[:50], key=lambda one: one.settled_at is not None)


def quarantine_for(viewer: Viewer, dataset: Dataset, uid: str) -> Quarantine:
    """To be shown to the viewer, for the journal is told. Raises AccessDenied, NotFound."""
    decide(viewer, Action.PUBLISH, dataset).require()
    rows = Quarantine.objects.select_related("conformity__dataset", "conformity__schema_version__schema", "report")
    found = rows.filter(uid=uid, conformity__dataset=dataset).first()
    if found is None:
        raise NotFound(kind=gettext_now("The rows kept aside"), name=uid)
    tell_reading(viewer, dataset, subject=found.uid)
    return found


@transaction.atomic
def mend(*, viewer: Viewer, quarantine: Quarantine, changes: Changes) -> Quarantine:
    """Keep what was mended, beside what was before. Rows and columns that are not there are refused.

    Raises AccessDenied, NotFound, TooManyMends, CellTooLong, RowsGone."""
    decide(viewer, Action.PUBLISH, quarantine.conformity.dataset).require()
    held = Quarantine.objects.select_for_update().get(pk=quarantine.pk)
    if held.settled_at is not None or not aside.path_of(held).is_file():
        raise RowsGone
    labels = set(aside.labels_of(held))
    known = aside.existing(held, list(changes))
    mended: dict[str, Any] = dict(held.mended)
    for number, cells in changes.items():
        if number not in known or not labels.issuperset(cells or ()):
            raise NotFound(kind=gettext_now("The row"), name=str(number))
        _bounded(cells)
        before = mended.get(str(number)) or {}
        mended[str(number)] = None if cells is None else before | dict(cells)
        if mended[str(number)] == {}:
            del mended[str(number)]
    if len(mended) > MOST_MENDED:
        raise TooManyMends(limit=MOST_MENDED)
    Quarantine.objects.filter(pk=held.pk).update(mended=mended)
    quarantine.mended = mended
    return quarantine


@transaction.atomic
def leave_out(*, viewer: Viewer, quarantine: Quarantine) -> None:
    """Decide that these rows will not be published: nothing waits any more. The file stays for a while."""
    decide(viewer, Action.PUBLISH, quarantine.conformity.dataset).require()
    Quarantine.objects.filter(pk=quarantine.pk, settled_at=None).update(
        settled_at=now(), settled_how=Settlement.DROPPED, settled_by=viewer.user_id
    )


def lines_of(quarantine: Quarantine, *, offset: int, limit: int) -> list[Line]:
    """A page of the grid. Rows that were mended are checked again, on their own: a repeated key is only seen when replayed.

    Raises RowsGone."""
    if not aside.path_of(quarantine).is_file():
        raise RowsGone
    labels = aside.labels_of(quarantine)
    rows = aside.rows_of(quarantine, offset=offset, limit=limit)
    touched = tuple(row.number for row in rows if row.mended and not row.dropped)
    schema = table_schema(quarantine.conformity.schema_version)
    first = Verdict.from_dict(quarantine.report.verdict) if quarantine.report else None
    told = _told(first, schema)
    again, found = _checked_again(quarantine, schema, touched)
    return [
        _line(replace(row, faults=found.get(row.number, ())), labels, again, right=row.number not in found)
        if row.number in touched
        else _line(row, labels, told)
        for row in rows
    ]


def waiting_rows(conformity: Conformity) -> int:
    found = Quarantine.objects.filter(conformity=conformity, settled_at=None).values_list("row_count", flat=True)
    return sum(found)


def _bounded(cells: Mapping[str, str | None] | None) -> None:
    for label, value in (cells or {}).items():
        if value is not None and len(value) > LONGEST_CELL:
            raise CellTooLong(label=label, limit=LONGEST_CELL)


def _told(verdict: Verdict | None, schema: TableSchema) -> dict[int, str]:
    """Rank of a family → what is wrong, in words."""
    if verdict is None:
        return {}
    return {one.index: _sentence(one.title, one.expected) for one in told(verdict, schema=schema)}


def _sentence(title: str, expected: str) -> str:
    return f"{title}. {expected}" if expected else title


def _checked_again(
    quarantine: Quarantine, schema: TableSchema, numbers: tuple[int, ...]
) -> tuple[dict[int, str], dict[int, tuple[dict[str, Any], ...]]]:
    """The words of the families, and the faults of each of these rows that still has some."""
    if not numbers:
        return {}, {}
    profile = quarantine.conformity.profile
    references = references_for(ANONYMOUS, schema, profile, quarantine.conformity.dataset)
    with aside.bench_with_folder(aside.path_of(quarantine), *references.files) as (shop, directory):
        known = references.lay_out(shop)
        table = aside.table_of(quarantine, workshop=shop, numbers=numbers)
        verdict = check(
            table, schema, workshop=shop, directory=directory, profile=profile,
            resources=known.resources, producer=known.producer,
        )  # fmt: skip
        found: dict[int, tuple[dict[str, Any], ...]] = {}
        if verdict.faults is not None:
            rows = shop.execute(
                f"SELECT row, label, rule, code, family FROM read_parquet({literal(str(verdict.faults))}) "
                "WHERE level = 'error' AND row IS NOT NULL"
            )
            for number, label, rule, code, family in rows:
                fault = {"label": label, "rule": rule, "code": code, "family": family}
                found[number] = (*found.get(number, ()), fault)
        return _told(verdict, schema), found


def _line(row: AsideRow, labels: tuple[str, ...], told: Mapping[int, str], *, right: bool = False) -> Line:
    by_label: dict[str, list[str]] = {}
    whole: list[str] = []
    for fault in row.faults:
        sentence = told.get(fault["family"], fault["rule"])
        (by_label.setdefault(fault["label"], []) if fault["label"] in labels else whole).append(sentence)
    cells = tuple(
        (label, cell or "", tuple(by_label.get(label, ()))) for label, cell in zip(labels, row.cells, strict=True)
    )
    return Line(row, cells, tuple(whole), right)
