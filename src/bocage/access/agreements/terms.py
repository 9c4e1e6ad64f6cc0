"""What the agreements in force open, as rules of access made when somebody reads: none is kept, so none can be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import reduce

from bocage.access.models.agreements import AgreedDataset, Agreement
from bocage.access.rule import DATASET, TEAM, Condition, Precision, Rule, Terms
from bocage.access.vocabulary import Action

AGREEMENT = "agreement"
"""`Rule.why` of what an agreement opens."""


def rules_agreed(teams: Collection[int]) -> tuple[Rule, ...]:
    """What is open to the members of these organisations by the agreements in force today. One query."""
    found = (
        AgreedDataset.objects.filter(agreement__in=Agreement.objects.in_force().filter(consumers__in=teams))
        .order_by("agreement_id", "dataset")
        .values_list("agreement__number", "agreement__title", "dataset", "columns", "rows")
    )
    opened: dict[tuple[str, str, Terms], list[str]] = {}
    for number, title, uid, columns, rows in found:
        opened.setdefault((number, title, terms_of(columns, rows)), []).append(uid)
    return tuple(
        Rule(
            Precision(DATASET, 0, TEAM),
            True,
            Action.READ,
            Condition("uid", frozenset(uids)),
            AGREEMENT,
            told=title,
            holder=number,
            terms=terms,
        )
        for (number, title, terms), uids in opened.items()
    )


def terms_of(columns: Sequence[str], rows: str) -> Terms:
    """No column named: all of them."""
    return Terms(frozenset(columns) or None, rows.strip())


def terms_to_come() -> dict[str, Terms]:
    """Uid of each dataset of an agreement that is not over → what all of them let their readers see. One query."""
    found = AgreedDataset.objects.filter(agreement__in=Agreement.objects.to_come())
    said: dict[str, list[Terms]] = {}
    for uid, columns, rows in found.values_list("dataset", "columns", "rows"):
        said.setdefault(uid, []).append(terms_of(columns, rows))
    return {uid: reduce(_least, several) for uid, several in said.items()}


def together(several: Iterable[Terms]) -> Terms:
    """What a reader of several agreements sees: never a cell that none of them shows.

    Of the same rows, the columns of each. Of other rows, a row that one of them shows has only the columns that all of them
    show, or the first is taken alone when they share none; one that shows no more than another changes nothing."""
    by_rows: dict[str, list[Terms]] = {}
    for terms in several:
        by_rows.setdefault(terms.rows, []).append(terms)
    joined = [Terms(_every(same), rows) for rows, same in by_rows.items()]
    telling = [one for one in joined if not any(_covers(other, one) for other in joined if other is not one)]
    columns = reduce(_common, (one.columns for one in telling))
    if columns is not None and not columns:
        return telling[0]
    conditions = sorted(one.rows for one in telling)
    if "" in conditions or len(conditions) == 1:
        return Terms(columns, "" if "" in conditions else conditions[0])
    return Terms(columns, " or ".join(f"({condition})" for condition in conditions))


def _every(same: Sequence[Terms]) -> frozenset[str] | None:
    """The columns of each; None, all, swallows the others."""
    named = [terms.columns for terms in same if terms.columns is not None]
    return frozenset().union(*named) if len(named) == len(same) else None


def _common(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    if left is None or right is None:
        return right if left is None else left
    return left & right


def _covers(wide: Terms, narrow: Terms) -> bool:
    """`wide` shows every row, and every column that `narrow` shows. Two of different rows never cover each other both ways."""
    if wide.rows:
        return False
    return wide.columns is None or (narrow.columns is not None and narrow.columns <= wide.columns)


def _least(left: Terms, right: Terms) -> Terms:
    """What both show. The rows are only told apart from all of them: whoever counts them must know that some are kept."""
    return Terms(_common(left.columns, right.columns), left.rows or right.rows)
