"""The catalogue of a portal, page by page; what strangers see of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bocage.kernel.errors import BocageError
from bocage.kernel.http import DownloadTooLarge, RequestRefused
from bocage.pipeline.moving.documents import LONGEST_WORD, SourceDataset, dataset_of, text
from bocage.pipeline.moving.errors import (
    AnswerNotUnderstood,
    CatalogueTooLong,
    KeyRefused,
    NotAPortal,
    WhereRefused,
)
from bocage.pipeline.moving.portal import Portal, status_of

PAGE = 100
WINDOW = 10_000
"""offset + limit, of the interface."""
_DATASETS = ("catalog", "datasets")


@dataclass
class Catalogue:
    """`refused`: items that are not copied, each with why; their identifier, or their place when even that is not known."""

    datasets: list[SourceDataset] = field(default_factory=list)
    refused: list[tuple[str, BocageError]] = field(default_factory=list)


def whole_catalogue(portal: Portal, *, where: str = "") -> Catalogue:
    """Every dataset that the portal shows, each once. Raises NotAPortal, KeyRefused, CatalogueTooLong, WhereRefused."""
    found, seen = Catalogue(), set[str]()
    for place, item in _items(portal, {"where": where} if where else {}):
        try:
            if isinstance(item, BocageError):
                raise item
            dataset = dataset_of(item)
        except BocageError as error:
            said = text(item.get("dataset_id"), LONGEST_WORD) if isinstance(item, dict) else ""
            found.refused.append((said or f"#{place}", error))
            continue
        if dataset.id not in seen:
            seen.add(dataset.id)
            found.datasets.append(dataset)
    return found


def some_datasets(portal: Portal, identifiers: Sequence[str]) -> Catalogue:
    """These datasets alone."""
    found = Catalogue()
    for identifier in dict.fromkeys(identifiers):
        try:
            dataset = dataset_of(portal.json(*_DATASETS, identifier))
            if dataset.id != identifier:
                raise AnswerNotUnderstood(what=identifier[:100])
            found.datasets.append(dataset)
        except RequestRefused as refusal:
            if status_of(refusal) in (401, 403):
                raise _meaning(refusal, portal) from None
            found.refused.append((identifier, refusal))
        except (AnswerNotUnderstood, DownloadTooLarge) as error:
            found.refused.append((identifier, error))
    return found


def seen_by_strangers(portal: Portal, *, where: str = "", only: Sequence[str] = ()) -> set[str]:
    """Identifiers of what anybody may read there; nothing when a portal shows strangers nothing."""
    stranger = portal.stranger()
    try:
        if only:
            return {dataset.id for dataset in some_datasets(stranger, only).datasets}
        query = {"select": "dataset_id", **({"where": where} if where else {})}
        return {
            text(item.get("dataset_id"), LONGEST_WORD)
            for _place, item in _items(stranger, query)
            if isinstance(item, dict)
        }
    except KeyRefused:
        return set()


def _items(portal: Portal, query: dict[str, str]) -> Iterator[tuple[int, Any]]:
    """Place and JSON of each item; the error of an item that alone is larger than an answer may be."""
    query, first = _ordered(portal, query)
    total = first["total_count"]
    if total > WINDOW:
        raise CatalogueTooLong(count=total, limit=WINDOW)
    offset, size = 0, PAGE
    while offset < total:
        try:
            items = _page(portal, query, size, offset)["results"]
        except DownloadTooLarge as too_large:
            if size == 1:
                yield offset + 1, too_large
                offset += 1
            size = max(size // 2, 1)
            continue
        if not items:
            return  # datasets have left since the first page
        yield from enumerate(items[:size], start=offset + 1)
        offset += len(items[:size])


def _ordered(portal: Portal, query: dict[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """The query in a steady order where the portal knows one, and its first answer, without items."""
    for order in ({"order_by": "dataset_id"}, {}):
        try:
            return query | order, _page(portal, query | order, 0, 0)
        except RequestRefused as refusal:
            if order and status_of(refusal) == 400:
                continue
            raise _meaning(refusal, portal, filtered="where" in query) from None
        except (AnswerNotUnderstood, DownloadTooLarge):
            raise NotAPortal(host=portal.host) from None
    raise AssertionError("unreachable: the last order returns or raises")


def _page(portal: Portal, query: dict[str, str], limit: int, offset: int) -> dict[str, Any]:
    page = portal.json(*_DATASETS, query={**query, "limit": str(limit), "offset": str(offset)})
    if not isinstance(page, dict) or not isinstance(page.get("results", []), list):
        raise AnswerNotUnderstood(what="datasets")
    total = page.get("total_count")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise AnswerNotUnderstood(what="datasets")
    return {"total_count": total, "results": page.get("results", [])}


def _meaning(refusal: RequestRefused, portal: Portal, *, filtered: bool = False) -> BocageError:
    status = status_of(refusal)
    if status in (401, 403):
        return KeyRefused(host=portal.host, status=status)
    if status == 400 and filtered:
        return WhereRefused()
    return NotAPortal(host=portal.host)
