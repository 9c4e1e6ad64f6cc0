"""Calls of the Explore API for one dataset, to copy and run: shown on its page, run by a test."""

from __future__ import annotations

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
    root = f"{base_url}/api/explore/v2.1/catalog/datasets/{quote(dataset.slug)}"
    found = [
        Example(_("The first ten records"), "curl", f"curl '{root}/records?limit=10'"),
        Example(
            _("Everything, in a table for a spreadsheet"), "curl", f"curl -o {dataset.slug}.csv '{root}/exports/csv'"
        ),
        Example(_("A table in Python (pandas)"), "python", _python(root)),
        Example(_("Records in a web page"), "javascript", _javascript(root)),
    ]
    text = next((f.name for f in dataset.fields if f.type == FieldType.STRING), None)
    if text:
        counted = f"curl -G '{root}/records' --data-urlencode 'select={text}, count(*) as n' \\\n  --data-urlencode 'group_by={text}' --data-urlencode 'order_by=n desc'"
        found.insert(1, Example(_("Counted by value of a field"), "curl", counted))
    if dataset.is_geographic:
        found.append(Example(_("A map layer"), "curl", f"curl -o {dataset.slug}.geojson '{root}/exports/geojson'"))
    return found


def _python(root: str) -> str:
    return f"import pandas\n\ntable = pandas.read_parquet('{root}/exports/parquet')\nprint(table.head())"


def _javascript(root: str) -> str:
    return (
        f"const answer = await fetch('{root}/records?limit=20');\n"
        "const {total_count, results} = await answer.json();\nconsole.log(total_count, results);"
    )
