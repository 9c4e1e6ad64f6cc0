"""The only way out: download one address into one file, unless the address leads inside.

Why this exists
---------------
People give Bocage addresses to poll. A server that fetches what strangers name can be made to read what only it can reach:
the cloud's metadata service, a database's admin page, the switch of the server room (SSRF). Checking the host name before
calling a client does not help, for three reasons:

1. *the name is resolved twice*: once by the check, once by the client, and the attacker's server answers differently
   (DNS rebinding);
2. *an address has many spellings*: `http://2130706433/`, `http://0x7f.1/`, `http://[::ffff:127.0.0.1]/`, `http://localtest.me/`;
3. *redirects*: a public page answers `302 Location: http://169.254.169.254/`.

So the address is checked at the moment the socket connects, on the very address it connects to, for every hop. A private,
loopback, link-local, multicast, shared (CGNAT) or reserved address is refused, unless the operator listed the host in
`BOCAGE_CAPTURE_PRIVATE_HOSTS`.

What else to know
-----------------
- Only `http` and `https`; at most five redirects.
- Proxies, `.netrc` and the other things that HTTP clients take from the environment are ignored: behind a proxy the address
  checked would be the proxy's. `SSL_CERT_FILE` alone is honoured, for authorities that have their own certificates.
- A user and password in the address are sent to its origin only, and never to where it redirects; they, and the query of
  the address, appear in no error and no log.
- Size is counted after decompression, as the file is written; the time limit covers the whole download, so that a
  server which sends one byte every ten seconds is left too.
"""

from __future__ import annotations

import contextlib
import email.message
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

import requests
import urllib3
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bocage import __version__
from bocage.kernel.errors import TerminalError, TransientError
from bocage.kernel.guard import CONNECT_SECONDS, Deadline, GuardedAdapter, deadline_of
from bocage.kernel.rate_limits import UNSAID, Allowance, allowance_of, wait_asked

READ_SECONDS = 30.0
TOTAL_SECONDS = 900.0
REDIRECTS = 5
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
TRANSIENT_STATUSES = frozenset({408, 421, 425})
CHUNK_BYTES = 256 * 1024


class AddressInvalid(TerminalError):
    code = "http.address-invalid"
    message = _("“%(url)s” is not an address that can be fetched.")
    mend = _("Give a complete address that begins with https:// or http://.")


class TooManyRedirects(TerminalError):
    code = "http.too-many-redirects"
    message = _("%(url)s redirects more than %(limit)s times.")
    mend = _("Give the address to which it leads in the end.")


class CertificateRefused(TerminalError):
    code = "http.certificate-refused"
    message = _("The certificate of %(host)s is not valid: nothing was fetched.")
    mend = _("Tell the administrator of that site.")


class RequestRefused(TerminalError):
    code = "http.request-refused"
    message = _("%(host)s refuses to give this file (answer %(status)s).")
    mend = _("Open the address in a browser: it may have changed, or need an account.")


class DownloadTooLarge(TerminalError):
    code = "http.too-large"
    message = _("The file at %(url)s is larger than the %(limit_mb)s MB accepted.")
    mend = _("Ask the operator to raise BOCAGE_UPLOAD_LIMIT_MB, or publish a smaller file.")


class Unreachable(TransientError):
    code = "http.unreachable"
    message = _("%(host)s cannot be reached.")
    mend = _("Check the address; Bocage tries again by itself.")


class TimedOut(TransientError):
    code = "http.timed-out"
    message = _("%(host)s took too long to answer (more than %(seconds)s seconds).")
    mend = _("Bocage tries again by itself.")


class ServerFault(TransientError):
    code = "http.server-fault"
    message = _("%(host)s is out of order for now (answer %(status)s).")
    mend = _("Bocage tries again by itself.")


class TooManyCalls(ServerFault):
    """`wait`: the seconds that the server asks its callers to wait, None when it does not say."""

    code = "http.too-many-calls"
    message = _("%(host)s accepts no more calls for now (answer %(status)s).")

    def __init__(self, *, wait: float | None = None, **fields: object) -> None:
        self.wait = wait
        super().__init__(**fields)


class DownloadInterrupted(TransientError):
    code = "http.interrupted"
    message = _("The download from %(host)s stopped before its end.")
    mend = _("Bocage tries again by itself.")


@dataclass(frozen=True)
class Fetched:
    """`path` is None when `status` is 304: nothing new. `etag` and `last_modified` are to be sent back next time.

    `filename` is the name that the server gives, as a label: never a path.
    """

    status: int
    path: Path | None
    etag: str = ""
    last_modified: str = ""
    filename: str = ""
    sha256: str = ""
    size: int = 0
    allowance: Allowance = UNSAID


@dataclass(frozen=True)
class Bounds:
    """What one download may take: time, patience of who asked, megabytes."""

    deadline: Deadline
    checkpoint: Callable[[], None]
    limit_mb: int


def go_on() -> None:
    """The checkpoint of those who never stop."""


def fetch(
    url: str,
    into: Path,
    *,
    etag: str = "",
    last_modified: str = "",
    checkpoint: Callable[[], None] = go_on,
    seconds: float | None = None,
    secrets: Mapping[str, str] | None = None,
    limit_mb: int | None = None,
) -> Fetched:
    """Download `url` into a new file of the folder `into`; nothing remains there after an error.

    `checkpoint` is called at each piece received: what it raises stops the download. `secrets`: headers for the origin of `url`
    alone. `limit_mb`: of this answer, when it is less than what the platform accepts. Raises the errors above.
    """
    seconds = TOTAL_SECONDS if seconds is None else seconds
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in conditions.items() if value}
    limit = min(limit_mb or settings.BOCAGE.upload_limit_mb, settings.BOCAGE.upload_limit_mb)
    with open_client() as client, deadline_of(seconds) as deadline:
        here = url
        for _hop in range(REDIRECTS + 1):
            own = secrets if secrets and _origin(split_address(here)) == _origin(split_address(url)) else {}
            with translated_errors(here, deadline), _get(client, here, {**headers, **own}) as response:
                if response.status_code not in REDIRECT_STATUSES or "Location" not in response.headers:
                    return _receive(response, here, into, Bounds(deadline, checkpoint, limit))
                here = _next_hop(here, response.headers["Location"])
    raise TooManyRedirects(url=without_secrets(url), limit=REDIRECTS)


def without_secrets(url: str) -> str:
    """The address as it may be shown: no user, password, query or fragment."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return urlunsplit((parts.scheme, host + port, parts.path, "", ""))
    except ValueError:
        return "…"


MASK = "********"


def masked(url: str) -> str:
    """The address for those who may change it: its password is not shown, even to them."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return without_secrets(url)
    if not parts.password:
        return url
    user, _at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{MASK}@{host}"))


def unmasked(url: str, before: str) -> str:
    """`url`, where a password left as MASK is the one of the address `before`: only towards the same origin and user."""
    try:
        given, known = urlsplit(url), urlsplit(before)
        if given.password != MASK or _door(given) != _door(known):
            return url
    except ValueError:
        return url
    return urlunsplit(given._replace(netloc=known.netloc))


def _door(parts: SplitResult) -> tuple[str, str | None, str | None, int | None]:
    return parts.scheme, parts.username, parts.hostname, parts.port


# One hop ------------------------------------------------------------------------------------------------------------


def open_client() -> requests.Session:
    client = requests.Session()
    client.trust_env = False
    client.verify = os.environ.get("SSL_CERT_FILE") or True
    client.headers = {"User-Agent": f"Bocage/{__version__}", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
    client.mount("http://", GuardedAdapter(max_retries=0))
    client.mount("https://", GuardedAdapter(max_retries=0))
    return client


def _get(client: requests.Session, url: str, headers: Mapping[str, str]) -> requests.Response:
    parts = split_address(url)
    secret = (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username else None
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return client.get(
        bare, headers=headers, auth=secret, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, READ_SECONDS)
    )


def split_address(url: str) -> SplitResult:
    """The parts of an address that could be fetched; raises AddressInvalid."""
    try:
        parts = urlsplit(url)
        _port_is_valid = parts.port
    except ValueError:
        raise AddressInvalid(url=without_secrets(url)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressInvalid(url=without_secrets(url))
    return parts


def _next_hop(here: str, location: str) -> str:
    """Where a redirect leads. The user and password of `here` follow it within the same origin only."""
    there = urljoin(here, location)
    old, new = split_address(here), split_address(there)
    if old.username and not new.username and _origin(old) == _origin(new):
        there = urlunsplit(new._replace(netloc=f"{old.netloc.rpartition('@')[0]}@{new.netloc}"))
    return there


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


@contextlib.contextmanager
def translated_errors(url: str, deadline: Deadline) -> Iterator[None]:
    """Errors of the client, in our words."""
    host = urlsplit(url).hostname or ""
    try:
        yield
    except requests.exceptions.SSLError:
        raise CertificateRefused(host=host) from None
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        raise TimedOut(host=host, seconds=round(READ_SECONDS)) from None
    except (requests.exceptions.InvalidURL, urllib3.exceptions.LocationValueError):
        raise AddressInvalid(url=without_secrets(url)) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, ConnectionError) as error:
        if deadline.is_over:
            raise TimedOut(host=host, seconds=round(deadline.seconds)) from None
        if isinstance(error, requests.ConnectionError):
            raise Unreachable(host=host) from None
        raise DownloadInterrupted(host=host) from None


# The answer ---------------------------------------------------------------------------------------------------------


def _receive(response: requests.Response, url: str, into: Path, bounds: Bounds) -> Fetched:
    host = urlsplit(url).hostname or ""
    status = response.status_code
    etag = response.headers.get("ETag", "")[:500]
    last_modified = response.headers.get("Last-Modified", "")[:100]
    allowance = allowance_of(response.headers)
    if status == 304:
        return Fetched(status, None, etag, last_modified, allowance=allowance)
    if status == 429 or (status == 503 and "Retry-After" in response.headers):
        raise TooManyCalls(host=host, status=status, wait=wait_asked(response.headers))
    if status >= 500 or status in TRANSIENT_STATUSES:
        raise ServerFault(host=host, status=status)
    if status != 200:
        raise RequestRefused(host=host, status=status)
    path = into / "download.part"
    try:
        sha256, size = _write(response, url, path, bounds)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    done = path.rename(into / "download")
    return Fetched(status, done, etag, last_modified, _filename(response, url), sha256, size, allowance)


def _write(response: requests.Response, url: str, path: Path, bounds: Bounds) -> tuple[str, int]:
    """Stream the body into `path`; its SHA-256 and its size in bytes."""
    limit_mb, deadline = bounds.limit_mb, bounds.deadline
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limit_mb * 1024 * 1024:
        raise DownloadTooLarge(url=without_secrets(url), limit_mb=limit_mb)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        # read1 gives what has arrived: a slow server is noticed between two pieces, not after a full buffer.
        while piece := response.raw.read1(CHUNK_BYTES, decode_content=True):
            bounds.checkpoint()
            size += len(piece)
            if size > limit_mb * 1024 * 1024:
                raise DownloadTooLarge(url=without_secrets(url), limit_mb=limit_mb)
            digest.update(piece)
            file.write(piece)
    if deadline.is_over:  # the connection was cut by us: without a Content-Length it looks like a normal end
        raise TimedOut(host=urlsplit(url).hostname or "", seconds=round(deadline.seconds))
    return digest.hexdigest(), size


def _filename(response: requests.Response, url: str) -> str:
    """The name given by Content-Disposition (RFC 6266), else the end of the address; a bare name, at most 200 characters."""
    message = email.message.Message()
    message["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    with contextlib.suppress(ValueError, LookupError):
        if given := message.get_filename():
            return _bare(given)
    return _bare(unquote(urlsplit(url).path))


def _bare(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", name)[-1])[-200:]
