"""Examples of API calls for a dataset, made by `catalog.api_examples`."""

from __future__ import annotations

from bocage.catalog.api_examples import Example, examples
from bocage.catalog.models import Dataset


def examples_of(dataset: Dataset, base_url: str) -> list[Example]:
    """Calls that can be copied and run as they are against `base_url`."""
    return list(examples(dataset, base_url))
