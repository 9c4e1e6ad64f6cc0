"""The page where files are dropped accepts them, up to the limit of the platform."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from bocage.pipeline.drafts import FileTooLarge
from bocage.pipeline.receiving import is_too_large, receive_files


def prepare_upload(request: HttpRequest) -> None:
    """Before anything reads the body: raise FileTooLarge, or say where the file goes."""
    limit_mb = settings.BOCAGE.upload_limit_mb
    if is_too_large(request, limit_mb):
        raise FileTooLarge(limit_mb=limit_mb)
    receive_files(request)
