"""Texts as people compare them, the same in Python and in SQL: lower case, no accents, letters and digits parted by one space."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from bocage.store.engine import literal

_LIGATURES = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"))
_APART = re.compile(r"[^a-z0-9]+")
BLANKS = "\u0009\u000a\u000b\u000c\u000d\u0020\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
BLANKS += "\u2028\u2029\u202f\u205f\u3000\u200b\ufeff"
"""Everything that looks like nothing: spaces of every width, ends of lines, the mark of byte order."""


def normal(text: str) -> str:
    lowered = text.lower()
    for one, plain in _LIGATURES:
        lowered = lowered.replace(one, plain)
    letters = unicodedata.normalize("NFD", lowered)
    return _APART.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def normal_sql(text: str) -> str:
    """SQL of `normal` for the SQL text `text`."""
    plain = f"lower({text})"
    for one, written in _LIGATURES:
        plain = f"replace({plain}, {literal(one)}, {literal(written)})"
    return f"trim(regexp_replace(strip_accents({plain}), '[^a-z0-9]+', ' ', 'g'))"


_CLASS = "[" + "".join(f"\\x{{{ord(one):x}}}" for one in BLANKS) + "]+"


def trimmed_sql(text: str) -> str:
    """`text` without the blanks around it. (The engine's own trim takes ten times longer with that many characters.)"""
    return f"regexp_replace({text}, '^{_CLASS}|{_CLASS}$', '', 'g')"


def spaceless_sql(text: str) -> str:
    return f"regexp_replace({text}, '{_CLASS}', '', 'g')"


def spaced_sql(text: str) -> str:
    """One space for many blanks, none around."""
    return f"trim(regexp_replace({text}, '{_CLASS}', ' ', 'g'))"


def number_text(value: Decimal | float) -> str:
    """A number as a schema writes it: a point, no exponent, no zero at the end."""
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
