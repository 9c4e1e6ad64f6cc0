"""What stewards do with push addresses: open one, pause it, close it; and what they see of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Prefetch, Q, Sum
from django.utils.translation import gettext_lazy as _

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.services import update_metadata
from bocage.kernel.clock import now
from bocage.kernel.errors import NotFound, TerminalError
from bocage.pipeline.models import Run
from bocage.pipeline.pushes import journal
from bocage.pipeline.pushes.models import Push, PushAddress, PushKey, PushQueue
from bocage.pipeline.vocabulary import RunStatus

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset

MOST_ADDRESSES = 20
NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")
SHORTEST_SILENCE = timedelta(minutes=1)


class NameTaken(TerminalError):
    code = "push.name-taken"
    message = _("This dataset already has a push address named “%(name)s”.")
    mend = _("Choose another name, or make a new key for that address.")


class BadName(TerminalError):
    code = "push.bad-name"
    message = _("“%(name)s” cannot be the name of an address.")
    mend = _("Use lower-case letters without accents, digits, - and _: for example, “realtime”.")


class TooManyAddresses(TerminalError):
    code = "push.too-many-addresses"
    message = _("This dataset has %(count)s push addresses already.")
    mend = _("Delete one that nobody uses any more.")


@dataclass(frozen=True)
class AddressState:
    """An address as its steward sees it. `waiting`: records accepted and not published yet."""

    address: PushAddress
    keys: Sequence[PushKey]
    waiting: int
    silent_since: datetime | None

    @property
    def is_silent(self) -> bool:
        return self.silent_since is not None


@dataclass(frozen=True)
class PushState:
    """Of a dataset. `aside`: pushes that no longer fit; `failure`: the last publication of pushes, when it failed."""

    addresses: Sequence[AddressState]
    queue: PushQueue | None
    aside: int
    aside_records: int
    failure: Run | None


@transaction.atomic
def open_address(
    *,
    viewer: Viewer,
    dataset: Dataset,
    name: str,
    key: Sequence[str] | None = None,
    silence: timedelta | None = None,
) -> PushAddress:
    """A new address of the dataset. `key`: names of the fields that identify a record; None leaves those of the dataset.

    Raises BadName, NameTaken, TooManyAddresses."""
    decide(viewer, Action.MANAGE, dataset).require()
    if not NAME.fullmatch(name):
        raise BadName(name=name[:60])
    if dataset.push_addresses.count() >= MOST_ADDRESSES:
        raise TooManyAddresses(count=MOST_ADDRESSES)
    if dataset.push_addresses.filter(name=name).exists():
        raise NameTaken(name=name)
    if key is not None and list(key) != list(dataset.primary_key):
        update_metadata(viewer=viewer, dataset=dataset, primary_key=list(key))
    return PushAddress.objects.create(
        dataset=dataset, name=name, silence=silence, created_at=now(), created_by_id=viewer.user_id
    )


def pause_address(*, viewer: Viewer, address: PushAddress, paused: bool) -> None:
    """What was accepted is published all the same."""
    decide(viewer, Action.PUBLISH, address.dataset).require()
    PushAddress.objects.filter(pk=address.pk).update(paused=paused)


def close_address(*, viewer: Viewer, address: PushAddress) -> None:
    """Its keys open nothing any more; what was accepted is published all the same."""
    decide(viewer, Action.MANAGE, address.dataset).require()
    address.delete()


def drop_aside(*, viewer: Viewer, dataset: Dataset) -> int:
    """Give up the pushes that no longer fit."""
    decide(viewer, Action.MANAGE, dataset).require()
    return Push.objects.filter(dataset=dataset).filter(aside__isnull=False).delete()[0]


def try_aside_again(*, viewer: Viewer, dataset: Dataset) -> None:
    """The fields are back, or of their former type: put the pushes set aside back in the journal, in their place."""
    decide(viewer, Action.PUBLISH, dataset).require()
    with transaction.atomic():
        queue = journal.locked_queue(dataset)
        Push.objects.filter(dataset=dataset).filter(aside__isnull=False).update(aside=None)
        journal.recount(queue)


def publish_now(*, viewer: Viewer, dataset: Dataset) -> None:
    """Do not wait for the cadence."""
    decide(viewer, Action.PUBLISH, dataset).require()
    PushQueue.objects.filter(dataset=dataset, pushes__gt=0).update(due_at=now())


def address_of(dataset: Dataset, uid: str) -> PushAddress:
    """Raises NotFound."""
    found = PushAddress.objects.select_related("dataset").filter(dataset=dataset, uid=uid).first()
    if found is None:
        raise NotFound(kind=_("The push address"), name=uid)
    return found


def state_of(viewer: Viewer, dataset: Dataset) -> PushState:
    """In five queries, however many addresses. The viewer needs Action.PUBLISH."""
    decide(viewer, Action.PUBLISH, dataset).require()
    keys = PushKey.objects.filter(revoked_at=None).select_related("created_by")
    addresses = dataset.push_addresses.select_related("dataset", "created_by").prefetch_related(
        Prefetch("keys", keys, to_attr="live_keys")
    )
    waiting = dict(
        Push.objects.filter(dataset=dataset, aside__isnull=True)
        .order_by()
        .values_list("address")
        .annotate(n=Sum("records"))
    )
    aside = (
        Push.objects.filter(dataset=dataset)
        .filter(aside__isnull=False)
        .aggregate(n=Count("pk"), records=Sum("records"))
    )
    last = Run.objects.filter(dataset=dataset, pushed=True).filter(~Q(status__in=("waiting", "running"))).first()
    return PushState(
        addresses=[
            AddressState(one, getattr(one, "live_keys"), int(waiting.get(one.pk) or 0), silent_since(one))  # noqa: B009
            for one in addresses
        ],
        queue=PushQueue.objects.filter(dataset=dataset).first(),
        aside=int(aside["n"] or 0),
        aside_records=int(aside["records"] or 0),
        failure=last if last is not None and last.status == RunStatus.FAILED else None,
    )


def silent_since(address: PushAddress) -> datetime | None:
    """When the silence began, for an address that promised to speak more often."""
    if address.silence is None or address.paused:
        return None
    heard = address.last_push_at or address.created_at
    return heard if heard < now() - address.silence else None
