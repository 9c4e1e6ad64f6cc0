"""Which datasets are edited feature by feature: their keepers say so, and it is not so by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.services import touch_catalogue, update_metadata
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.pipeline.edits.errors import CannotBeEditable, NotEditable
from bocage.pipeline.edits.models import EditPolicy
from bocage.pipeline.edits.sight import Sight, sight_of
from bocage.pipeline.pushes.layout import layout_of
from bocage.pipeline.reviews.requirements import is_required
from bocage.store.engine import quoted, session
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version


def policy_of(dataset: Dataset) -> EditPolicy | None:
    """None: nobody edits it feature by feature."""
    return EditPolicy.objects.filter(dataset=dataset).first()


@transaction.atomic
def allow_edits(*, viewer: Viewer, dataset: Dataset, key: Sequence[str], conditional: bool = False) -> EditPolicy:
    """From now on, contributors edit it. `key`: names of the fields that identify a feature.

    Raises AccessDenied, CannotBeEditable."""
    decide(viewer, Action.MANAGE, dataset).require()
    version = current_version(dataset)
    if version is None:
        raise CannotBeEditable(reason=_("nothing is published in it yet."))
    if is_required(dataset):
        raise CannotBeEditable(reason=_("each of its versions is reviewed by another person before it is published."))
    if list(key) != list(dataset.primary_key):
        update_metadata(viewer=viewer, dataset=dataset, primary_key=list(key))
    require_key(dataset, version)
    said = {"conditional": conditional, "allowed_at": now(), "allowed_by_id": viewer.user_id}
    policy, _made = EditPolicy.objects.update_or_create(dataset=dataset, defaults=said)
    touch_catalogue()
    return policy


@transaction.atomic
def forbid_edits(*, viewer: Viewer, dataset: Dataset) -> None:
    """Nobody edits it any more; what was edited stays."""
    decide(viewer, Action.MANAGE, dataset).require()
    EditPolicy.objects.filter(dataset=dataset).delete()
    touch_catalogue()


def require_key(dataset: Dataset, version: Version) -> None:
    """Raise CannotBeEditable unless the key tells every row of the version from the others."""
    layout = layout_of(dataset, version)
    if not layout.key:
        raise CannotBeEditable(reason=_("choose the fields that identify a feature."))
    key = ", ".join(map(quoted, layout.key))
    lacking = " OR ".join(f"{quoted(name)} IS NULL" for name in layout.key)
    with session(version) as opened:
        [(empty, rows, keys)] = opened.execute(
            f"SELECT count(*) FILTER ({lacking}), count(*), count(DISTINCT ({key})) FROM {opened.table(version)}"
        )
    if empty:
        raise CannotBeEditable(reason=_("what identifies a feature is empty in some rows."))
    if keys < rows:
        raise CannotBeEditable(reason=_("several rows have the same values in what identifies a feature."))


def require_editable(viewer: Viewer, dataset: Dataset) -> EditPolicy:
    """The policy under which the viewer edits. Raises NotEditable when nobody does, AccessDenied when they may not."""
    policy = policy_of(dataset)
    if policy is None:
        raise NotEditable(reason=_("its keepers have not allowed it."))
    decide(viewer, Action.PUBLISH, dataset).require()
    if is_required(dataset):
        raise NotEditable(reason=_("each of its versions is reviewed by another person before it is published."))
    return policy


def sight_for_edits(viewer: Viewer, dataset: Dataset) -> Sight | None:
    """What the viewer could edit of the dataset; None when they may not, for whatever reason."""
    try:
        require_editable(viewer, dataset)
        version = current_version(dataset)
        return None if version is None else sight_of(viewer, dataset, version)
    except (NotEditable, AccessDenied):
        return None
