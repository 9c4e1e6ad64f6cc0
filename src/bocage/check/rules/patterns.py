"""`pattern`: the regular expression of a schema, as Python's `re.match` reads `^pattern$`.

Translated for the engine (RE2: linear in time, whatever the expression) from its parsed tree, so that digits, letters and the
final line break mean the same. What RE2 does not have (look-around, back-references) is matched on the distinct values, in a
process of its own that a deadline ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from bocage.check.rules import pattern_program
from bocage.check.rules.kinds import Bench, Cell, Test, TooSlow
from bocage.check.rules.re2 import NotInRe2, translated
from bocage.check.rules.types.reading import Reading
from bocage.check.verdict import Family
from bocage.store.engine import EngineError, Workshop, literal

SECONDS = 20


def pattern_test(cell: Cell, reading: Reading, pattern: str, family: Family, bench: Bench) -> Test:
    expression = _for_engine(pattern, bench.workshop)
    there = f"coalesce({cell.text} IS NOT NULL AND ({reading.sure} OR {reading.maybe}), false)"

    def settle(texts: Sequence[str]) -> list[bool]:
        matched = matched_in_time(pattern, texts)
        return [reading.read(text) is not None and not kept for text, kept in zip(texts, matched, strict=True)]

    if expression is None:
        return Test(family, "false", cell.text, doubtful=there, settle=settle)
    kept = bench.once(f"regexp_matches({cell.text}, {literal(expression)})")
    unsure = f"ends_with({cell.text}, chr(10))" + ("" if reading.sure == "true" else f" OR NOT {reading.sure}")
    wrong = there if reading.sure != "true" else f"{cell.text} IS NOT NULL"
    refused = f"(CASE WHEN NOT {kept} AND {wrong} THEN NOT ({unsure}) ELSE false END)"
    unread = f"(CASE WHEN NOT {kept} AND {wrong} THEN {unsure} ELSE false END)"
    return Test(family, refused, cell.text, doubtful=unread, settle=settle, fine=kept)


def _for_engine(pattern: str, workshop: Workshop) -> str | None:
    """None where only Python can match it: not in RE2, or too large for it."""
    try:
        expression = translated(pattern)
        workshop.execute(f"SELECT regexp_matches('', {literal(expression)})")
    except (NotInRe2, EngineError):
        return None
    return expression


def matched_in_time(pattern: str, texts: Sequence[str]) -> list[bool]:
    """Raises TooSlow: the expression needs more than SECONDS for these texts."""
    if not texts:
        return []
    command = [sys.executable, "-I", pattern_program.__file__]
    asked = json.dumps({"pattern": pattern, "texts": list(texts)}).encode()
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  ours
    except subprocess.TimeoutExpired:
        raise TooSlow(pattern) from None
    if done.returncode:
        raise TooSlow(pattern)
    found: list[bool] = json.loads(done.stdout)
    return found
