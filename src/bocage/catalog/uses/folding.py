"""The numbers of the days that are over, added to those of the datasets.

A file is first given a name of its own: nobody adds to it any more, and one process has it. Its sums and its name are written
in one transaction; killed before, it is taken again, killed after, it is only removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction

from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.catalog.uses.counting import DAY, Use, folder
from bocage.catalog.uses.models import CALLS_OF_A_DOWNLOAD, CountedFile, DatasetUse
from bocage.catalog.uses.selectors import faded
from bocage.kernel.clock import now
from bocage.kernel.ids import new_uid
from bocage.kernel.tallies import tallied

MARGIN = timedelta(minutes=1)
"""After midnight, for what was about to be added."""
NAMES_KEPT = timedelta(days=30)
DATASETS_AT_ONCE = 500

Counts = Mapping[int, Mapping[Use, int]]
"""By key of the dataset."""


def fold() -> int:
    """Add up what waits; how many files. Safe at any time, and in several processes at once."""
    _take_days_that_are_over()
    folded = 0
    for path in sorted(folder().glob("*.*")):
        with suppress(FileNotFoundError):  # another process was quicker
            folded += _add_up(path)
            path.unlink()
    CountedFile.objects.filter(counted_at__lt=now() - NAMES_KEPT).delete()
    return folded


def _take_days_that_are_over() -> None:
    today = f"{(now() - MARGIN).astimezone(UTC):{DAY}}"
    for path in folder().glob("[0-9]" * 8):
        if path.name < today:
            with suppress(FileNotFoundError):
                path.rename(path.with_name(f"{path.name}.{new_uid('cu')}"))


@transaction.atomic
def _add_up(path: Path) -> bool:
    """False when it was already."""
    _file, first = CountedFile.objects.get_or_create(name=path.name)
    if not first:
        return False
    day = datetime.strptime(path.name.partition(".")[0], DAY).replace(tzinfo=UTC).date()
    waiting = _by_dataset(path)
    while some := dict(islice(waiting, DATASETS_AT_ONCE)):
        _write(some, day)
    touch_catalogue()
    return True


def _by_dataset(path: Path) -> Iterator[tuple[int, Mapping[Use, int]]]:
    """The numbers of one dataset stand side by side."""
    current, found = -1, dict[Use, int]()
    for place, number in tallied(path):
        dataset, use = divmod(place, len(Use))
        if dataset != current and found:
            yield current, found
            found = {}
        current = dataset
        found[Use(use)] = number
    if found:
        yield current, found


def _write(counts: Counts, day: date) -> None:
    """Datasets removed since are left out."""
    known = set(Dataset.objects.filter(pk__in=counts).values_list("pk", flat=True))
    before = DatasetUse.objects.in_bulk(known)
    written = []
    for pk in known:
        calls, downloads = counts[pk].get(Use.CALL, 0), counts[pk].get(Use.DOWNLOAD, 0)
        use = before.get(pk) or DatasetUse(dataset_id=pk, since=day, counted_on=day)
        last = max(day, use.counted_on)  # files of several machines come in any order
        use.score = faded(use.score, use.counted_on, last) + downloads + calls / CALLS_OF_A_DOWNLOAD
        use.calls, use.downloads = use.calls + calls, use.downloads + downloads
        use.since, use.counted_on = min(day, use.since), last
        written.append(use)
    fields = ("downloads", "calls", "score", "since", "counted_on")
    DatasetUse.objects.bulk_create(written, update_conflicts=True, unique_fields=("dataset",), update_fields=fields)
