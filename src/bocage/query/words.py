"""Text → normalised words, the same in Python (the query) and in SQL (the rows): lower case, no accents, letters and digits."""

from __future__ import annotations

import re
import unicodedata

_APART = re.compile(r"[\W_]+")
WORD_SQL = "regexp_extract_all(strip_accents(lower({text})), '[\\p{{L}}\\p{{N}}]+')"
"""SQL of the list of words of the text expression `{text}`."""


def normalised(text: str) -> str:
    """Lower case, without the accents."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def words_of(text: str) -> list[str]:
    return [word for word in _APART.split(normalised(text)) if word]
