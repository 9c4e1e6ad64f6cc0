"""Where a schema and a code list are found: addresses that never change, datasets declare them (`dct:conformsTo`)."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings


def page_path(name: str) -> str:
    return f"/schemas/{quote(name)}/"


def version_path(name: str, number: str) -> str:
    return f"/schemas/{quote(name)}/{quote(number)}/"


def json_path(name: str, number: str) -> str:
    """Of the machine-readable schema."""
    return f"{version_path(name, number)}schema.json"


def code_list_path(name: str) -> str:
    return f"/code-lists/{quote(name)}/"


def absolute(path: str) -> str:
    """Below the address under which people know the platform; nothing when the operator has not said it."""
    public: str = settings.BOCAGE.public_url
    return public + path if public else ""
