"""A logo, taken apart and put together again: only the parts that draw are kept, nothing that says where it was taken or by
whom, nothing that moves, nothing after its end. Browsers decode it; here nothing is."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bocage.organizations.portals.errors import LogoRefused, LogoTooLarge

MOST_BYTES = 200 * 1024
MOST_SIDE = 2_000
PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"IDAT", b"IEND"}
)
_WEBP_KEPT = frozenset({b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"})
_ICC, _ALPHA, _ANIMATION = 0x20, 0x10, 0x02


@dataclass(frozen=True)
class Picture:
    """`name`: digest of the content and suffix; the same picture always has the same. Sides in pixels."""

    content: bytes
    media_type: str
    suffix: str
    width: int
    height: int

    @property
    def name(self) -> str:
        return f"{hashlib.sha256(self.content).hexdigest()[:40]}.{self.suffix}"


def read_logo(content: bytes) -> Picture:
    """Raises LogoTooLarge, LogoRefused."""
    if len(content) > MOST_BYTES:
        raise _too_large()
    try:
        if content.startswith(PNG_START):
            picture = _png(content)
        elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            picture = _webp(content)
        else:
            raise LogoRefused
    except (struct.error, IndexError):
        raise LogoRefused from None
    if not (0 < picture.width <= MOST_SIDE and 0 < picture.height <= MOST_SIDE):
        raise _too_large()
    return picture


def _too_large() -> LogoTooLarge:
    return LogoTooLarge(kilobytes=MOST_BYTES // 1024, side=MOST_SIDE)


def _png(content: bytes) -> Picture:
    """https://www.w3.org/TR/png-3/#5Chunk-layout. Every check sum is verified."""
    chunks = list(_png_chunks(content))
    kinds = [kind for kind, _data in chunks]
    if kinds[:1] != [b"IHDR"] or kinds.count(b"IHDR") != 1 or b"IDAT" not in kinds or b"acTL" in kinds:
        raise LogoRefused
    width, height = struct.unpack(">II", chunks[0][1][:8])
    written = PNG_START + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
        if kind in _PNG_KEPT
    )
    return Picture(written, "image/png", "png", width, height)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Up to IEND: what follows is not part of the picture."""
    place = len(PNG_START)
    while True:
        size, kind = struct.unpack(">I4s", content[place : place + 8])
        data = content[place + 8 : place + 8 + size]
        (check,) = struct.unpack(">I", content[place + 8 + size : place + 12 + size])
        if len(data) != size or zlib.crc32(kind + data) != check:
            raise LogoRefused
        yield kind, data
        if kind == b"IEND":
            return
        place += 12 + size


def _webp(content: bytes) -> Picture:
    """https://developers.google.com/speed/webp/docs/riff_container"""
    chunks = [(kind, data) for kind, data in _webp_chunks(content)]
    drawn = [(kind, data) for kind, data in chunks if kind in (b"VP8 ", b"VP8L")]
    if len(drawn) != 1 or any(kind in (b"ANIM", b"ANMF") for kind, _data in chunks):
        raise LogoRefused
    kept = [(kind, _flags(data) if kind == b"VP8X" else data) for kind, data in chunks if kind in _WEBP_KEPT]
    width, height = _webp_sides(*drawn[0])
    if kept[0][0] == b"VP8X" and (width, height) != _canvas(kept[0][1]):
        raise LogoRefused
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in kept
    )
    return Picture(b"RIFF" + struct.pack("<I", len(body)) + body, "image/webp", "webp", width, height)


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    (whole,) = struct.unpack("<I", content[4:8])
    end = 8 + whole
    if end > len(content):
        raise LogoRefused
    place = 12
    while place < end:
        kind, size = struct.unpack("<4sI", content[place : place + 8])
        data = content[place + 8 : min(place + 8 + size, end)]
        if len(data) != size:
            raise LogoRefused
        yield kind, data
        place += 8 + size + size % 2


def _flags(data: bytes) -> bytes:
    """Without what is left out: metadata. Raises LogoRefused for what moves."""
    if len(data) != 10 or data[0] & _ANIMATION:
        raise LogoRefused
    return bytes([data[0] & (_ICC | _ALPHA)]) + data[1:]


def _canvas(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1


def _webp_sides(kind: bytes, data: bytes) -> tuple[int, int]:
    if kind == b"VP8L":
        if data[0] != 0x2F:
            raise LogoRefused
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if data[3:6] != b"\x9d\x01\x2a":
        raise LogoRefused
    width, height = struct.unpack("<HH", data[6:10])
    return width & 0x3FFF, height & 0x3FFF
