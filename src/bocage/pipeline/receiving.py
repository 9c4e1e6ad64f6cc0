"""A file sent by a form goes straight to the data folder, never whole in memory, and never past the limit."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

if TYPE_CHECKING:
    from django.http import HttpRequest

FORM_ALLOWANCE = 64 * 1024
"""Bytes that the rest of the form may take around the file."""


class IncomingFile(TemporaryUploadedFile):
    """A temporary file on the disk that will keep it, so that taking it over is a rename. The given name is not used."""

    def __init__(self, name: str, content_type: str, size: int, charset: str | None, extra: Any) -> None:
        folder = Path(settings.DATA_DIR) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        file = NamedTemporaryFile(suffix=".upload", dir=folder)  # noqa: SIM115  closed at the end of the request
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)


class IncomingUploadHandler(TemporaryFileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = IncomingFile(
            self.file_name or "", self.content_type or "", 0, self.charset, self.content_type_extra
        )


def is_too_large(request: HttpRequest, limit_mb: int) -> bool:
    """By what the request announces: a server reads no further than that."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > limit_mb * 1024 * 1024 + FORM_ALLOWANCE


def receive_files(request: HttpRequest) -> None:
    """To be called before anything reads the body: elsewhere no file is accepted."""
    request.upload_handlers = [IncomingUploadHandler(request)]


def path_of(file: UploadedFile[Any]) -> Path:
    """Where a received file is, until the end of the request."""
    return Path(file.temporary_file_path())  # type: ignore[attr-defined]  # IncomingUploadHandler writes to disk
