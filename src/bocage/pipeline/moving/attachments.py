"""The files that a portal joins to a dataset, under the identifiers that they have there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.kernel.errors import BocageError
from bocage.kernel.http import RequestRefused
from bocage.pipeline.moving.documents import SourceAttachment, SourceDataset, attachments_of, digest_of
from bocage.pipeline.moving.errors import AnswerNotUnderstood, StopsEverything
from bocage.pipeline.moving.models import MovedDataset
from bocage.pipeline.moving.portal import Portal
from bocage.store.documents import attach, largest_mb
from bocage.store.staged import Notice


def bring_attachments(
    portal: Portal, source: SourceDataset, dataset: Dataset, row: MovedDataset, *, again: bool = False
) -> list[Notice]:
    """Those that are new or changed; the journal of each is in `row`, which the caller saves. What cannot come is told."""
    if not source.attachments:
        return []
    known: dict[str, Any] = {} if again else row.seen.get("attachments", {})
    brought, told = {}, []
    for one in _with_addresses(portal, source):
        mark = digest_of([one.id, one.title, one.mimetype, _steady(one.url)])
        if known.get(one.id) != mark:
            try:
                _bring(portal, source, one, dataset)
            except StopsEverything:
                raise
            except BocageError as error:
                told.append(Notice("attachment-lost", {"title": one.title or one.id, "reason": error.sentence()}))
                continue
        brought[one.id] = mark
        row.seen = row.seen | {"attachments": known | brought}
    return told


def _with_addresses(portal: Portal, source: SourceDataset) -> list[SourceAttachment]:
    """The catalogue names them; another operation says where they are, where the portal has it."""
    try:
        answer = portal.json("catalog", "datasets", source.id, "attachments")
    except (RequestRefused, AnswerNotUnderstood):
        return list(source.attachments)
    listed = answer.get("attachments") or answer.get("results") if isinstance(answer, dict) else answer
    found = {one.id: one for one in attachments_of(listed)}
    return [found.get(one.id, one) for one in source.attachments]


def _bring(portal: Portal, source: SourceDataset, one: SourceAttachment, dataset: Dataset) -> None:
    address = one.url if _is_web(one.url) else portal.address("catalog", "datasets", source.id, "attachments", one.id)
    with portal.scratch() as into:
        fetched = portal.download(address, into, limit_mb=largest_mb())
        if fetched.path is not None:
            attach(
                viewer=OPERATOR,
                dataset=dataset,
                title=one.title,
                file=fetched.path,
                filename=fetched.filename or one.title,
                media_type=one.mimetype,
                identifier=one.id,
            )


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False


def _steady(address: str) -> str:
    """Without what signs an address for a moment."""
    return address.partition("?")[0]
