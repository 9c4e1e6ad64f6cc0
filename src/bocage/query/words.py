"""Text → normalised words, the same in Python (the query) and in SQL (the rows): lower case, no accents, letters and digits."""

from __future__ import annotations

import re
import unicodedata

_APART = re.compile(r"[\W_]+")
LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss"}
"""Letters written as two on a keyboard that has not got them: coeur finds cœur, and cœur finds coeur."""
NORMAL_SQL = "strip_accents(lower({text}))"
for _letter, _letters in LIGATURES.items():
    NORMAL_SQL = f"replace({NORMAL_SQL}, '{_letter}', '{_letters}')"
"""SQL of the text expression `{text}`, normalised."""
_SPELLED = str.maketrans(LIGATURES)
WORDS_SQL = (
    "CASE WHEN regexp_full_match({text}, '[a-z0-9]+( [a-z0-9]+)*') THEN string_split({text}, ' ') "
    "ELSE list_distinct(regexp_extract_all({text}, '[\\p{{L}}\\p{{N}}]+')) END"
)
"""SQL of the list of words of `{text}`, normalised already. Plain texts are cut without the general expression: twice as fast."""

_LETTERS = {letter: 1 << rank for rank, letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789")}
_OTHER = 1 << len(_LETTERS)
LETTERS_SQL = " + ".join(
    [*(f"{bit} * contains({{word}}, '{letter}')::BIGINT" for letter, bit in _LETTERS.items()),
     f"{_OTHER} * regexp_matches({{word}}, '[^a-z0-9]')::BIGINT"]
)  # fmt: skip
"""SQL of `letters_of` for the expression `{word}`."""


def normalised(text: str) -> str:
    """Lower case, without accents nor any other mark (vowels of Indian scripts among them), without ligatures."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(c for c in decomposed if not unicodedata.category(c).startswith("M"))
    return unicodedata.normalize("NFC", bare).translate(_SPELLED)


def words_of(text: str) -> list[str]:
    return [word for word in _APART.split(normalised(text)) if word]


def letters_of(word: str) -> int:
    """Which letters and digits a normalised word has, one bit each, and one bit for all others.

    A typing error adds, drops or swaps letters: it changes two bits at most. Words whose bits differ more are not
    compared letter by letter, which costs a hundred times more."""
    bits = 0
    for letter in word:
        bits |= _LETTERS.get(letter, _OTHER)
    return bits
