"""What is told of any table with a row of names, whatever the file it comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bocage.capture.reading import Column
from bocage.store.staged import Notice

_VALUE = re.compile(r"[-+]?[0-9][0-9\s.,/:%-]*")
_YEAR = re.compile(r"(19|20)[0-9]{2}")


def table_notices(columns: Sequence[Column], header: Sequence[str], header_line: int, blank_rows: int) -> list[Notice]:
    """`columns`: those kept; `header`: the names as the file gives them; `header_line`: from 1."""
    labels = Counter(column.label for column in columns if column.label)
    twice = [label for label, count in labels.items() if count > 1]
    nameless = [place for place, column in enumerate(columns, start=1) if not column.label]
    told = [
        Notice("preamble", {"lines": header_line - 1}) if header_line > 1 else None,
        Notice("header-doubtful") if _looks_like_data(header) else None,
        Notice("duplicate-headers", {"labels": twice}) if twice else None,
        Notice("blank-headers", {"columns": nameless}) if nameless else None,
        Notice("blank-rows-dropped", {"count": blank_rows}) if blank_rows else None,
    ]
    return [notice for notice in told if notice]


def _looks_like_data(header: Sequence[str]) -> bool:
    """Half of the names are numbers or dates. Years name columns well enough."""
    named = [name.strip() for name in header if name.strip()]
    values = [name for name in named if _VALUE.fullmatch(name) and not _YEAR.fullmatch(name)]
    return len(values) * 2 >= max(1, len(named))
