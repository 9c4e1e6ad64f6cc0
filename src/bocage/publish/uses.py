"""Which answers are uses of a dataset: what programs and people were given of it, or told that they have already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.catalog.uses.counting import Use, count

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.catalog.models import Dataset

ANSWERED = frozenset({200, 206, 304})


def count_use(method: str | None, response: HttpResponseBase, dataset: Dataset | None, *, file: bool) -> None:
    """`file`: the answer is a file to keep. A part of one is a download when it is the first."""
    if dataset is None or method not in ("GET", "POST") or response.status_code not in ANSWERED:
        return
    given = response.status_code == 200 or response.get("Content-Range", "").startswith("bytes 0-")
    count(dataset.pk, *((Use.CALL, Use.DOWNLOAD) if file and given else (Use.CALL,)))
