"""How much one account may write: enough for anybody who has something to say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bocage.kernel.clock import now
from bocage.kernel.errors import TransientError

PER_HOUR = 20
PER_DAY = 60


class TooManyMessages(TransientError):
    code = "governance.too-many-messages"
    message = _("You have written %(count)s messages in a short time.")
    mend = _("Wait a little before the next one.")


def require_restraint(written: QuerySet[Any]) -> None:
    """`written`: the messages of one account, with `at`. Raises TooManyMessages."""
    instant = now()
    for span, most in ((timedelta(hours=1), PER_HOUR), (timedelta(days=1), PER_DAY)):
        count = written.filter(at__gte=instant - span).count()
        if count >= most:
            raise TooManyMessages(count=count)
