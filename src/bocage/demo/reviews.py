"""A dataset that is reviewed before it is published, and a delivery that waits: fewer rows, and numbers changed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from django.conf import settings

from bocage.catalog.models import Dataset
from bocage.demo.exchanges import acting
from bocage.demo.publishing import publish
from bocage.demo.sample import SAMPLES
from bocage.demo.writing import EARLIER
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.requirements import is_required, require_on

REVIEWED = "places-creches"


def load_reviews() -> None:
    """Load what is missing."""
    dataset = Dataset.objects.get(slug=REVIEWED)
    if not is_required(dataset):
        require_on(viewer=acting(dataset.organization.slug), dataset=dataset)
    if Review.objects.filter(run__dataset=dataset).exists():
        return
    sample = next(one for one in SAMPLES if one.slug == REVIEWED)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        before = EARLIER.set(2)
        try:
            publish(dataset, sample.make(Random(REVIEWED), Path(folder)), warm=False)
        finally:
            EARLIER.reset(before)
