"""What capture noticed, as sentences. Notices come from Python (`Notice`) or from the database (their `as_dict`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bocage.capture.notices import sentence
from bocage.store.staged import Notice


def sentences(notices: Iterable[Notice | dict[str, Any]]) -> list[str]:
    """One sentence each, in the reader's language."""
    return [sentence(n if isinstance(n, Notice) else Notice(n["code"], n.get("fields", {}))) for n in notices]
