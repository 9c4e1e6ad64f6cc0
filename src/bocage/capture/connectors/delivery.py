"""The seam of a connector: what it is told of a source, and what it brings back. No database on either side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bocage.kernel.http import go_on


@dataclass(frozen=True)
class Origin:
    """Where to look, and what was seen last time.

    `file`: a file already below the data folder, dropped by a person. `seen`: the `Delivery.seen` of the last delivery that
    was published, empty the first time. `checkpoint` is called now and then; what it raises stops the delivery.
    """

    url: str = ""
    file: Path | None = None
    filename: str = ""
    seen: Mapping[str, Any] = field(default_factory=dict)
    checkpoint: Callable[[], None] = go_on


@dataclass(frozen=True)
class Delivery:
    """One file, whole. `filename` is what its giver calls it; `seen` is to be given back next time; `address` may be shown.

    `digest`: SHA-256, in hexadecimal; may wait for who computes it, and raise OSError."""

    path: Path
    filename: str
    digest: Callable[[], str]
    size_bytes: int
    seen: dict[str, Any] = field(default_factory=dict)
    address: str = ""

    @property
    def sha256(self) -> str:
        return self.digest()


class Connector(Protocol):
    def deliver(self, origin: Origin, into: Path) -> Delivery | None:
        """Bring the file, below the folder `into`; None when nothing changed since `origin.seen`.

        Raises a TransientError when it may succeed later, a TerminalError when somebody has to act."""
