"""`python -m tests.security.fuzz --requests 10000 [--first 0]`: as many requests at random, and what became of them.

The test of the suite with another number: the same data, the same checks; it stops at the first fault, with its number.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first request")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        os.environ |= {
            "BOCAGE_TEST_FUZZ": str(asked.requests),
            "BOCAGE_TEST_FUZZ_FIRST": str(asked.first),
            "BOCAGE_TEST_FUZZ_REPORT": str(report),
        }
        status = pytest.main(["-q", "-p", "no:cacheprovider", str(Path(__file__).with_name("test_fuzz.py"))])
        pieces = [json.loads(line) for line in report.read_text().splitlines()] if report.is_file() else []
    statuses: Counter[str] = Counter()
    for piece in pieces:
        statuses.update(piece["statuses"])
    told = ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items()))
    slowest = max((piece["slowest"] for piece in pieces), default=0)
    sys.stdout.write(f"{statuses.total()} requests: {told}; the slowest {slowest} s\n")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
