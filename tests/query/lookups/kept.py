"""Tables of the tests with a lookup of their own, made once: whatever is asked of them may be looked up."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from unittest.mock import patch

import pyarrow as pa

from bocage.access.viewer import OPERATOR
from bocage.query.lookups import finding
from bocage.query.lookups.lookup import Lookup, opened
from bocage.query.lookups.writing import write_lookup
from bocage.query.restricted import RestrictedRelation
from bocage.store import engine
from tests.query.companies import COMPANIES
from tests.query.table import TableRelation

USED: Counter[str] = Counter()
"""How many plans were looked up, and how many were not."""


@dataclass(frozen=True)
class KeptTable(TableRelation):
    lent: str = ""

    __hash__ = object.__hash__

    def over(self, table: str) -> KeptTable:
        return replace(self, lent=table)

    def source(self, session: Any, viewer: Any) -> str:
        return self.lent or super().source(session, viewer)


@cache
def lookup_of(key: str) -> Lookup:
    file = io.BytesIO()
    with engine.session() as session:
        whole = COMPANIES
        write_lookup(file, session, whole, f"{whole.source(session, OPERATOR)} AS t")
    return opened(pa.py_buffer(file.getvalue()))


KEPT = KeptTable(key=COMPANIES.key, rows=COMPANIES.rows, fields=COMPANIES.fields, identity=COMPANIES.identity)


def _whole(seen: Any) -> Any:
    whole = seen.whole if isinstance(seen, RestrictedRelation) else seen
    cells = isinstance(seen, RestrictedRelation) and seen.limits.cells
    return whole if isinstance(whole, KeptTable) and not cells else None


@contextmanager
def looking_up(candidates: int = 5_000) -> Iterator[None]:
    real = finding.looked_up

    def told(seen: Any, plan: Any) -> Any:
        found = real(seen, plan)
        USED["not" if found is None else "candidates" if found.matched is None else "page"] += 1
        return found

    with (
        patch.object(finding, "_whole", _whole),
        patch.object(finding, "lookup_of", lambda whole: lookup_of(whole.key)),
        patch.object(finding, "MOST_CANDIDATES", candidates),
        patch("bocage.query.services.looked_up", told),
        patch("bocage.query.feature_pages.looked_up", told),
        patch("bocage.query.sought.looked_up", told),
    ):
        yield
