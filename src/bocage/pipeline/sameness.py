"""Is what came already what is published? Then no version is made: a version says that something changed.

`store.selectors.same_content` answers for the data, once read; here is what spares the reading.
"""

from __future__ import annotations

from bocage import __version__
from bocage.capture.connectors.delivery import Delivery
from bocage.pipeline.models import Run
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.selectors import current_version


def already_published(run: Run, delivery: Delivery) -> bool:
    """The same bytes, read with the same corrections, made to follow the same schema, by the same release, made the current
    version: no need to read them."""
    current = current_version(run.dataset)
    if current is None or current.provenance.get("sha256") != delivery.sha256:
        return False
    if current.provenance.get("software") != f"Bocage {__version__}":
        return False
    made = Run.objects.filter(version=current, status=RunStatus.DONE).values_list("corrections", "conformity")
    return made.first() == (run.corrections, run.conformity)
