"""Where things rest below the data folder. No path here ever holds a text chosen by a person: only uids and numbers.

versions/<dataset uid>/<number>-<version uid>.parquet   immutable, mode 0444; what a backup must keep
staging/…                                               files being prepared; worthless after their run
cache/hot/<version uid>.duckdb                          rebuildable working copies
cache/spill/…                                           what queries put aside when memory is short
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from bocage.store.models import Version


def versions_directory() -> Path:
    return Path(settings.DATA_DIR) / "versions"


def version_path(version: Version) -> Path:
    """The Parquet file of a version. Reads `version.dataset.uid`: select_related it in loops."""
    return versions_directory() / version.dataset.uid / f"{version.number}-{version.uid}.parquet"


def staging_directory() -> Path:
    return Path(settings.DATA_DIR) / "staging"


def hot_directory() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "hot"


def hot_path(version_uid: str) -> Path:
    return hot_directory() / f"{version_uid}.duckdb"


def spill_directory() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "spill"
