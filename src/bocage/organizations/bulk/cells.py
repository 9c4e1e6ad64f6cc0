"""A pasted or dropped table as lines of named cells."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.kernel.errors import TerminalError

MOST_ROWS = 5_000
MOST_CHARACTERS = 2_000_000

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("nom", "name", "libelle", "commune", "organisation"),
    "kind": ("type", "kind", "nature"),
    "insee_code": ("insee", "codeinsee", "code", "codecommune", "inseecode"),
    "siren": ("siren",),
    "population": ("population", "habitants"),
    "email": ("courriel", "email", "mail", "contact"),
    "website": ("site", "siteweb", "website", "siteinternet"),
    "parent": ("parent", "rattachement", "sous"),
    "coordinator": ("coordinateur", "coordonnateur", "coordinator", "referent"),
}
"""Names under which each column is known, as `plain` writes them."""


class TableRefused(TerminalError):
    code = "organizations.table"
    message = gettext_lazy("This table cannot be read: %(reason)s")
    mend = gettext_lazy("Its first line holds the names of the columns; “nom” is the only one that is needed.")


@dataclass(frozen=True)
class Cells:
    """`lines`: (number of the line, {column: text}). `ignored`: titles of the columns that mean nothing here."""

    lines: tuple[tuple[int, Mapping[str, str]], ...]
    ignored: tuple[str, ...]


def plain(text: str) -> str:
    """`Code INSEE` → `codeinsee`: letters and digits, without accents or case."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(character for character in folded if character.isalnum())


def read_cells(text: str) -> Cells:
    """Tabulations, semicolons or commas, whichever the first line has most of. Raises TableRefused."""
    if len(text) > MOST_CHARACTERS:
        raise TableRefused(reason=_("it has more than %(most)s characters.") % {"most": MOST_CHARACTERS})
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    delimiter = max("\t;,", key=head.count)
    try:
        rows = [
            (number, row)
            for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise TableRefused(reason=str(error)) from None
    if len(rows) < 2:
        raise TableRefused(reason=_("it has no line under the names of its columns."))
    if len(rows) - 1 > MOST_ROWS:
        raise TableRefused(reason=_("it has more than %(most)s lines.") % {"most": MOST_ROWS})
    columns, ignored = _columns(rows[0][1])
    lines = tuple((number, {name: _cell(row, at) for name, at in columns.items()}) for number, row in rows[1:])
    return Cells(lines, ignored)


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _columns(header: list[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    ignored = []
    for at, title in enumerate(header):
        name = next((name for name, words in COLUMNS.items() if plain(title) in words), None)
        if name is None or name in columns:
            ignored.append(title.strip())
        else:
            columns[name] = at
    if "name" not in columns:
        raise TableRefused(reason=_("no column is called “nom”."))
    return columns, tuple(title for title in ignored if title)
