"""What a ZIP says it contains, read with care: before anything is written, everything that may hurt is refused."""

from __future__ import annotations

import stat
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bocage.capture.positions.errors import ArchiveTooLarge, DamagedArchive, UnsafeArchive

MOST_MEMBERS = 10_000
LARGEST_DIRECTORY = 16 << 20  # bytes of the central directory, which Python reads whole
_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"
_JUNK = {".ds_store", "thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True)
class Member:
    """One file of the archive. `name`: as people read it, folders included, `/` between them."""

    name: str
    info: zipfile.ZipInfo

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Folder and name without extension, without case: what the parts of a shapefile have in common."""
        return str(PurePosixPath(self.name).with_suffix("")).lower()

    @property
    def encrypted(self) -> bool:
        return bool(self.info.flag_bits & 0x1)


def open_zip(file: Path) -> zipfile.ZipFile:
    """Raises DamagedArchive, ArchiveTooLarge."""
    if _directory_size(file) > LARGEST_DIRECTORY:
        raise ArchiveTooLarge(reason="> 16 MB")
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        raise DamagedArchive from None
    if len(archive.infolist()) > MOST_MEMBERS:
        archive.close()
        raise ArchiveTooLarge(reason=f"> {MOST_MEMBERS}")
    return archive


def members_of(archive: zipfile.ZipFile) -> list[Member]:
    """Files of the archive, without what Windows and macOS leave there. Raises UnsafeArchive."""
    members = []
    for info in archive.infolist():
        name = readable_name(info)
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\x00" in info.orig_filename or name[1:2] == ":":
            raise UnsafeArchive(member=name)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UnsafeArchive(member=name)
        hidden = path.name.startswith("._") or any(part.lower() in _JUNK for part in path.parts)
        if not info.is_dir() and path.name and not hidden:
            members.append(Member(name, info))
    return members


def readable_name(info: zipfile.ZipInfo) -> str:
    """Old archives say nothing of the encoding of names: UTF-8 when it is, else what Windows wrote in France."""
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    return name.replace("\\", "/")


def _directory_size(file: Path) -> int:
    """Size of the central directory, from the end of the file. Raises DamagedArchive when there is no such end."""
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) - at < 22:
            raise DamagedArchive
        entries_size: int = struct.unpack_from("<I", tail, at + 12)[0]
        if entries_size != 0xFFFFFFFF or at < 20 or tail[at - 20 : at - 16] != _END64_LOCATOR:
            return entries_size
        stream.seek(min(struct.unpack_from("<Q", tail, at - 12)[0], size))
        record = stream.read(56)
        if len(record) < 56:
            raise DamagedArchive
        return int(struct.unpack_from("<Q", record, 40)[0])
