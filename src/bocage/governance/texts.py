"""What people write to one another: plain text, bounded, in which only addresses of the web become links.

`pieces` cuts a text; templates escape each piece as any other value. Nothing else is recognised, so that nothing else can be
smuggled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError

SUBJECT_LENGTH = 150
TEXT_LENGTH = 5000
MOST_LINKS = 20

_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^]{1,500}")
_TRAILING = ".,;:!?…)]»”’"


class NothingWritten(TerminalError):
    code = "governance.nothing-written"
    message = _("The message is empty.")
    mend = _("Write a sentence.")


class TextTooLong(TerminalError):
    code = "governance.text-too-long"
    message = _("The message has %(length)s characters; %(most)s at most are kept.")
    mend = _("Shorten it, or send it in two.")


@dataclass(frozen=True)
class Piece:
    """`address`: where it leads, empty for plain words."""

    words: str
    address: str = ""


def cleaned(text: str, most: int = TEXT_LENGTH) -> str:
    """As it is kept: composed letters, plain line ends, without control characters nor those that reverse the order of the
    others. Raises NothingWritten, TextTooLong."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in composed if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    kept = re.sub(r"\n{3,}", "\n\n", kept).strip()
    if not kept:
        raise NothingWritten
    if len(kept) > most:
        raise TextTooLong(length=len(kept), most=most)
    return kept


def subject_of(text: str) -> str:
    """On one line. Raises NothingWritten, TextTooLong."""
    return cleaned(" ".join(text.split()), SUBJECT_LENGTH)


def pieces(text: str, *, links: bool = True) -> Iterator[Piece]:
    """Words and addresses, in order. The first MOST_LINKS addresses lead somewhere, none without `links`."""
    done, made = 0, 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(_TRAILING)
        if not links or made == MOST_LINKS:
            break
        if found.start() > done:
            yield Piece(text[done : found.start()])
        yield Piece(address, address)
        done, made = found.start() + len(address), made + 1
    if done < len(text):
        yield Piece(text[done:])
