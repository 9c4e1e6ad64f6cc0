"""What a person or a machine asks of the desk, out of a form: read, bounded, carried out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile

from bocage.capture.understanding import Corrections
from bocage.pipeline import receiving
from bocage.pipeline.checking import bounds, desk
from bocage.pipeline.checking.errors import NothingToCheck, RequestTooLarge
from bocage.pipeline.checking.kept import KeptCheck
from bocage.pipeline.checking.schemas import schema_named

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_ADDRESS = 2_000


def prepare(request: HttpRequest) -> None:
    """Before anything reads the body: raise RequestTooLarge or TooOften, or say where the file goes."""
    if receiving.is_too_large(request, bounds.limit_mb()):
        raise RequestTooLarge(limit_mb=bounds.limit_mb())
    bounds.require_patience(request)
    receiving.receive_files(request)


def carry_out(fields: Mapping[str, str], file: UploadedFile[Any] | None = None) -> KeptCheck:
    """`fields`: url, schema, schema_version, profile, and how to read the file. Raises BocageErrors only."""
    url = fields.get("url", "").strip()[:LONGEST_ADDRESS]
    if (file is None) == (not url):
        raise NothingToCheck
    schema = schema_named(fields.get("schema", "")[:LONGEST_ADDRESS], fields.get("schema_version", "")[:40])
    options: dict[str, Any] = {
        "schema": schema, "profile": profile_of(fields.get("profile", "")), "corrections": corrections_of(fields),
    }  # fmt: skip
    if file is None:
        return desk.check_address(url, **options)
    return desk.check_file(receiving.path_of(file), filename=(file.name or "file")[-255:], **options)


def profile_of(given: str) -> str:
    return given if given in desk.PROFILES else desk.PROFILES[0]


def corrections_of(fields: Mapping[str, str]) -> Corrections:
    line = fields.get("header_row", "").strip()
    return Corrections(
        layer=fields.get("sheet", "")[:200],
        encoding=fields.get("encoding", "")[:40],
        delimiter=fields.get("delimiter", "")[:1],
        header_line=int(line) if line.isascii() and line.isdigit() and len(line) < 7 else None,
    )
