"""No address takes a file, but the one where files are dropped: see `console.uploads`."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class RefuseFiles(FileUploadHandler):
    """Otherwise a form with a file, sent anywhere by anybody, is written to the disk of the server however large it is:
    the token against forgery is read, and with it the whole body, before any page can say no."""

    def new_file(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise RequestDataTooBig("No file is expected here.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None
