"""What a check leaves behind: the report of each version, the rows kept aside, and their files.

Files first, rows after, in the transaction of the version: killed at any instant, at worst a file that no row names remains, and
housekeeping removes it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from bocage.check.aside import fault_of
from bocage.check.layout import ASIDE, FAULTS, below, checks_directory, new_place
from bocage.check.models import Quarantine, Report
from bocage.check.verdicts import keep
from bocage.check.vocabulary import Settlement
from bocage.kernel.clock import now
from bocage.store.files import install

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.check.models import Conformity
    from bocage.check.verdict import Verdict
    from bocage.pipeline.conforming import Conformed
    from bocage.store.models import Version

FAULTS_KEPT = 3
"""Lists of all faults kept for each dataset, the last ones; a report stays without its list."""

LARGEST_FAULTS = 256 * 1024**2
REPORTS_WITHOUT_VERSION = 20
SETTLED_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Kept:
    """Files in place, not named by any row yet."""

    faults: Path | None = None
    aside: Path | None = None

    def discard(self) -> None:
        for path in (self.faults, self.aside):
            if path is not None:
                path.unlink(missing_ok=True)


def put_in_place(dataset: Dataset, conformed: Conformed) -> Kept:
    """Flush and move the files of a check below the data folder."""
    found, faults, aside = conformed.verdict.faults, None, None
    if found is not None and found.is_file() and found.stat().st_size <= LARGEST_FAULTS:
        faults = new_place(dataset, FAULTS)
        install(found, faults)
    if conformed.aside is not None:
        aside = new_place(dataset, ASIDE)
        install(conformed.aside, aside)
    return Kept(faults, aside)


@contextlib.contextmanager
def in_place(dataset: Dataset, conformed: Conformed | None) -> Iterator[Kept]:
    """The files of a check, in place while a transaction names them; gone if it does not."""
    kept = put_in_place(dataset, conformed) if conformed else Kept()
    try:
        yield kept
    except BaseException:
        kept.discard()
        raise


def record(conformed: Conformed, kept: Kept, *, run: str, version: Version) -> Report:
    """The report of this version, and its rows aside in the place of those that waited. In the transaction of the version."""
    report = keep_report(conformed.conformity, conformed.verdict, kept.faults, run=run, version=version)
    if conformed.whole:
        supersede(conformed.conformity)
    if kept.aside is not None and conformed.aside_rows:
        Quarantine.objects.create(
            conformity=conformed.conformity,
            run=run,
            file=below(kept.aside),
            row_count=conformed.aside_rows,
            report=report,
        )
    return report


def record_refusal(conformed: Conformed, *, run: str) -> Report:
    """The report of a delivery that made no version; of several attempts of a run, the last one."""
    kept = put_in_place(conformed.conformity.dataset, conformed)
    with transaction.atomic():
        Report.objects.filter(run=run, version=None).delete()
        return keep_report(conformed.conformity, conformed.verdict, kept.faults, run=run, version=None)


def forget_refusal(run: str) -> None:
    """What was said of a delivery while it waited: the report of its version takes its place."""
    Report.objects.filter(run=run, version=None).delete()


def keep_report(
    conformity: Conformity, verdict: Verdict, faults: Path | None, *, run: str = "", version: Version | None = None
) -> Report:
    """One row; `faults` is a file in place."""
    return keep(conformity, verdict, version=version, run=run, faults=below(faults) if faults else "")


def supersede(conformity: Conformity) -> None:
    """A delivery is whole: what waited from the ones before waits no more."""
    waiting = Quarantine.objects.filter(conformity__dataset=conformity.dataset_id, settled_at=None)
    waiting.update(settled_at=now(), settled_how=Settlement.SUPERSEDED)


# Housekeeping -------------------------------------------------------------------------------------------------------


def prune() -> int:
    """Forget reports of refused deliveries beyond the last ones, lists of faults beyond the last ones, and rows settled long
    ago. Their files go with `orphans`."""
    count = _prune_reports() + _prune_lists()
    return count + Quarantine.objects.filter(settled_at__lt=now() - SETTLED_KEPT).delete()[0]


def orphans(young: float) -> Iterator[Path]:
    """Files below `checks` that no row names, and that have not changed for `young` seconds. Files are listed first."""
    limit = now().timestamp() - young
    files = [path for path in checks_directory().rglob("*") if path.is_file()]
    named = set(Report.objects.exclude(faults="").values_list("faults", flat=True))
    named |= set(Quarantine.objects.values_list("file", flat=True))
    for path in files:
        with contextlib.suppress(FileNotFoundError):
            if below(path) not in named and path.lstat().st_ctime < limit:
                yield path


def remove(paths: Iterator[Path]) -> int:
    count = 0
    for path in paths:
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()  # the last one of its dataset
        count += 1
    return count


def damaged_files() -> Iterator[tuple[Quarantine, str]]:
    """Rows aside that wait and cannot be given back, and why ("": their file is gone): to be told, a backup has them."""
    for one in Quarantine.objects.filter(settled_at=None).select_related("conformity__dataset"):
        if (fault := fault_of(one)) is not None:
            yield one, fault


def _prune_reports() -> int:
    return _beyond(Report.objects.filter(version=None), REPORTS_WITHOUT_VERSION).delete()[0]


def _prune_lists() -> int:
    return _beyond(Report.objects.exclude(faults=""), FAULTS_KEPT).update(faults="")


def _beyond(reports: QuerySet[Report], most: int) -> QuerySet[Report]:
    """Those that come after the last `most` of their dataset."""
    ranked = reports.annotate(rank=Window(RowNumber(), partition_by=F("dataset"), order_by=F("pk").desc()))
    return Report.objects.filter(pk__in=[pk for pk, rank in ranked.order_by().values_list("pk", "rank") if rank > most])
