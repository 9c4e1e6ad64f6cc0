"""Calls of the Explore API for one dataset, to copy and run: shown on its page, run by a test."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType


@dataclass(frozen=True)
class Example:
    """`language`: curl, python or javascript; `code` runs as it is."""

    title: str
    language: str
    code: str


def examples(dataset: Dataset, base_url: str) -> list[Example]:
    """`base_url`: scheme and host, without a final slash."""
    root = f"{base_url}/api/explore/v2.1/catalog/datasets/{quote(dataset.slug, safe='@')}"
    found = [Example(_("The first ten records"), "curl", _curl(f"{root}/records?limit=10"))]
    text = next((field.name for field in dataset.fields if field.type == FieldType.STRING), None)
    if text is not None:
        found.append(Example(_("Counted by value of a field"), "curl", _counted(root, text)))
    table = _curl(f"{root}/exports/csv", f"{dataset.slug}.csv")
    found += [
        Example(_("Everything, in a table for a spreadsheet"), "curl", table),
        Example(_("A table in Python (pandas)"), "python", _python(root)),
        Example(_("Records in a web page"), "javascript", _javascript(root)),
    ]
    if dataset.is_geographic:
        layer = _curl(f"{root}/exports/geojson", f"{dataset.slug}.geojson")
        found.append(Example(_("A map layer"), "curl", layer))
    return found


def _curl(address: str, file: str = "") -> str:
    return f"curl {f'-o {shlex.quote(file)} ' if file else ''}{shlex.quote(address)}"


def _counted(root: str, field: str) -> str:
    """The name of the field comes from a file: quoted for the query language, then for the shell."""
    name = "`" + field.replace("`", "\\`") + "`"
    clauses = (f"select={name}, count(*) as n", f"group_by={name}", "order_by=n desc")
    given = " \\\n".join(f"  --data-urlencode {shlex.quote(clause)}" for clause in clauses)
    return f"curl -G {shlex.quote(f'{root}/records')} \\\n{given}"


def _python(root: str) -> str:
    return (
        f"import pandas\n\ntable = pandas.read_csv({json.dumps(f'{root}/exports/csv')}, sep=';')\nprint(table.head())"
    )


def _javascript(root: str) -> str:
    return (
        f"const answer = await fetch({json.dumps(f'{root}/records?limit=20')});\n"
        "const {total_count, results} = await answer.json();\n"
        "console.log(total_count, results);"
    )
