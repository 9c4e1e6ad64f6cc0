"""The name and the number of a schema, from where it lies: `…/<organisation>/<identifier>/<version>/<file>.json`.

That is how the national registry lays its schemas out, in its repository and under its addresses; elsewhere, the schema says
who it is, more or less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bocage.check.registry.errors import NameRefused, NumberRefused
from bocage.check.registry.precedence import is_semver
from bocage.kernel.ids import slugify

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,98}/[A-Za-z0-9][A-Za-z0-9._-]{0,98}")
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")
LATEST = "latest"
NOBODY = "autres"
UNNUMBERED = "0.0.0"


def checked_name(name: str) -> str:
    """The name, if it can be one. Raises NameRefused."""
    if not NAME.fullmatch(name) or ".." in name:
        raise NameRefused(name=name[:200])
    return name


def checked_number(number: str) -> str:
    """The number, if it can be one. Raises NumberRefused."""
    if not NUMBER.fullmatch(number) or number == LATEST:
        raise NumberRefused(number=number[:100])
    return number


def identity_in_path(parts: Sequence[str]) -> tuple[str, str] | None:
    """(name, number) of `(…, org, slug, version, file)`; the number is empty for `latest`. None for another layout."""
    if len(parts) < 4:
        return None
    owner, slug, number = parts[-4:-1]
    number = number.removeprefix("v")
    if number != LATEST and not is_semver(number):
        return None
    name = f"{owner}/{slug}"
    return (name, "" if number == LATEST else number) if NAME.fullmatch(name) else None


def identity_of_file(file: Path, descriptor: Mapping[str, Any]) -> tuple[str, str]:
    """(name, number) of a file of a folder."""
    return _identity(identity_in_path(file.parts), descriptor, fallback=file.stem)


def identity_of_url(url: str, descriptor: Mapping[str, Any]) -> tuple[str, str]:
    """(name, number) of what an address gives."""
    parts = [unquote(part) for part in urlsplit(url).path.split("/")]
    return _identity(identity_in_path(parts), descriptor, fallback=Path(parts[-1]).stem)


def _identity(found: tuple[str, str] | None, descriptor: Mapping[str, Any], *, fallback: str) -> tuple[str, str]:
    said = descriptor.get("version")
    number = str(said).removeprefix("v") if isinstance(said, str | int | float) else UNNUMBERED
    if found is None and isinstance(address := descriptor.get("path"), str):
        found = identity_in_path([unquote(part) for part in urlsplit(address).path.split("/")])
        found = (found[0], "") if found else None  # what the file says of its number is in `version`
    if found is None:
        found = (_name_said(descriptor, fallback), "")
    return checked_name(found[0]), checked_number(found[1] or number)


def _name_said(descriptor: Mapping[str, Any], fallback: str) -> str:
    """`org/repository` of a home page on a forge, else the `name` of the schema under nobody's."""
    said = descriptor.get("homepage")
    homepage = urlsplit(said) if isinstance(said, str) else None
    if homepage and homepage.hostname and ("git" in homepage.hostname):
        parts = [part for part in homepage.path.removesuffix(".git").split("/") if part]
        if len(parts) >= 2 and NAME.fullmatch(f"{parts[0]}/{parts[1]}"):
            return f"{parts[0]}/{parts[1]}"
    name = descriptor.get("name") or descriptor.get("title") or fallback
    return f"{NOBODY}/{slugify(str(name)[:200], fallback='schema')}"
