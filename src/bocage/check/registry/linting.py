"""The findings on a schema as the registry knows it: those of `lint`, and the code lists it refers to that are not here."""

from __future__ import annotations

from typing import Any

from bocage.check.models import CodeList
from bocage.check.registry.code_lists import KEY, code_list_names
from bocage.check.registry.lint import Finding, lint


def findings_on(descriptor: dict[str, Any], *, number: str) -> list[dict[str, Any]]:
    """As SchemaVersion.lint keeps them; one query when the schema refers to code lists."""
    found = lint(descriptor, number=number) + _absent_lists(descriptor)
    return [one.as_dict() for one in found]


def _absent_lists(descriptor: dict[str, Any]) -> list[Finding]:
    names = {reference: reference.partition("@")[0] for reference in code_list_names(descriptor)}
    if not names:
        return []
    known = set(CodeList.objects.filter(name__in=names.values()).values_list("name", flat=True))
    return [
        Finding("code-list-absent", str(field.get("name", "")), {"name": field[KEY]})
        for field in descriptor["fields"]
        if isinstance(field, dict) and names.get(field.get(KEY, ""), "") not in known and field.get(KEY) in names
    ]
