"""What a file is, by its first bytes. The name and the word of whoever sent it only choose among what these allow."""

from __future__ import annotations

from pathlib import Path

OCTETS = "application/octet-stream"
TEXT = "text/plain"
HEAD = 4096

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
)
# Packages and texts that say no more of themselves than the family they are of.
_BY_NAME = {
    "application/zip": {
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".odt": "application/vnd.oasis.opendocument.text",
        ".ods": "application/vnd.oasis.opendocument.spreadsheet",
        ".odp": "application/vnd.oasis.opendocument.presentation",
    },
    "application/x-ole-storage": {
        ".doc": "application/msword",
        ".xls": "application/vnd.ms-excel",
        ".ppt": "application/vnd.ms-powerpoint",
    },
    TEXT: {
        ".csv": "text/csv",
        ".json": "application/json",
        ".geojson": "application/geo+json",
        ".md": "text/markdown",
        ".xml": "application/xml",
        ".ttl": "text/turtle",
    },
}
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show in the place of saving it: nothing that can hold a program."""


def media_type_of(path: Path, filename: str, said: str = "") -> str:
    """`said` is believed when it is of the family that the bytes show. Markup of the web is a plain text."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    family = _family(head)
    known = _BY_NAME.get(family, {})
    if said in known.values():
        return said
    return known.get(Path(filename).suffix.lower(), family)


def _family(head: bytes) -> str:
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return TEXT if _is_text(head) else OCTETS


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return len(head) == HEAD and error.start > HEAD - 4  # a character cut in two
    return True
