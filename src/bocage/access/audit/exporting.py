"""The journal as a file, for those who answer for personal data: CSV for people, lines of JSON for programs. Streamed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bocage.access.audit.chain import COLUMNS
from bocage.kernel.errors import TerminalError
from bocage.organizations.models import User

if TYPE_CHECKING:
    from bocage.access.models import JournalEntry

MOST_EXPORTED = 500_000
NAMES = (*COLUMNS, "hash", "person_name")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TooMuchToExport(TerminalError):
    code = "access.journal-too-long"
    message = _("More than %(most)s entries match: a file holds no more.")
    mend = _("Choose a shorter period, and export several files.")


def as_csv(chunks: Iterable[Sequence[JournalEntry]]) -> Iterator[bytes]:
    """With a mark that tells spreadsheets it is UTF-8; what they would take for a formula is kept from being one."""
    yield b"\xef\xbb\xbf" + _line(NAMES)
    for row in _rows(chunks):
        yield _line([_harmless(row[name]) for name in NAMES])


def as_json_lines(chunks: Iterable[Sequence[JournalEntry]]) -> Iterator[bytes]:
    for row in _rows(chunks):
        yield (
            json.dumps(row | {"facts": json.loads(row["facts"])}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        )


def names_of(people: Iterable[int | None]) -> dict[int, str]:
    """As they are called today; who has no account any more is left out. One query."""
    wanted = {pk for pk in people if pk is not None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def _rows(chunks: Iterable[Sequence[JournalEntry]]) -> Iterator[dict[str, Any]]:
    for entries in chunks:
        names = names_of(entry.person for entry in entries)
        for entry in entries:
            said = {name: getattr(entry, name) for name in (*COLUMNS, "hash")}
            yield said | {"person_name": names.get(entry.person or 0, "")}


def _line(cells: Sequence[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().encode("utf-8", "replace")


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
