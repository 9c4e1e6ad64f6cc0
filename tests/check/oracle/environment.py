"""The reference in an environment of its own, made once: validata-table 0.12.5 with frictionless 5.18.1."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

REQUIREMENTS = ("validata-table==0.12.5", "frictionless==5.18.1")
PROGRAM = Path(__file__).with_name("program.py")


class OracleAbsent(Exception):
    """The reference cannot be installed here: no index can be reached."""


def folder() -> Path:
    given = os.environ.get("BOCAGE_TEST_ORACLES")
    home = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bocage-oracles"
    return home / "validata-0.12.5"


def python() -> Path:
    """Its interpreter. Raises OracleAbsent."""
    target = folder()
    ready, interpreter = target / "ready", target / "bin" / "python"
    if not ready.is_file():
        venv.create(target, with_pip=True, clear=True)
        command = [str(interpreter), "-m", "pip", "install", "-q", "--disable-pip-version-check", *REQUIREMENTS]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OracleAbsent(done.stderr.strip().rpartition("\n")[2])
        ready.touch()
    return interpreter


def ask(cases: Iterable[tuple[Path, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The verdict of the reference on each (file, schema), in order."""
    lines = [json.dumps({"file": str(file), "schema": schema}) for file, schema in cases]
    done = subprocess.run(
        [str(python()), "-W", "ignore", str(PROGRAM)], input="\n".join(lines), capture_output=True, text=True, check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))},
    )  # fmt: skip
    yield from map(json.loads, done.stdout.splitlines())


if __name__ == "__main__":
    sys.stdout.write(f"{python()}\n")
