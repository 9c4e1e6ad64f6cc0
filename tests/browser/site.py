"""A real site: `bocage up` in processes of its own, on a new data folder with a small territory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
BOCAGE = (sys.executable, "-m", "bocage.config.command_line")
START_SECONDS = 60
STOP_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """`url` has no slash at its end."""

    url: str
    folder: Path

    def account(self, email: str) -> dict[str, str]:
        """The demonstration account of this mailbox: email, password, name, organization, role."""
        accounts: list[dict[str, str]] = json.loads((self.folder / "demo.accounts.json").read_text("utf-8"))
        return next(one for one in accounts if one["email"].startswith(f"{email}@"))

    def get(self, path: str) -> Any:
        """The JSON answer of the site to a stranger."""
        with urlopen(f"{self.url}{path}", timeout=20) as answer:
            return json.load(answer)


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """The site of a data folder after the migrations, ready; stopped as an operator would, and it must leave in peace."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")} | {
        "BOCAGE_DATA_DIR": str(folder),
        "BOCAGE_DEMO": "true",
        "DJANGO_SETTINGS_MODULE": "bocage.config.settings",
    }
    _run(environment, sys.executable, "-m", "tests.browser.territory")
    port = _free_port()
    site = Site(f"http://127.0.0.1:{port}", folder)
    log = folder / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*BOCAGE, "up", "--port", str(port)], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            _wait_ready(site, process, log)
            yield site
        finally:
            process.terminate()
            code = process.wait(STOP_SECONDS)
    assert code == 0, f"`bocage up` left with {code}:\n{_end_of(log)}"


def _run(environment: dict[str, str], *command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_ready(site: Site, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    said: object = "no answer"
    while time.monotonic() < limit:
        assert process.poll() is None, f"`bocage up` left with {process.returncode}:\n{_end_of(log)}"
        try:
            with urlopen(f"{site.url}/readyz", timeout=5):
                return
        except HTTPError as refusal:
            with refusal:
                said = refusal.read().decode()
        except (URLError, OSError) as absent:
            said = absent
        time.sleep(0.1)
    raise AssertionError(f"not ready after {START_SECONDS} s: {said}\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-30:])
