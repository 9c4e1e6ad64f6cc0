"""In which encoding a text file is written.

BOM, then strict UTF-8 over the whole file, then the pattern of zero bytes of UTF-16, then the single-byte encodings that
French files come in, scored on the words that hold an accent: general detectors answer windows-1250 or cp775 there.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from pathlib import Path

from bocage.capture.delimited.scan import Utf8Scan, scan_utf8, transcode
from bocage.capture.errors import MixedEncodings, UnknownEncoding, UnreadableCharacters

# The order is the preference when nothing tells two of them apart.
SINGLE_BYTE = ("cp1252", "iso8859-15", "mac-roman", "cp850")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16 LE, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LOWER = frozenset("éèêëàâäçîïôöùûüÿœæñáíóúãõå")
_UPPER = frozenset("ÉÈÊËÀÂÄÇÎÏÔÖÙÛÜŸŒÆÑÁÍÓÚ")
_COMMON = frozenset("éèêàçâîôûùïëœÉÈÊÀÇÎÔ")
_MARKS = frozenset("°€«»²³§’‘“”–—…·ºª×½¼¾µ\xa0±©®™")
_ENOUGH_WORDS = 50_000
_CHUNK = 1 << 20


def in_utf8(file: Path, target: Path, asked: str = "") -> tuple[Path, str]:
    """The same text in UTF-8 (the file itself when it is, else `target`) and the encoding it was in: found, or `asked` by a person.

    Raises MixedEncodings, UnreadableCharacters, NotText, LineTooLong, UnknownEncoding."""
    encoding = check_encoding(asked) if asked else detect_encoding(file)
    if encoding in ("utf-8", "utf-8-sig"):
        scan = scan_utf8(file) if asked else Utf8Scan()
        if scan.bad_line is not None:
            raise UnreadableCharacters(line=scan.bad_line, byte=scan.bad_byte, encoding=encoding)
        return file, encoding
    transcode(file, target, encoding)
    return target, encoding


def detect_encoding(file: Path) -> str:
    """A Python codec name. Raises MixedEncodings, UnreadableCharacters, NotText, LineTooLong."""
    with file.open("rb") as stream:
        head = stream.read(_CHUNK)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            if mark == codecs.BOM_UTF8 and (scan := scan_utf8(file)).bad_line is not None:
                raise MixedEncodings(line=scan.bad_line, byte=scan.bad_byte)
            return encoding
    if wide := utf16_without_mark(head):
        return wide
    scan = scan_utf8(file)
    return "utf-8" if scan.bad_line is None else _single_byte(file, scan)


def check_encoding(asked: str) -> str:
    """The codec that a person asked for. Raises UnknownEncoding."""
    try:
        info = codecs.lookup(asked.strip())
    except (LookupError, ValueError):
        raise UnknownEncoding(encoding=asked) from None
    if not info._is_text_encoding:  # noqa: SLF001  base64, zip… are codecs too
        raise UnknownEncoding(encoding=asked)
    return info.name


def utf16_without_mark(head: bytes) -> str | None:
    """Latin text in UTF-16 has a zero every second byte: at odd places little-endian, at even places big-endian."""
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = max(1, min(len(head), 4096) // 2)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else None


def _single_byte(file: Path, scan: Utf8Scan) -> str:
    words = _accented_words(file)
    total = sum(words.values())
    as_utf8 = sum(count for word, count in words.items() if _UTF8_SEQUENCE.search(word))
    if as_utf8 > total / 2:
        raise MixedEncodings(line=scan.bad_line, byte=scan.bad_byte)
    scores = {encoding: _score(words, encoding) for encoding in SINGLE_BYTE}
    best = max(SINGLE_BYTE, key=lambda encoding: scores[encoding])
    if scores[best] <= -4.0 * total:  # nothing reads as words: not a text, or an encoding that we do not know
        raise UnreadableCharacters(line=scan.bad_line, byte=scan.bad_byte, encoding="UTF-8")
    return best


def _accented_words(file: Path) -> Counter[bytes]:
    """The words that hold a high byte, from as much of the file as gives enough of them."""
    words: Counter[bytes] = Counter()
    with file.open("rb") as stream:
        while words.total() < _ENOUGH_WORDS and (chunk := stream.read(_CHUNK)):
            words.update(match[:64] for match in _WORD.findall(chunk))
    return words


def _score(words: Counter[bytes], encoding: str) -> float:
    return sum(_word_score(word, encoding) * min(count, 100) for word, count in words.items())


def _word_score(raw: bytes, encoding: str) -> float:
    """How French a word reads: accented letters in the case of their neighbours count, stray signs cost."""
    try:
        word = raw.decode(encoding)
    except UnicodeDecodeError:
        return -6.0
    score = 0.0
    for place, char in enumerate(word):
        if char >= "\x80":
            before, after = word[place - 1 : place], word[place + 1 : place + 2]
            score += _char_score(char, before, after)
    return score


def _char_score(char: str, before: str, after: str) -> float:
    if char in _LOWER:
        stray = after.isupper() and not before.islower()
        return -1.0 if stray else 3.0 if char in _COMMON else 1.0
    if char in _UPPER:  # a capital after a small letter is the mark of a wrong guess: CafÈ
        return -2.0 if before.islower() else 2.5 if char in _COMMON else 1.0
    if char in _MARKS:
        inside = before.isalpha() and after.isalpha() and char not in "’‘"
        return -1.5 if inside else 1.0
    if "\x80" <= char <= "\x9f":
        return -6.0
    return -1.0 if char.isalpha() else -2.0
