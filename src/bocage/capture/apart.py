"""Understanding a file in a process of its own, for the readers that a hostile file could take down.

    python -m bocage.capture.apart FOLDER        (the request, in JSON, on the input; the answer on the output)

GDAL and SQLite are a million lines that read binary files; one fault of memory there ends the process. On a web server that
would be everybody's answers: so the geographic formats that they read are looked at apart. The worker needs none of this:
a run whose worker dies is taken again, then given up.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override

from bocage.capture.errors import ReaderDied, ReaderTooSlow
from bocage.capture.formats.excel import Workbook
from bocage.capture.understanding import Corrections
from bocage.kernel.scratch import scratch

SECONDS = 240
_BINARY = (b"fgb", b"SQLite format 3\x00", b"PK\x03\x04", b"\x1f\x8b")
"""FlatGeobuf, GeoPackage, and what may hold them or a shapefile: zip, gzip."""


def is_risky(file: Path, filename: str) -> bool:
    """May its reader die of it? Texts and Parquet are read by code that fails cleanly, workbooks in a process of their own."""
    with file.open("rb") as stream:
        head = stream.read(64 * 1024)
    return head.startswith(_BINARY) and not Workbook().recognises(head, filename)


def inspect_apart(file: Path, *, filename: str, corrections: Corrections) -> dict[str, Any]:
    """{"understanding": Understanding.as_dict()} or {"error": BocageError.as_dict()}, in the active language.

    Raises ReaderDied, ReaderTooSlow. Nothing is left on the disk, however the other process ends."""
    asked = {
        "file": str(file),
        "filename": filename,
        "corrections": corrections.as_dict(),
        "language": get_language() or settings.LANGUAGE_CODE,
    }
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "bocage.config.settings"),
        "BOCAGE_DATA_DIR": str(settings.DATA_DIR),
    }
    with scratch("capture") as folder:
        try:
            done = subprocess.run(  # noqa: S603  ours
                [sys.executable, "-m", "bocage.capture.apart", str(folder)],
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                timeout=SECONDS,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ReaderTooSlow(seconds=SECONDS) from None
    if done.returncode:
        raise ReaderDied
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _main(folder: str) -> None:
    import django

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what died held somebody's data
    django.setup()
    from bocage.capture.services import inspect
    from bocage.kernel.errors import BocageError

    asked = json.load(sys.stdin)
    corrections = Corrections.from_dict(asked["corrections"])
    with override(asked["language"]):
        try:
            found = inspect(
                Path(asked["file"]), filename=asked["filename"], corrections=corrections, scratch=Path(folder)
            )
            answer: dict[str, Any] = {"understanding": found.as_dict()}
        except BocageError as error:
            answer = {"error": error.as_dict()}
        sys.stdout.write(json.dumps(answer, default=str))


if __name__ == "__main__":
    _main(sys.argv[1])
