"""A small question to another server, and its small answer: what signing in by an identity provider needs.

The same way out as `kernel.http`, and the same guard: the address is checked when the socket connects. Unlike a download, a
question may carry a secret, so that a redirect is never followed: it is an answer like another, which the caller refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import requests

from bocage.kernel.guard import CONNECT_SECONDS, Deadline, deadline_of, private_hosts
from bocage.kernel.http import DownloadTooLarge, open_client, split_address, translated_errors, without_secrets

ANSWER_SECONDS = 15.0
ANSWER_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """`media_type`: of Content-Type, in lower case, without its parameters."""

    status: int
    media_type: str
    body: bytes


def ask(
    url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, private: str = ""
) -> Answer:
    """GET `url`, or POST this form to it. `private`: the private hosts that may be reached, as in `kernel.addresses.is_listed`.

    Raises the errors of `kernel.http` and AddressRefused; a status is never an error here."""
    split_address(url)
    with (
        open_client() as client,
        deadline_of(ANSWER_SECONDS) as deadline,
        private_hosts(private),
        translated_errors(url, deadline),
        _sent(client, url, form, headers or {}) as response,
    ):
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Answer(response.status_code, media_type, _body(response, url, deadline))


def _sent(
    client: requests.Session, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
) -> requests.Response:
    return client.request(
        "GET" if form is None else "POST",
        url,
        data=form,
        headers=headers,
        stream=True,
        allow_redirects=False,
        timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
    )


def _body(response: requests.Response, url: str, deadline: Deadline) -> bytes:
    """Counted after decompression; a body cut by the deadline is not an answer."""
    body = b""
    while piece := response.raw.read1(64 * 1024, decode_content=True):
        body += piece
        if len(body) > ANSWER_BYTES:
            raise DownloadTooLarge(url=without_secrets(url), limit_mb=ANSWER_BYTES // (1024 * 1024))
    if deadline.is_over:
        raise requests.Timeout
    return body
