"""Notices of a reading as sentences, for the command line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bocage.store.staged import Notice


def sentences(notices: Iterable[Notice | dict[str, Any]]) -> list[str]:
    """One sentence by notice, in the active language."""
    from bocage.capture.notices import sentence

    return [sentence(notice if isinstance(notice, Notice) else Notice(**notice)) for notice in notices]
