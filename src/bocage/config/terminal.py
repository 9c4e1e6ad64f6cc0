"""What the command line writes: answers on the standard output, reasons and progress on the error output."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from bocage.kernel.errors import BocageError

FIRST_SECONDS = 2.0
"""Nothing is said of what takes less."""

TTY_SECONDS, PLAIN_SECONDS = 0.2, 5.0


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def warn(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def answer(data: Any) -> None:
    """One JSON document on the standard output."""
    say(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def refuse(error: BocageError, *, as_json: bool = False) -> None:
    """Why not, and how to mend it."""
    if as_json:
        answer({"error": error.as_dict()})
    else:
        warn(_("Refused: %(reason)s") % {"reason": error.sentence()})
        if advice := error.advice():
            warn(f"  {advice}")


@contextmanager
def progress(status: Callable[[], str]) -> Iterator[None]:
    """While the block runs, write `status()` now and then: on one line of a terminal, or as plain lines in a file."""
    over = threading.Event()
    shower = threading.Thread(target=_show, args=(status, over), daemon=True)
    shower.start()
    try:
        yield
    finally:
        over.set()
        shower.join()


def _show(status: Callable[[], str], over: threading.Event) -> None:
    started, tty = time.monotonic(), sys.stderr.isatty()
    if over.wait(FIRST_SECONDS):
        return
    while True:
        line = f"{status()} ({round(time.monotonic() - started)} s)"
        sys.stderr.write(f"\r\x1b[K{line}" if tty else f"{line}\n")
        sys.stderr.flush()
        if over.wait(TTY_SECONDS if tty else PLAIN_SECONDS):
            break
    if tty:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
