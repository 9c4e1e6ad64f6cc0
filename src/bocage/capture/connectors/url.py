"""A file at an address, polled. ETag and Last-Modified spare the download; the hash of the content spares the rest."""

from __future__ import annotations

from pathlib import Path

from bocage.capture.connectors.delivery import Delivery, Origin
from bocage.kernel.http import fetch, without_secrets


class UrlConnector:
    def deliver(self, origin: Origin, into: Path) -> Delivery | None:
        # Validators belong to one address: a source that was pointed elsewhere starts anew.
        seen = origin.seen if origin.seen.get("url") == origin.url else {}
        fetched = fetch(
            origin.url,
            into,
            etag=seen.get("etag", ""),
            last_modified=seen.get("last_modified", ""),
            checkpoint=origin.checkpoint,
        )
        if fetched.path is None:
            return None
        if fetched.sha256 == seen.get("sha256"):
            fetched.path.unlink()
            return None
        remembered = {
            "url": origin.url,
            "etag": fetched.etag,
            "last_modified": fetched.last_modified,
            "sha256": fetched.sha256,
        }
        return Delivery(
            fetched.path,
            fetched.filename,
            lambda: fetched.sha256,
            fetched.size,
            remembered,
            without_secrets(origin.url),
        )
