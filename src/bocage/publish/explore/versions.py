"""`as_of`, our own parameter: the rows of a dataset as they were. No client of the standard can notice that it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.publish.explore.errors import InvalidRESTParameter, NotFoundResource
from bocage.query.odsql.dates import read_moment, zone
from bocage.store.models import Head, Version

if TYPE_CHECKING:
    from datetime import datetime

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset

LARGEST_NUMBER = 2**31 - 1


def version_as_of(viewer: Viewer, dataset: Dataset, asked: str, timezone: str) -> Version:
    """`asked`: the number of a version, or a date, which stands for its last instant.

    The published version is anybody's who may read the dataset. The others are for those to whom the console shows them:
    one may have been replaced because of what it said. For everybody else they do not exist.
    Raises InvalidRESTParameter, NotFoundResource."""
    found = (
        _of_number(dataset, int(asked)) if asked.isascii() and asked.isdigit() else _of_date(dataset, asked, timezone)
    )
    head = Head.objects.filter(dataset=dataset).values_list("version_id", flat=True).first()
    if found is None or (found.pk != head and not decide(viewer, Action.PUBLISH, dataset)):
        raise NotFoundResource(f"version of dataset {dataset.slug} as of", asked[:100])
    found.dataset = dataset
    return found


def _of_number(dataset: Dataset, number: int) -> Version | None:
    return Version.objects.filter(dataset=dataset, number=min(number, LARGEST_NUMBER)).first()


def _of_date(dataset: Dataset, asked: str, timezone: str) -> Version | None:
    """What was published then: since the pointer last moved, what it shows; before, the last version made."""
    moment = read_moment(asked, zone(timezone))
    if moment is None:
        raise InvalidRESTParameter("as_of", asked[:100], "the number of a version, or a date (2026-12-31)")
    until: datetime = moment.end or moment.start
    head = Head.objects.select_related("version").filter(dataset=dataset, moved_at__lt=until).first()
    if head is not None:
        return head.version
    return Version.objects.filter(dataset=dataset, created_at__lt=until).order_by("-number").first()
