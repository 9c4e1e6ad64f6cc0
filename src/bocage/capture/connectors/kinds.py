"""The registry of connectors."""

from __future__ import annotations

from bocage.capture.connectors.delivery import Connector
from bocage.capture.connectors.file import FileConnector
from bocage.capture.connectors.url import UrlConnector
from bocage.kernel.registry import Registry


def _ours() -> None:
    CONNECTORS.register("file", FileConnector())
    CONNECTORS.register("url", UrlConnector())


CONNECTORS: Registry[Connector] = Registry("bocage.connectors")
CONNECTORS.fill_when_asked(_ours)
