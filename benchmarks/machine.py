"""Where the figures come from, without naming anybody's machine; and the memory of a server's processes."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from pathlib import Path

import duckdb


def described() -> str:
    """Processors, memory, system, versions, and how busy the machine is with other things."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    release = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return (
        f"{cores} cores {platform.machine()}, {memory:.0f} GiB, {release}, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, load average of the five minutes before: {os.getloadavg()[1]:.1f}"
    )


def holding(folder: Path) -> str:
    """Where the files of a folder are: read from a disk, or in memory (`/dev/shm`), so that a disk is not what is measured."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    around = [(place, kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    _place, kind = max(around, key=lambda one: len(one[0]))
    return "in memory" if kind == "tmpfs" else "on disk"


def processes(parent: int) -> list[int]:
    """A process and those it has started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return [parent, *(found for child in children for found in processes(int(child)))]


def forget_peaks(parent: int) -> None:
    """Peaks are counted from now on."""
    for process in processes(parent):
        Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def highest_peak(parent: int) -> tuple[float, float]:
    """MB: the most that one process of the family has held in memory since `forget_peaks`, and how much of it is its own: files that
    it maps, libraries among them, are shared with others, and taken back when room lacks."""
    return max(_peak(process) for process in processes(parent))


def _peak(process: int) -> tuple[float, float]:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    said = {line.partition(":")[0]: line.split()[1] for line in status.splitlines() if line.endswith(" kB")}
    most, files = int(said["VmHWM"]) / 1000, int(said["RssFile"]) / 1000
    return most, most - files


def peak_of_children() -> float:
    """MB: the most that one process started and ended since the beginning has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e6


def settle(patience: float = 120.0) -> None:
    """Waits until the processors have nothing to do: what computes an answer that nobody waits for would hurt the next one."""
    end, before = time.monotonic() + patience, _worked()
    while time.monotonic() < end:
        time.sleep(STILL)
        now = _worked()
        if now - before < IDLE * STILL:
            return
        before = now


STILL, IDLE = 1.0, 0.2
"""Seconds that are looked at, and seconds of work in each of them, by all the processors, under which there is nothing to do."""


def _worked() -> float:
    """Seconds that the processors have worked since they started."""
    user, nice, system, _idle, _waiting, *interrupts = map(int, Path("/proc/stat").read_text().split(None, 9)[1:9])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
