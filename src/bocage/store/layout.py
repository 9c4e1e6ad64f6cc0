"""Where things rest below the data folder. No path here ever holds a text chosen by a person: only uids and numbers.

versions/<dataset uid>/<number>-<version uid>.parquet   immutable, mode 0444; what a backup must keep
attachments/<sha256>                                    documents joined to datasets, once each; to be kept too
staging/…                                               files being prepared; worthless after their run
cache/hot/<version uid>.duckdb                          rebuildable working copies: the table of a version
cache/hot/<version uid>.<name>.duckdb                   and what is derived from it: its words, its lookup
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


def attachments_directory() -> Path:
    return Path(settings.DATA_DIR) / "attachments"


def attachment_path(sha256: str) -> Path:
    return attachments_directory() / sha256


def staging_directory() -> Path:
    return Path(settings.DATA_DIR) / "staging"


def hot_directory() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "hot"


def hot_path(key: str) -> Path:
    """Of the working copy of this key: the uid of a version, or a `side_key`."""
    return hot_directory() / f"{key}.duckdb"


def side_key(version_uid: str, name: str) -> str:
    return f"{version_uid}.{name}"


def version_uid_of(key: str) -> str:
    """The version of a working copy."""
    return key.partition(".")[0]


def spill_directory() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "spill"
