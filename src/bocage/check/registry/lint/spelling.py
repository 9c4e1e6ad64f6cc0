"""The properties that Table Schema knows, those that people write instead, and the nearest one."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from functools import lru_cache


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TABLE_PROPERTIES = words(
    """$schema name title description homepage version fields missingValues primaryKey foreignKeys uniqueKeys fieldsMatch
    custom_checks contributors path created lastModified updated resources sources licenses keywords countryCode uri author
    contact image example examples labels consolidation references geography profile"""
)
FIELD_PROPERTIES = words(
    """name title type format description example examples constraints missingValues trueValues falseValues decimalChar
    groupChar bareNumber floatNumber arrayItem rdfType categories categoriesOrdered delimiter itemType customCheck
    custom_checks codeList profiles unit"""
)
CONSTRAINTS = words(
    """required unique minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum pattern enum jsonSchema"""
)
OTHER_WORDS = {
    "nullable": "constraints.required",
    "items": "arrayItem",
    "minProperties": "constraints",
    "maxProperties": "constraints",
    "additionalProperties": "fields",
    "optional": "constraints.required",
    "mandatory": "constraints.required",
    "obligatoire": "constraints.required",
    "regex": "constraints.pattern",
    "values": "constraints.enum",
    "default": "description",
    "const": "constraints.enum",
    "minItems": "constraints.minLength",
    "maxItems": "constraints.maxLength",
    "label": "title",
    "libelle": "title",
}
"""Words of other standards that do nothing in a Table Schema, and where to say the same thing."""

NEAR = 0.8


@lru_cache(maxsize=4096)
def nearest(word: str, known: frozenset[str]) -> str:
    """The property that was probably meant; empty when none is near."""
    lowered = {one.lower(): one for one in known}
    plain = word.lower().replace("_", "").replace("-", "")
    found = difflib.get_close_matches(plain, [one.replace("_", "") for one in lowered], n=1, cutoff=NEAR)
    return next((name for low, name in lowered.items() if found and low.replace("_", "") == found[0]), "")


def unknown(words: Collection[str], known: frozenset[str]) -> list[str]:
    """The words that are not known, in order."""
    return [word for word in words if word not in known]
