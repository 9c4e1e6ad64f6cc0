"""The reference in an environment of its own, made once: validata-table 0.12.5 with frictionless 5.18.1."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.oracles import Oracle

VALIDATA = Oracle("validata-0.12.5", ("validata-table==0.12.5", "frictionless==5.18.1"))
PROGRAM = Path(__file__).with_name("program.py")
SECONDS = 3_600


def ask(cases: Iterable[tuple[Path, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The verdict of the reference on each (file, schema), in order. Skips the test where it cannot be installed."""
    lines = [json.dumps({"file": str(file.resolve()), "schema": schema}) for file, schema in cases]
    yield from map(json.loads, VALIDATA.run(PROGRAM, text="\n".join(lines), seconds=SECONDS).splitlines())
