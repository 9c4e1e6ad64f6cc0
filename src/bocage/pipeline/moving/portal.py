"""One portal, through its Explore API v2.1. Every answer is a stranger's: bounded, streamed to the disk, looked at as data."""

from __future__ import annotations

import ipaddress
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from bocage.kernel.addresses import is_listed
from bocage.kernel.http import AddressInvalid, Fetched, RequestRefused, fetch, go_on, split_address, without_secrets
from bocage.pipeline.moving.errors import AnswerNotUnderstood, KeyInTheClear
from bocage.pipeline.moving.patience import Patience

ANSWER_LIMIT_MB = 16
"""Of one answer that is not data: it is read in memory."""
ANSWER_SECONDS = 120.0
DOWNLOAD_SECONDS = 2 * 3600.0

Query = Mapping[str, str]


@dataclass(frozen=True)
class Portal:
    """`origin`: scheme, host and port, without a final slash. `folder`: where answers are put while they are read."""

    origin: str
    folder: Path
    apikey: str = field(default="", repr=False)
    patience: Patience = field(default_factory=Patience, repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    def stranger(self) -> Portal:
        """The same portal, as somebody without a key sees it."""
        return replace(self, apikey="")

    def address(self, *segments: str, query: Query | None = None) -> str:
        """Of an operation. Segments are names, never paths."""
        path = "/".join(quote(segment, safe="@") for segment in segments)
        return f"{self.origin}/api/explore/v2.1/{path}{'?' + urlencode(query) if query else ''}"

    def json(self, *segments: str, query: Query | None = None, limit_mb: int = ANSWER_LIMIT_MB) -> Any:
        """The answer of an operation. Raises AnswerNotUnderstood, DownloadTooLarge, RequestRefused and what fetching raises."""
        with self.scratch() as into:
            found = self._fetch(self.address(*segments, query=query), into, seconds=ANSWER_SECONDS, limit_mb=limit_mb)
            try:
                return json.loads(found.path.read_bytes(), parse_constant=_nothing) if found.path else None
            except (ValueError, RecursionError):
                raise AnswerNotUnderstood(what="/".join(segments)[:120]) from None

    def download(
        self,
        url: str,
        into: Path,
        *,
        etag: str = "",
        checkpoint: Callable[[], None] = go_on,
        limit_mb: int | None = None,
    ) -> Fetched:
        """A file, in the folder `into`."""
        return self._fetch(url, into, etag=etag, seconds=DOWNLOAD_SECONDS, checkpoint=checkpoint, limit_mb=limit_mb)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A new folder for one answer, gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="answer-", dir=self.folder) as name:
            yield Path(name)

    def _fetch(self, url: str, into: Path, **options: Any) -> Fetched:
        secrets = self._secrets(url)
        return self.patience.ask(url, lambda: fetch(url, into, secrets=secrets, **options))

    def _secrets(self, url: str) -> dict[str, str]:
        """The key goes to its portal, and to nobody whom an answer of the portal names."""
        mine = url.startswith(f"{self.origin}/")
        return {"Authorization": f"Apikey {self.apikey}"} if self.apikey and mine else {}


def portal_at(given: str, *, folder: Path, apikey: str = "", patience: Patience | None = None) -> Portal:
    """From the address that a person types: any page of the portal will do. Raises AddressInvalid, KeyInTheClear."""
    text = given.strip()
    parts = split_address(text if "://" in text else f"https://{text}")
    if parts.username or parts.password or any(c.isspace() for c in parts.netloc):
        raise AddressInvalid(url=without_secrets(text))
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    if apikey and parts.scheme != "https" and not _is_own_network(parts.hostname or "", parts.port or 80):
        raise KeyInTheClear
    return Portal(origin, folder, apikey, patience or Patience())


def _is_own_network(host: str, port: int) -> bool:
    """This machine, or a private host that the operator listed."""
    try:
        loopback = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        loopback = False
    return loopback or is_listed(host, port, settings.BOCAGE.capture_private_hosts)


def _nothing(_not_a_number: str) -> None:
    """NaN and infinities are not JSON."""


def status_of(refusal: RequestRefused) -> int:
    """Of the answer that was refused."""
    status: int = refusal.fields["status"]
    return status
