"""Where what a check leaves behind rests, below the data folder. Only uids in these paths.

checks/<dataset uid>/<uid>.faults.parquet   every fault of a report (rebuildable by checking again)
checks/<dataset uid>/<uid>.aside.parquet    rows kept aside; what a backup must keep
cache/conformities/…                        versions seen through another schema, rebuildable
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from bocage.catalog.models import Dataset
from bocage.kernel.ids import new_uid

FAULTS, ASIDE = ".faults.parquet", ".aside.parquet"


def checks_directory() -> Path:
    return Path(settings.DATA_DIR) / "checks"


def conformities_directory() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "conformities"


def new_place(dataset: Dataset, suffix: str) -> Path:
    """A file that does not exist yet, below `checks_directory()`."""
    return checks_directory() / dataset.uid / f"{new_uid('ck')}{suffix}"


def below(path: Path) -> str:
    """As rows keep it: below the data folder."""
    return str(path.relative_to(settings.DATA_DIR))


def absolute(path: str) -> Path:
    return Path(settings.DATA_DIR) / path
