"""Which processes of this data folder are alive, known at once after a `kill -9`.

A lease tells it too, but only when it expires. Each process that carries out runs therefore holds an exclusive `flock`
on a file of its own name: the kernel lets go of it the instant the process is gone, however it went. A lease whose
owner's file can be locked by somebody else is the lease of a dead process. Where the file is not to be seen (a worker on
another machine), the lease alone decides.
"""

from __future__ import annotations

import atexit
import fcntl
import itertools
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from bocage.kernel.ids import new_uid


class Presence:
    """This process, under the name that its leases carry."""

    def __init__(self) -> None:
        host = "".join(c for c in socket.gethostname() if c.isalnum() or c == "-")[:24]
        self.name = f"{host}.{os.getpid()}.{new_uid(length=8)}"
        self._claims = itertools.count(1)
        _folder().mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = (_folder() / self.name).open("wb")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def new_owner(self) -> str:
        """The name of one claim. Never twice the same, so that this process cannot mistake a later claim for its own."""
        return f"{self.name}/{next(self._claims)}"

    def leave(self) -> None:
        """Be known as dead, by an empty seat: the file stays until `sweep`, after the leases were looked at."""
        self._file.close()


_here: Presence | None = None
_making = threading.Lock()


def here() -> Presence:
    """The presence of this process, made when first asked for."""
    global _here  # noqa: PLW0603  one per process, by definition
    with _making:
        if _here is None:
            _here = Presence()
            atexit.register(_here.leave)
        return _here


def _forget() -> None:
    """In a forked child: the parent's lock is not ours, and must not outlive it through us."""
    global _here  # noqa: PLW0603
    if _here is not None:
        _here.leave()
        _here = None


os.register_at_fork(after_in_child=_forget)


def is_dead(owner: str) -> bool:
    """Certain death of the process that made this claim; False when it lives, or when nothing is known."""
    name = owner.partition("/")[0]
    if not name or (_here is not None and name == _here.name):
        return False
    return _is_free(_folder() / Path(name).name)


def sweep() -> None:
    """Remove the files of the dead."""
    for path in _files():
        if (_here is None or path.name != _here.name) and _is_free(path):
            path.unlink(missing_ok=True)


def _is_free(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (FileNotFoundError, BlockingIOError):
        return False
    return True


def _files() -> Iterator[Path]:
    return _folder().glob("*.*.*")


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "presence"
    return folder
