"""One more use of a dataset: two numbers in the file of the day, added up at night (`folding`)."""

from __future__ import annotations

import logging
from datetime import UTC
from enum import IntEnum
from pathlib import Path

from django.conf import settings

from bocage.kernel.clock import now
from bocage.kernel.tallies import Tally

logger = logging.getLogger(__name__)

DAY = "%Y%m%d"


class Use(IntEnum):
    """What is counted of each dataset; its place among the numbers of the dataset."""

    CALL = 0
    DOWNLOAD = 1


_tally = Tally()


def count(dataset_id: int, *uses: Use) -> None:
    """`dataset_id`: key of the dataset in the database. A disk that refuses is told to the log, never to who asked."""
    try:
        _tally.add(folder() / f"{now().astimezone(UTC):{DAY}}", tuple(dataset_id * len(Use) + use for use in uses))
    except OSError as error:
        logger.warning("use.not-counted", extra={"fault": type(error).__name__})


def folder() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "uses"
