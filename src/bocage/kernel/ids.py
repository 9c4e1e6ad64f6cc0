"""Identifiers: short, unguessable, safe in a file name, a URL and an SQL identifier."""

from __future__ import annotations

import re
import secrets
import unicodedata

ALPHABET = "0123456789abcdefghijkmnpqrstuvwxyz"
SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9_@-]*[a-z0-9])?$")
SLUG_LENGTH = 100


def new_uid(prefix: str = "", length: int = 16) -> str:
    """A random identifier of `length` letters and digits (5 bits each), after `prefix` and an underscore."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return f"{prefix}_{body}" if prefix else body


def slugify(text: str, *, fallback: str = "jeu-de-donnees") -> str:
    """`Équipements publics (2024)` → `equipements-publics-2024`. Never empty, at most SLUG_LENGTH characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")
    return slug[:SLUG_LENGTH].strip("-_") or fallback


def is_slug(text: str) -> bool:
    """Dataset and organisation identifiers: lower-case ASCII, digits, `-`, `_`, `@` inside."""
    return len(text) <= SLUG_LENGTH and SLUG.match(text) is not None
