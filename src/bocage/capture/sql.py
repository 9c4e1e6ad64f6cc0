"""Names and texts written safely in SQL, for what cannot be a bound parameter (files, identifiers, statements of COPY)."""

from __future__ import annotations

from bocage.store.engine import literal
from bocage.store.engine import quoted as identifier

__all__ = ["identifier", "literal"]
