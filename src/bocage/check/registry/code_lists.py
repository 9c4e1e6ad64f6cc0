"""Code lists in use: `"codeList": "name"` in a field stands for the enumeration of the codes of that list.

`"codeList": "name@2"` pins an edition; without it, the newest one holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bocage.check.models import CodeListEdition
from bocage.check.registry.errors import CodeListAbsent

KEY = "codeList"


def code_list_names(descriptor: Mapping[str, Any]) -> list[str]:
    """The references of a schema to code lists, as written, each once."""
    fields = descriptor.get("fields")
    written = (one.get(KEY) for one in (fields if isinstance(fields, list) else []) if isinstance(one, dict))
    return list(dict.fromkeys(one for one in written if isinstance(one, str) and one))


def with_code_lists(descriptor: dict[str, Any]) -> dict[str, Any]:
    """The descriptor where every reference is an enumeration; itself when there is none. One query. Raises CodeListAbsent."""
    names = code_list_names(descriptor)
    if not names:
        return descriptor
    codes = codes_of(names)
    fields = [
        _enumerated(one, codes[one[KEY]]) if isinstance(one, dict) and one.get(KEY) in codes else one
        for one in descriptor["fields"]
    ]
    return descriptor | {"fields": fields}


def codes_of(references: Iterable[str]) -> dict[str, list[str]]:
    """Reference → codes, in the order of the list. One query. Raises CodeListAbsent."""
    wanted = {reference: reference.partition("@") for reference in references}
    editions = CodeListEdition.objects.filter(code_list__name__in={name for name, _at, _number in wanted.values()})
    found: dict[str, list[str]] = {}
    for name, number, codes in editions.order_by("-created_at", "-pk").values_list(
        "code_list__name", "number", "codes"
    ):
        listed = [one["code"] for one in codes]
        found.setdefault(name, listed)
        found[f"{name}@{number}"] = listed
    if absent := [reference for reference in wanted if reference not in found]:
        raise CodeListAbsent(name=absent[0])
    return {reference: found[reference] for reference in wanted}


def _enumerated(field: dict[str, Any], codes: list[str]) -> dict[str, Any]:
    """In an array, it is each item that is one of the codes."""
    if field.get("type") == "array":
        item = field.get("arrayItem")
        return field | {"arrayItem": _with_enum(item if isinstance(item, dict) else {"type": "string"}, codes)}
    return _with_enum(field, codes)


def _with_enum(field: dict[str, Any], codes: list[str]) -> dict[str, Any]:
    constraints = field.get("constraints")
    return field | {"constraints": (constraints if isinstance(constraints, dict) else {}) | {"enum": codes}}
