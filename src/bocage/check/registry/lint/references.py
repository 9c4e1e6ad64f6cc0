"""`$ref`: a Table Schema has none; what it points at is not read, least of all over the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.lint.finding import Finding, shown

MOST = 20


def reference_findings(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Wherever they are; itself, another place, or another machine. Depth is bounded by `descriptors`."""
    found = 0
    waiting: list[Any] = [data]
    while waiting and found < MOST:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(target := one.get("$ref"), str):
                found += 1
                remote = "//" in target
                yield Finding(
                    "reference-remote" if remote else "reference-without-effect", "", {"target": shown(target)}
                )
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
