"""The SHA-256 of a file, by a thread beside the reading: what is understood before the writing leaves a processor free."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def digest_beside(file: Path) -> Callable[[], str]:
    """Begins now; what is given waits for the end: hexadecimal digits, or OSError. The file must not change meanwhile."""
    thread = ThreadPoolExecutor(1, "digest")
    found = thread.submit(_digest, file)
    thread.shutdown(wait=False)
    return found.result


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
