"""Escapes inside quotes: a backslash before any character, and the ones of JSON, which clients emit."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def unescape(text: str) -> str:
    """The characters meant by what stands between the quotes. A lone surrogate or a NUL becomes U+FFFD."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: _meant(found.group(1)), text)
    return plain.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def escape(text: str, quote: str) -> str:
    """`text` between `quote`s, such that `unescape` gives it back."""
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def _meant(escaped: str) -> str:
    if len(escaped) == 5:
        return chr(int(escaped[1:], 16))
    return _CONTROL.get(escaped, escaped)
