"""What each audience sees inside a dataset, decided by those who keep it. A rule that ended stays in the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.granting import Holder, refuse_never
from bocage.access.models import DataRule
from bocage.access.restrictions import VARIABLES, Masked
from bocage.access.rules import decide
from bocage.access.vocabulary import Action, Audience, Mask
from bocage.catalog.services import touch_catalogue
from bocage.catalog.vocabulary import FieldType
from bocage.kernel import clock
from bocage.kernel.errors import TerminalError
from bocage.query.compile import names_ids, searches
from bocage.query.masks import NUMBERS, masked_field
from bocage.query.odsql.clauses import read_conditions
from bocage.query.odsql.scope import Scope

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset

MOST_RULES = 100
NOT_DIMENSIONS = (FieldType.GEOPOINT, FieldType.GEOMETRY, FieldType.OBJECT)


class TooManyRules(TerminalError):
    code = "query.too-many-rules"
    message = _("This dataset has %(most)s rules, and no room for another.")
    mend = _("End those that serve no more, or write one rule for a group.")


class RuleOfNothing(TerminalError):
    code = "query.rule-of-nothing"
    message = _("This rule keeps nothing from anybody.")
    mend = _("Choose a column, a condition, a blur or a number of rows.")


class MaskImpossible(TerminalError):
    code = "query.mask-impossible"
    message = _(
        "The column “%(field)s” cannot be shown so: it does not exist, or its type or the value beside does not allow it."
    )
    mend = _("A number of characters from 1 to 100, or a step above 0, is written beside the column.")


class SearchInRule(TerminalError):
    code = "query.search-in-rule"
    message = _("A condition on rows looks at the columns: it does not search words, nor names records.")
    mend = _("Compare columns with values, for example: insee in ({insee}).")


class ThresholdIncomplete(TerminalError):
    code = "query.threshold-incomplete"
    message = _(
        "To hide small numbers, say by which columns rows are counted, and which numbers may be added up: not the same ones."
    )
    mend = _("Choose at least one column to count by; only columns of numbers are added up.")


class BlurOfNothing(TerminalError):
    code = "query.blur-of-nothing"
    message = _("This dataset has no position to blur.")


@dataclass(frozen=True)
class Ruling:
    """What is kept. As `DataRule` says it; `columns`: name of a field → {"mask", "to"}."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: str = ""
    grid_m: int | None = None
    threshold: int | None = None
    dimensions: Sequence[str] = ()
    measures: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.columns or self.rows.strip() or self.grid_m or self.threshold)


@transaction.atomic
def give_rule(
    *,
    viewer: Viewer,
    dataset: Dataset,
    audience: Audience,
    holder: Holder,
    ruling: Ruling,
    reason: str,
    ends_at: datetime | None = None,
) -> DataRule:
    """`holder`: of nobody when `audience` is everyone or the members. A rule of nothing, for some, frees them from a wider one.

    Raises AccessDenied, and what is wrong in the ruling: MaskImpossible, QueryError with its position, SearchInRule…"""
    decide(viewer, Action.MANAGE, dataset).require()
    refuse_never(None, ends_at)
    if not ruling and audience == Audience.EVERYONE:
        raise RuleOfNothing
    check_ruling(dataset.fields, ruling)
    if DataRule.objects.in_force().filter(dataset=dataset.uid).count() >= MOST_RULES:
        raise TooManyRules(most=MOST_RULES)
    rule = DataRule(
        audience=audience, organization=holder.organization, group=holder.group, person=holder.person,
        dataset=dataset.uid, columns={name: dict(said) for name, said in ruling.columns.items()}, rows=ruling.rows.strip(),
        grid_m=ruling.grid_m, threshold=ruling.threshold, dimensions=list(ruling.dimensions),
        measures=list(ruling.measures), reason=reason.strip(), ends_at=ends_at, created_by_id=viewer.user_id,
    )  # fmt: skip
    rule.full_clean(exclude=["created_by"])
    rule.save()
    touch_catalogue()
    record(
        Kind.RULE_GIVEN, viewer=viewer, organization=dataset.organization_id, dataset=dataset.uid, subject=str(rule.pk),
        holder=rule.holder, reason=rule.reason, until=ends_at.isoformat() if ends_at else "", columns=sorted(rule.columns),
        rows=bool(rule.rows), grid_m=rule.grid_m, threshold=rule.threshold,
    )  # fmt: skip
    return rule


@transaction.atomic
def end_rule(*, viewer: Viewer, dataset: Dataset, rule: DataRule) -> None:
    """From now on: what it kept is seen again, unless another rule keeps it."""
    decide(viewer, Action.MANAGE, dataset).require()
    if DataRule.objects.in_force().filter(pk=rule.pk, dataset=dataset.uid).update(ends_at=clock.now()):
        touch_catalogue()
        record(
            Kind.RULE_ENDED, viewer=viewer, organization=dataset.organization_id, dataset=dataset.uid, subject=str(rule.pk),
            holder=rule.holder,
        )  # fmt: skip


def check_ruling(fields: Sequence[Field], ruling: Ruling) -> None:
    """Everything that it names exists and can be done. See `give_rule`."""
    known = {one.name: one for one in fields}
    for name, said in ruling.columns.items():
        _check_mask(known.get(name), name, said)
    _check_rows(known, ruling.rows)
    if ruling.grid_m and not any(one.type.is_geographic for one in fields):
        raise BlurOfNothing
    if ruling.threshold:
        _check_cells(known, ruling)


def _check_mask(known: Field | None, name: str, said: Mapping[str, Any]) -> None:
    mask, to = str(said.get("mask", "")), str(said.get("to", ""))
    possible = known is not None and (mask == Mask.HIDE or masked_field(known, Masked(name, mask, to)) is not None)
    if possible and mask == Mask.TRUNCATE:
        possible = len(to) <= 3 and 1 <= int(to) <= 100
    if not possible:
        raise MaskImpossible(field=name)


def _check_rows(known: Mapping[str, Field], rows: str) -> None:
    """Read with one code in the place of each variable, as long as it: positions of faults are those of the text. Then with
    two: a reader may belong to several organisations."""
    if not rows.strip():
        return
    for written in ('"{name}"', '"{name}", "{name}"'):
        text = rows
        for name in VARIABLES:
            text = text.replace(f"{{{name}}}", written.format(name=name))
        predicate = read_conditions([text], Scope(dict(known), "UTC", "fr", clock.now()))
        if predicate is not None and (searches(predicate) or names_ids(predicate)):
            raise SearchInRule


def _check_cells(known: Mapping[str, Field], ruling: Ruling) -> None:
    dimensions, measures = set(ruling.dimensions), set(ruling.measures)
    kept = {name for name, said in ruling.columns.items() if said.get("mask") == Mask.HIDE}
    sound = (
        dimensions
        and not dimensions & measures
        and not (dimensions | measures) & kept
        and all(name in known and known[name].type not in NOT_DIMENSIONS for name in dimensions)
        and all(name in known and known[name].type in NUMBERS for name in measures)
    )
    if not sound:
        raise ThresholdIncomplete
