"""A query stops when the person who asked has left: nobody pays for an answer that nobody reads."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bocage.store.limits import ABANDONED


class StopAbandonedQueries:
    """Middleware: gives the store a way to know whether the client is still there. Only gunicorn hands over the socket."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        connection = request.META.get("gunicorn.socket")
        if not isinstance(connection, socket.socket):
            return self.get_response(request)
        token = ABANDONED.set(lambda: has_left(connection))
        try:
            return self.get_response(request)
        finally:
            ABANDONED.reset(token)


def has_left(connection: socket.socket) -> bool:
    """Has the other side closed? Looks without reading: what a client sent early stays where it is."""
    try:
        poller = select.poll()
        poller.register(connection, select.POLLIN | select.POLLRDHUP)
        if not poller.poll(0):
            return False
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except (OSError, ValueError):
        return True
