"""How near two names of columns are: words, synonyms, abbreviations, misspellings; what goes without saying in a schema counts
little (`EQUIP_` before every name, “parking” in a schema of car parks)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from bocage.check.mapping.concepts import COMMON, EMPTY_WORDS, MEANINGS, PHRASES
from bocage.check.mapping.normal import normal

LONGEST_NAME = 200
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-zà-ÿ])|(?<=[0-9])(?=[A-Z][a-z])")
_UNITS = re.compile(
    r"\((?:[jmah/: -]+|[oO]\s*/\s*[nN]|oui\s*/\s*non|€|m|m2|m²|m3|m³|mm|cm|km|kg|t|kw|kva|bar|bars|m3/h|min|h|%|ha)\)",
    re.IGNORECASE,
)
_LEAST_LIKE = 0.84


@lru_cache(maxsize=20_000)
def words_of(name: str) -> tuple[str, ...]:
    """The telling words of a name, in order: units and formats aside, phrases made one word."""
    bare = _UNITS.sub(" ", name[:LONGEST_NAME]).replace("%", " pourcentage ").replace("°", " ")
    parted = bare if " " in bare.strip() else _CAMEL.sub(" ", bare)  # in a sentence, capitals are those of a brand
    plain = _phrased(re.sub(r"([a-z])(?=[0-9])", r"\1 ", normal(parted)), PHRASES)
    telling = [word for word in plain.split() if word not in EMPTY_WORDS] or plain.split()
    told = _phrased(" ".join(telling), _BARE_PHRASES)
    return tuple(re.sub(r"\b(\d+) ([a-z])\b", r"\1\2", told).split())


def _phrased(plain: str, phrases: Sequence[tuple[str, str]]) -> str:
    padded = f" {plain} "
    for said, meant in phrases:
        padded = padded.replace(f" {said} ", f" {meant} ")
    return padded.strip()


_BARE_PHRASES = tuple(
    (" ".join(word for word in said.split() if word not in EMPTY_WORDS), meant) for said, meant in PHRASES
)
_BARE_PHRASES = tuple((said, meant) for said, meant in _BARE_PHRASES if " " in said)


@lru_cache(maxsize=200_000)
def likeness(one: str, other: str) -> float:
    """0 to 1: the same word, the same idea, an abbreviation, a misspelling."""
    if one == other:
        return 1.0
    if any(letter.isdigit() for letter in one + other):
        return 0.0  # 1h is not 2h
    mine, theirs = MEANINGS.get(one), MEANINGS.get(other)
    if mine and theirs:
        shared = max((min(mine[concept], theirs[concept]) for concept in mine.keys() & theirs.keys()), default=0.0)
        if shared or not one.startswith(other[:3]):
            return shared  # two known words that mean other things are not alike, however near their letters
    return _spelled_alike(*sorted((one, other), key=len))


def _spelled_alike(short: str, long: str) -> float:
    if len(short) >= 3 and long.startswith(short):
        return 0.9 if len(long) - len(short) <= 2 else 0.8
    if len(short) < 4:
        return 0.0
    ratio = SequenceMatcher(None, short, long).ratio()
    return ratio * 0.95 if ratio >= _LEAST_LIKE else 0.0


@dataclass(frozen=True)
class Names:
    """`weights`: how telling each word is here; 1 when it is not known."""

    weights: Mapping[str, float]

    def weight(self, word: str) -> float:
        meant = (concept for concept, nearly in MEANINGS.get(word, {}).items() if nearly == 1)
        return min(self.weights.get(word, 1.0), *(self.weights.get(concept, 1.0) for concept in meant), 1.0)

    def alike(self, mine: Sequence[str], theirs: Sequence[str]) -> float:
        """0 to 1: the share of the telling words of both that have an answer in the other."""
        if not mine or not theirs:
            return 0.0
        best_mine = [max(likeness(one, other) for other in theirs) for one in mine]
        best_theirs = [max(likeness(one, other) for one in mine) for other in theirs]
        found = sum(self.weight(word) * like for word, like in zip(mine, best_mine, strict=True))
        found += sum(self.weight(word) * like for word, like in zip(theirs, best_theirs, strict=True))
        total = sum(self.weight(word) for word in (*mine, *theirs))
        return found / total if total else 0.0

    def told_in(self, mine: Sequence[str], text: Iterable[str]) -> float:
        """0 to 1: the share of the words of a name that a longer text has."""
        there = set(text)
        total = sum(self.weight(word) for word in mine)
        found = sum(self.weight(word) * max((likeness(word, other) for other in there), default=0.0) for word in mine)
        return found / total if total else 0.0


def names_of(fields: Sequence[str], labels: Sequence[str], subject: str) -> Names:
    """`fields`: names in the schema; `labels`: those of the file; `subject`: what the schema is about."""
    weights = dict.fromkeys(COMMON, 0.75)
    for group in (fields, labels):
        seen = Counter(word for name in group for word in set(words_of(name)))
        for word, count in seen.items():
            if count > 2 and count > len(group) / 8:
                weights[word] = min(weights.get(word, 1.0), max(0.2, 1 - 2 * count / len(group)))
    for word in words_of(subject):
        if len(word) > 3 and word not in COMMON and word not in MEANINGS:
            weights[word] = min(weights.get(word, 1.0), 0.3)
    for word in ("parking", "aire", "lieu", "site"):
        weights[word] = min(weights.get(word, 1.0), 0.5)
    return Names(weights)
