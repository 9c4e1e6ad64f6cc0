"""Connections that never lead inside: the socket-level half of `kernel.http`, which says why."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import urllib3
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from requests.adapters import HTTPAdapter

from bocage.kernel.addresses import is_listed, is_public
from bocage.kernel.errors import TerminalError

CONNECT_SECONDS = 10.0


class AddressRefused(TerminalError):
    code = "http.address-refused"
    message = _("“%(host)s” leads to a private network (%(address)s), which Bocage does not enter.")
    mend = _("If this is meant, the operator lists the host in BOCAGE_CAPTURE_PRIVATE_HOSTS.")


class Deadline:
    """Cuts the connections of one fetch when its time is over, whatever the server is doing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def watch(self, sock: socket.socket) -> None:
        self._sockets.append(sock)

    def _cut(self) -> None:
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


_DEADLINE: ContextVar[Deadline] = ContextVar("deadline of the fetch under way")
_PRIVATE: ContextVar[str] = ContextVar("private hosts of the calls under way")


@contextlib.contextmanager
def private_hosts(listed: str) -> Iterator[None]:
    """Inside the block these private hosts may be reached, and no other: not those that the operator listed for sources."""
    token = _PRIVATE.set(listed)
    try:
        yield
    finally:
        _PRIVATE.reset(token)


def _listed() -> str:
    listed: str = settings.BOCAGE.capture_private_hosts
    return _PRIVATE.get(listed)


@contextlib.contextmanager
def deadline_of(seconds: float) -> Iterator[Deadline]:
    """A deadline that watches every connection opened inside the block."""
    deadline = Deadline(seconds)
    token = _DEADLINE.set(deadline)
    deadline.start()
    try:
        yield deadline
    finally:
        deadline.stop()
        _DEADLINE.reset(token)


def _connect(connection: urllib3.connection.HTTPConnection) -> socket.socket:
    """Resolve, check and connect in one move. The address checked is the address connected to."""
    host, port = connection.host.strip("[]"), connection.port or connection.default_port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise urllib3.exceptions.NewConnectionError(connection, "name not resolved") from error
    if not is_listed(host, port, _listed()):
        for *_kind, address in found:
            if not is_public(ipaddress.ip_address(str(address[0]).partition("%")[0])):
                raise AddressRefused(host=host, address=address[0])
    failure: OSError | None = None
    for family, kind, protocol, _name, address in found:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(CONNECT_SECONDS)
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
            continue
        return sock
    if isinstance(failure, TimeoutError):
        raise urllib3.exceptions.ConnectTimeoutError(connection, "connection timed out")
    raise urllib3.exceptions.NewConnectionError(connection, "connection refused")


class GuardedHTTPConnection(urllib3.connection.HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)

    def connect(self) -> None:
        super().connect()
        _DEADLINE.get().watch(self.sock)


class GuardedHTTPSConnection(urllib3.connection.HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)

    def connect(self) -> None:
        super().connect()
        _DEADLINE.get().watch(self.sock)


class GuardedHTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = GuardedHTTPConnection


class GuardedHTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection


class GuardedAdapter(HTTPAdapter):
    """Requests' adapter, on pools whose every new connection passes `_connect`."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}
