"""The three things that a device may ask: put records, delete records by their values, delete one by its identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError
from bocage.pipeline.faults import as_record
from bocage.pipeline.pushes import gate, journal
from bocage.pipeline.pushes.errors import AddressPaused, NothingPublished, RecordAbsent
from bocage.pipeline.pushes.fitting import Operation, as_given, fit
from bocage.pipeline.pushes.identified import record_of
from bocage.pipeline.pushes.keys import note_use
from bocage.pipeline.pushes.layout import layout_of
from bocage.pipeline.pushes.models import PushAddress, PushKey
from bocage.pipeline.pushes.payload import records_of
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version


def accept(key: PushKey, body: bytes, operation: Operation) -> int:
    """Keep the records of a payload, all of them, on the disk; how many. Raises what is wrong with it, nothing being kept."""
    address = key.address
    _require_open(address)
    try:
        return _kept(address, body, operation)
    except BocageError as error:
        PushAddress.objects.filter(pk=address.pk).update(refused_at=now(), refusal=as_record(error))
        raise
    finally:
        note_use(key)


def accept_deletion(key: PushKey, record_id: str) -> None:
    """Delete the record of this identifier, as the Explore API gives it. Raises NothingPublished, RecordAbsent."""
    address = key.address
    _require_open(address)
    note_use(key)
    version = _published(address.dataset)
    layout = layout_of(address.dataset, version)
    record = record_of(address.dataset, version, record_id, layout)
    if record is None:
        raise RecordAbsent(record_id=record_id[:100])
    journal.write(address, fit([record], "d", layout), fitted=layout.fingerprint, founded=True)


def _kept(address: PushAddress, body: bytes, operation: Operation) -> int:
    records = records_of(body)
    if not records:
        return 0
    dataset = address.dataset
    version = current_version(dataset)
    if version is None:
        if operation == "d":
            raise NothingPublished
        lines = as_given(records, dataset.primary_key)
        gate.require_fit(dataset, None, lines)
        journal.write(address, lines, fitted="", founded=False)
    else:
        layout = layout_of(dataset, version)
        lines = fit(records, operation, layout)
        if operation == "p":
            gate.require_fit(dataset, layout, lines)
        journal.write(address, lines, fitted=layout.fingerprint, founded=True)
    return len(lines)


def _require_open(address: PushAddress) -> None:
    if address.paused:
        raise AddressPaused


def _published(dataset: Dataset) -> Version:
    version = current_version(dataset)
    if version is None:
        raise NothingPublished
    return version
