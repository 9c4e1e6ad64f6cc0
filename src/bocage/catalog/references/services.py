"""Writes on references and links. One transaction each. What the data says of them is looked at by `pipeline.references`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.restrictions import require_whole
from bocage.access.rules import decide, has_role
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.references.errors import NoDataYet, PointsToItself, TooManyLinks
from bocage.catalog.references.models import ReferenceLayer, ReferenceLink
from bocage.catalog.references.rules import require_key_field
from bocage.catalog.services import touch_catalogue
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.references.vocabulary import ReferenceKind

MOST_LINKS = 20


def may_mark(viewer: Viewer, dataset: Dataset) -> bool:
    """A reference is offered to everybody: coordinators of the organisation decide, or of one above."""
    manages = decide(viewer, Action.MANAGE, dataset).allowed
    return manages and has_role(viewer, dataset.organization_id, Role.COORDINATOR)


@transaction.atomic
def mark_reference(
    *, viewer: Viewer, dataset: Dataset, kind: ReferenceKind, key: str, label: str = ""
) -> ReferenceLayer:
    """Say that a dataset is a reference, or say otherwise what it is. What is said again as it was is not told to the journal.

    Raises AccessDenied, NoDataYet, ReferenceFieldUnfit."""
    require_may_mark(viewer, dataset)
    if not dataset.version_number:
        raise NoDataYet(dataset=dataset.title)
    require_key_field(dataset, key)
    named = label if any(field.name == label for field in dataset.fields) else ""
    said = {"kind": str(kind), "key": key, "label": named}
    before = ReferenceLayer.objects.filter(dataset=dataset).values(*said).first()
    marked, _created = ReferenceLayer.objects.update_or_create(
        dataset=dataset, defaults=said, create_defaults={**said, "marked_at": now(), "marked_by_id": viewer.user_id}
    )
    marked.dataset = dataset
    if before != said:
        touch_catalogue()
        _tell(Kind.REFERENCE_MARKED, viewer, dataset, about=str(kind), key=key, label=named)
    return marked


@transaction.atomic
def unmark_reference(*, viewer: Viewer, dataset: Dataset) -> None:
    """It is a dataset like any other again; the links to it are gone. Raises AccessDenied."""
    require_may_mark(viewer, dataset)
    found = ReferenceLayer.objects.filter(dataset=dataset).annotate(pointing=Count("links")).first()
    if found is None:
        return
    found.delete()
    touch_catalogue()
    _tell(Kind.REFERENCE_UNMARKED, viewer, dataset, about=found.kind, key=found.key, links=found.pointing)


@transaction.atomic
def declare_link(*, viewer: Viewer, dataset: Dataset, field: str, reference: ReferenceLayer) -> ReferenceLink:
    """Say that the values of `field` are keys of `reference`. Who links reads the whole of both, since the number of values that
    are found tells of both. Raises AccessDenied, ReferenceFieldUnfit, PointsToItself, TooManyLinks."""
    decide(viewer, Action.MANAGE, dataset).require()
    require_whole(viewer, reference.dataset)
    if dataset.pk == reference.dataset_id:
        raise PointsToItself(dataset=dataset.title)
    require_key_field(dataset, field)
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    known = ReferenceLink.objects.filter(dataset=dataset)
    already = known.filter(field=field, reference=reference).first()
    if already is not None:
        return already
    if known.count() >= MOST_LINKS:
        raise TooManyLinks(most=MOST_LINKS)
    link = ReferenceLink.objects.create(
        dataset=dataset, field=field, reference=reference, declared_at=now(), declared_by_id=viewer.user_id
    )
    touch_catalogue()
    _tell(Kind.REFERENCE_LINKED, viewer, dataset, field=field, reference=reference.dataset.uid)
    return link


@transaction.atomic
def remove_link(*, viewer: Viewer, link: ReferenceLink) -> None:
    """Those who manage the dataset that points remove it. Raises AccessDenied."""
    decide(viewer, Action.MANAGE, link.dataset).require()
    link.delete()
    touch_catalogue()
    _tell(Kind.REFERENCE_UNLINKED, viewer, link.dataset, field=link.field, reference=link.reference.dataset.uid)


def _tell(kind: Kind, viewer: Viewer, dataset: Dataset, **facts: Any) -> None:
    """The other end of a link is told by its uid: its name is none of the business of whoever reads the journal of this one."""
    record(kind, viewer=viewer, organization=dataset.organization_id, dataset=dataset.uid, **facts)


def require_may_mark(viewer: Viewer, dataset: Dataset) -> None:
    """Raises AccessDenied, with its reason."""
    decide(viewer, Action.MANAGE, dataset).require()
    if not may_mark(viewer, dataset):
        raise AccessDenied(reason=gettext("only the coordinators of the organisation choose its references."))
