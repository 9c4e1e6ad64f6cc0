"""A code list as people keep it: a CSV file, or cells pasted from a spreadsheet.

Columns, in any order, by their usual names: code; fr (libellé); en; parent; synonyms, separated by `|`.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bocage.check.registry.errors import CodeListRefused

MOST_CODES = 20_000
MOST_BYTES = 4 * 1024 * 1024
LONGEST_CODE, LONGEST_LABEL = 200, 1_000
DELIMITERS = "\t;,"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "id", "identifiant", "notation", "valeur", "value"),
    "fr": ("fr", "libelle", "libelle_fr", "label_fr", "label", "nom", "intitule"),
    "en": ("en", "libelle_en", "label_en", "english"),
    "parent": ("parent", "code_parent", "broader", "niveau_superieur"),
    "synonyms": ("synonyms", "synonymes", "alt", "altlabel", "variantes"),
}

Code = dict[str, Any]


def read_codes(raw: bytes | str) -> list[Code]:
    """{"code", "fr", "en", "parent", "synonyms"} in the order of the file. Raises CodeListRefused."""
    text = raw if isinstance(raw, str) else _decoded(raw)
    if len(text) > MOST_BYTES:
        raise CodeListRefused(reason=_("it is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024 // 1024})
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text.strip("\n\r")), delimiter=delimiter))
    except csv.Error as error:
        raise CodeListRefused(reason=str(error)) from None
    if not rows:
        raise CodeListRefused(reason=_("it is empty."))
    places = _places(rows[0])
    codes = [_code(row, places) for row in rows[1:] if any(cell.strip() for cell in row)]
    _require_sound(codes)
    return codes


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _plain(label: str) -> str:
    text = unicodedata.normalize("NFKD", label.strip().lower()).encode("ascii", "ignore").decode()
    return text.replace(" ", "_").replace("-", "_")


def _places(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, label in enumerate(header):
        for column, names in COLUMNS.items():
            if _plain(label.lstrip("\ufeff")) in names:
                found.setdefault(column, place)
    if "code" not in found:
        raise CodeListRefused(reason=_("no column is called “code”."))
    return found


def _code(row: Sequence[str], places: Mapping[str, int]) -> Code:
    def cell(column: str) -> str:
        place = places.get(column)
        return row[place].strip().replace("\0", "") if place is not None and place < len(row) else ""

    synonyms = [one.strip()[:LONGEST_LABEL] for one in cell("synonyms").split("|") if one.strip()]
    return {
        "code": cell("code"),
        "fr": cell("fr")[:LONGEST_LABEL],
        "en": cell("en")[:LONGEST_LABEL],
        "parent": cell("parent"),
        "synonyms": synonyms,
    }


def _require_sound(codes: Sequence[Code]) -> None:
    """At least one code, each once, under a parent that exists, and no circle."""
    if not codes:
        raise CodeListRefused(reason=_("it has no code."))
    if len(codes) > MOST_CODES:
        raise CodeListRefused(reason=_("it has more than %(limit)s codes.") % {"limit": MOST_CODES})
    parents: dict[str, str] = {}
    for rank, one in enumerate(codes, 2):
        code = one["code"]
        if not code or len(code) > LONGEST_CODE:
            raise CodeListRefused(reason=_("line %(line)s has no code, or a very long one.") % {"line": rank})
        if code in parents:
            raise CodeListRefused(
                reason=_("the code “%(code)s” is there twice (line %(line)s).") % {"code": code, "line": rank}
            )
        parents[code] = one["parent"]
    for code, parent in parents.items():
        if parent and parent not in parents:
            raise CodeListRefused(
                reason=_("the parent “%(parent)s” of “%(code)s” is not in the list.") % {"parent": parent, "code": code}
            )
    _refuse_circles(parents)


def _refuse_circles(parents: Mapping[str, str]) -> None:
    """Each code is walked once: those already seen to end are not walked again."""
    ended: set[str] = {""}
    for start in parents:
        walked: dict[str, None] = {}
        here = start
        while here not in ended:
            if here in walked:
                raise CodeListRefused(reason=_("“%(code)s” is its own ancestor.") % {"code": here})
            walked[here] = None
            here = parents[here]
        ended.update(walked)
