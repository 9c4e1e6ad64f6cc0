"""The files of what waits: one Parquet file each, below `reviews` in the data folder. Nothing that answers readers opens them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from bocage.kernel.clock import now
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.vocabulary import ReviewState
from bocage.store.files import install

if TYPE_CHECKING:
    from bocage.store.staged import StagedFile

LIVE = (ReviewState.WAITING, ReviewState.ACCEPTED)
SAMPLE_KEPT = timedelta(days=1)
"""Values shown to a reviewer are not kept after the decision; how many rows changed is."""

KEPT = timedelta(days=730)
CHUNK = 500


def reviews_folder() -> Path:
    folder: Path = settings.DATA_DIR / "reviews"
    return folder


def path_of(review: Review) -> Path:
    path: Path = settings.DATA_DIR / review.file
    return path


def put_in_place(uid: str, staged: StagedFile) -> str:
    """Move what was read to where it waits, flushed. Its path below the data folder."""
    target = reviews_folder() / f"{uid}.parquet"
    install(staged.path, target)
    return str(target.relative_to(settings.DATA_DIR))


def sweep(young: float = 3600) -> int:
    """Remove the files of what is decided, the values that were shown, and decisions of another time. Files are listed first:
    one that is put in place meanwhile is young."""
    count = 0
    for path in _useless(young):
        path.unlink(missing_ok=True)
        count += 1
    decided = Review.objects.exclude(state__in=LIVE)
    decided.filter(decided_at__lt=now() - SAMPLE_KEPT).exclude(sample={}).update(sample={}, profile={}, anomalies=[])
    decided.filter(decided_at__lt=now() - KEPT).delete()
    return count


def _useless(young: float) -> Iterator[Path]:
    limit = time.time() - young
    files = list(reviews_folder().glob("*")) if reviews_folder().is_dir() else []
    for start in range(0, len(files), CHUNK):
        chunk = {path.stem: path for path in files[start : start + CHUNK]}
        needed = set(Review.objects.filter(uid__in=chunk, state__in=LIVE).values_list("uid", flat=True))
        for uid, path in chunk.items():
            with contextlib.suppress(FileNotFoundError):
                if uid not in needed and path.lstat().st_ctime < limit:
                    yield path
