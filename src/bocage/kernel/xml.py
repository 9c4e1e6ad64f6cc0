"""What people wrote, made fit for XML."""

from __future__ import annotations

import re

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def writable(text: str) -> str:
    """Without the characters that XML cannot hold, escaped or not: one of them in one title would take the whole feed away."""
    return _UNWRITABLE.sub("", text)
