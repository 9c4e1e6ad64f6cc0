"""Labels and descriptions of the fields of a dataset, edited all at once."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

LABEL_LENGTH = 200
DESCRIPTION_LENGTH = 1000
FIELDS_PER_PAGE = 80
"""A dozen values per field stay under the 1,000 values that the server accepts in a form."""


def described(schema: list[dict[str, Any]], data: QueryDict) -> list[dict[str, Any]]:
    """The schema with the labels and descriptions of `label.<name>` and `description.<name>`; nothing else moves."""
    return [
        field
        | {
            "label": data.get(f"label.{field['name']}", field["label"]).strip()[:LABEL_LENGTH],
            "description": data.get(f"description.{field['name']}", field["description"]).strip()[:DESCRIPTION_LENGTH],
        }
        for field in schema
    ]
