"""Independent programs against which the tests judge ours, each in an environment of its own, made once on the machine.

Their licences (GPL, AGPL) or their dependencies keep them out of ours: they run as other processes, on files. Environments are
made below BOCAGE_TEST_ORACLES, by default the user's cache; without an index of packages the tests that ask for them skip.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest


class OracleAbsent(Exception):
    """It cannot be installed here."""


@dataclass(frozen=True)
class Oracle:
    """`name` holds its version: another one is another environment. `requirements`: what pip installs."""

    name: str
    requirements: tuple[str, ...]

    @property
    def folder(self) -> Path:
        given = os.environ.get("BOCAGE_TEST_ORACLES")
        home = (
            Path(given)
            if given
            else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bocage-oracles"
        )
        return home / self.name

    def python(self) -> Path:
        """Its interpreter, installed when first asked for; two processes wait for each other. Raises OracleAbsent."""
        self.folder.mkdir(parents=True, exist_ok=True)
        interpreter, ready = self.folder / "bin" / "python", self.folder / "ready"
        with (self.folder.parent / f"{self.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.is_file():
                self._install(interpreter)
                ready.touch()
        return interpreter

    def _install(self, interpreter: Path) -> None:
        venv.create(self.folder, with_pip=True, clear=True)
        pip = [str(interpreter), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
        done = subprocess.run([*pip, *self.requirements], capture_output=True, text=True, check=False)
        if done.returncode:
            raise OracleAbsent(done.stderr.strip().rpartition("\n")[2])

    def installed(self) -> Path:
        """Its interpreter; skips the test when it is absent."""
        try:
            return self.python()
        except (OracleAbsent, OSError) as error:
            pytest.skip(f"{self.name} cannot be installed: {error}")

    def run(self, program: Path, *arguments: str, text: str = "", seconds: float = 300) -> str:
        """What `program` writes when it is run by the oracle's Python; its own faults are shown. Skips when it is absent."""
        interpreter = self.installed()
        done = subprocess.run(
            [str(interpreter), "-W", "ignore", str(program), *arguments], input=text, capture_output=True, text=True,
            check=False, timeout=seconds, cwd=self.folder,
            env={name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON", "BOCAGE"))},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


UDATA = Oracle("udata-17.18.0", ("udata==17.18.0", "mongomock==4.3.0", "requests-mock"))
CKAN = Oracle("ckanext-dcat-2.4.4", ("ckanext-dcat==2.4.4", "ckan[requirements]"))
SHACL = Oracle("pyshacl-0.40.0", ("pyshacl==0.40.0",))
OPENAPI = Oracle("openapi-spec-validator-0.9.0", ("openapi-spec-validator==0.9.0",))
SCHEMATHESIS = Oracle("schemathesis-4.32.5", ("schemathesis==4.32.5",))
ELIA = Oracle("elia-py-0.3.1", ("elia-py==0.3.1",))
ALL = (OPENAPI, SCHEMATHESIS, ELIA, UDATA, CKAN, SHACL)


if __name__ == "__main__":
    for one in ALL:
        sys.stdout.write(f"{one.python()}\n")
