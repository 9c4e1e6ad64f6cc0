"""A page of features of which nothing is asked of the engine: a lookup tells its rows, and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from bocage.query.feature_pages import FeaturePage
from bocage.query.lookups import counted
from bocage.query.lookups.texts import feature_texts
from bocage.query.rendering import FeatureLine

if TYPE_CHECKING:
    from bocage.query.lookups import Found
    from bocage.query.plan import Plan
    from bocage.query.rendering import Rendering
    from bocage.query.sought import Sought

MOST = 500
"""Features: more are written as soon by the engine, which has several processors."""


def kept_page(sought: Sought, rendering: Rendering) -> FeaturePage | None:
    """None for what the engine has to find or to write."""
    plan, found = sought.plan, sought.found
    if not isinstance(rendering, FeatureLine) or rendering.kind:
        return None
    if found is None or found.matched is None or len(found.page) > MOST:
        return None
    more = len(found.page) == plan.limit
    written = _written(found, plan, rendering, more)
    matched = counted(sought.relation, plan) if sought.after else found.matched
    if matched is None or written is None:
        return None
    page = FeaturePage(matched, written.num_rows, tuple(output.field for output in plan.outputs), iter(()))
    page.batches = page.read(iter([written] if written.num_rows else []), more)
    return page


def _written(found: Found, plan: Plan, rendering: FeatureLine, more: bool) -> pa.RecordBatch | None:
    """Texts and identifiers."""
    shown = found.kept(plan)
    if shown is None:
        return None
    shown = shown.slice(0, shown.num_rows - more)
    columns = [output.field for output in plan.outputs]
    texts = feature_texts(shown, columns, rendering)
    if texts is None:
        return None
    identifiers = shown.column([column.name for column in columns].index(rendering.identifier))
    return pa.record_batch([pa.array(texts, pa.string()), identifiers], names=["line", "id"])
