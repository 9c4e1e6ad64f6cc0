"""What was read by an agreement, week after week: counted by the database, in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q, Sum

from bocage.access.agreements.vocabulary import State
from bocage.access.audit.chain import read, written
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import Agreement, JournalEntry
from bocage.access.models.agreements import today
from bocage.kernel.clock import start_of
from bocage.organizations.models import FormerOrganization

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

WEEKS = 12
MOST_LINES = 200


@dataclass(frozen=True)
class Consumed:
    """`party`: slug of the organisation that read; `dataset`: uid. `reads`: how many times, of which `rows` rows are known; the
    journal does not know how many there are behind a count. `weeks`: reads of each of the last WEEKS, the present one last."""

    party: str
    dataset: str
    reads: int
    rows: int
    last: datetime
    weeks: tuple[int, ...]


def weeks() -> list[date]:
    """The Mondays of the last WEEKS, the present one last."""
    monday = today() - timedelta(days=today().weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def consumed(viewer: Viewer, agreement: Agreement) -> list[Consumed]:
    """The most read first. Its producer sees what each one read; a consumer sees what its own members did. One query, three at
    most."""
    if agreement.state == State.DRAFTED:
        return []
    starts = [written(start_of(monday)) for monday in weeks()]
    between = zip(starts, [*starts[1:], "9"], strict=True)  # a digit after every year
    counted: dict[str, Any] = {
        f"week_{rank}": Count("number", filter=Q(at__gte=start, at__lt=end))
        for rank, (start, end) in enumerate(between)
    }
    found: Any = (
        JournalEntry.objects.filter(
            kind=Kind.READ,
            party__in=_parties(viewer, agreement),
            dataset__in=list(agreement.datasets.values_list("dataset", flat=True)),
            at__gte=starts[0],
            agreements__contains=f" {agreement.number} ",
        )
        .order_by()
        .values("party", "dataset")
        .annotate(reads=Count("number"), known=Sum("rows"), last=Max("at"), **counted)
        .order_by("-reads", "party", "dataset")[:MOST_LINES]
    )
    return [
        Consumed(
            one["party"], one["dataset"], one["reads"], one["known"] or 0, read(one["last"]),
            tuple(one[f"week_{rank}"] for rank in range(WEEKS)),
        )
        for one in found
    ]  # fmt: skip


def _parties(viewer: Viewer, agreement: Agreement) -> list[str]:
    """Slugs under which those whose consumption the viewer sees have read."""
    every = agreement.consumers.all()
    seen = every if viewer.operator or agreement.producer_id in viewer.roles else _theirs(viewer, every)
    pks = {one.pk: one.slug for one in seen}
    former = FormerOrganization.objects.filter(organization__in=list(pks)).values_list("slug", flat=True)
    return [*pks.values(), *former]


def _theirs(viewer: Viewer, every: Iterable[Any]) -> list[Any]:
    return [one for one in every if one.pk in viewer.roles]
