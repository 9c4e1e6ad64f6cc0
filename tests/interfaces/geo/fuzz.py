"""`python -m tests.interfaces.geo.fuzz --requests 10000 [--first 0]`: as many requests at random, and what became of them.

The test of the suite with another number; each fault is told with its number."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first request")
    parser.add_argument("--doors", default="", help="names of doors, with commas; all when empty")
    parser.add_argument("--shown", type=int, default=10, help="most faults told whole")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        os.environ |= {
            "BOCAGE_TEST_FUZZ": str(given.requests),
            "BOCAGE_TEST_FUZZ_FIRST": str(given.first),
            "BOCAGE_TEST_FUZZ_REPORT": str(report),
            "BOCAGE_TEST_FUZZ_DOORS": given.doors,
            "BOCAGE_TEST_FUZZ_SHOWN": str(given.shown),
        }
        test = f"{Path(__file__).with_name('test_fuzz.py')}::test_no_request_meets_an_unforeseen_fault"
        status = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:randomly", test])
        told = json.loads(report.read_text()) if report.is_file() else {"seen": [], "slowest": (0, -1)}
    doors: dict[str, list[str]] = {}
    for door, code, count in told["seen"]:
        doors.setdefault(door, []).append(f"{count} × {code}")
    lines = [f"{door}: {', '.join(counts)}" for door, counts in doors.items()]
    seconds, number = told["slowest"]
    sys.stdout.write("\n".join([*lines, f"the slowest {seconds:.2f} s, number {number}", ""]))
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
