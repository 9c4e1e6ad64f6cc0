"""Lives that a program starts and may kill: forks, which cost no start-up."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable


def fork(life: Callable[[], int | None]) -> int:
    """Identifier of the process that lives it; it leaves with what `life` returns, or with 1 and its traceback."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = int(life() or 0)
        except BaseException:  # noqa: BLE001  whatever it is, this process ends here
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return child


def in_a_fork(life: Callable[[], int | None]) -> int:
    """What it left with."""
    return os.waitstatus_to_exitcode(os.waitpid(fork(life), 0)[1])
