"""Access requests that wait for longer than was promised: those who answer are told, once."""

from __future__ import annotations

from bocage.access.models import AccessRequest
from bocage.access.requests.selectors import late_requests
from bocage.access.requests.services import recall
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now


def recall_late() -> int:
    """How many were recalled. Those of a dataset that is gone have nobody to answer them: they are not looked at again."""
    late = late_requests()
    things = {one.uid: one for one in Dataset.objects.filter(uid__in={one.dataset for one in late})}
    gone = [one.pk for one in late if one.dataset not in things]
    AccessRequest.objects.filter(pk__in=gone).update(reminded_at=now())
    return sum(recall(things[one.dataset], one) for one in late if one.dataset in things)
