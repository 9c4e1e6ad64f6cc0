"""What the platform knows that helps to map a file: for one person, with their rights, in three queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.check.mapping import reference_tables
from bocage.check.mapping.names import likeness, words_of
from bocage.check.mapping.normal import normal
from bocage.check.mapping.suggestions import Communes, Known, place_name
from bocage.check.models import Conformity
from bocage.kernel.errors import BocageError

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.organizations.models import Organization

MOST_MAPPINGS = 500
MOST_REFERENCES = 3
_ROWS = (10, 50_000)
_SHAPES = frozenset({FieldType.GEOMETRY})


def known_for(viewer: Viewer, schema_name: str, organization: Organization | None) -> Known:
    facts = {}
    if organization is not None:
        facts = {"name": organization.name, "siren": organization.siren, "insee": organization.insee_code}
    return Known(accepted_for(schema_name), communes_for(viewer), {key: value for key, value in facts.items() if value})


def accepted_for(schema_name: str) -> dict[tuple[str, str], int]:
    """(target, normalised label) → datasets whose mapping makes the target of that column alone.

    Nothing of these datasets is told but that a column of the very same name was accepted."""
    mappings = Conformity.objects.filter(schema_version__schema__name=schema_name).exclude(mapping={})
    counted: Counter[tuple[str, str]] = Counter()
    for mapping in mappings.order_by("-updated_at").values_list("mapping", flat=True)[:MOST_MAPPINGS]:
        for column in mapping.get("columns", ()):
            sources = column.get("sources", ())
            if len(sources) == 1 and not str(sources[0]).startswith("@"):
                counted[(str(column.get("target")), normal(str(sources[0])))] += 1
    return dict(counted)


def communes_for(viewer: Viewer) -> tuple[Communes, ...]:
    """Datasets of communes that the person may read, the fullest first."""
    low, high = _ROWS
    named = Dataset.objects.visible_to(viewer).filter(title__icontains="commune", row_count__range=(low, high))
    found = (_communes(one) for one in named.only("slug", "title", "schema").order_by("-row_count")[:50])
    told = [one for one in found if one is not None][:MOST_REFERENCES]
    return tuple(replace(one, names=_names(viewer, one)) for one in told)


def _names(viewer: Viewer, communes: Communes) -> frozenset[str]:
    """The names of the communes, to tell whether they are those of the file; none when they cannot be read now."""
    if not communes.name:
        return frozenset()
    try:
        _version, table = reference_tables.read(viewer, communes.dataset, [communes.name])
    except BocageError:
        return frozenset()
    return frozenset(place_name(str(name)) for name in table.column(0).to_pylist() if name)


def _communes(dataset: Dataset) -> Communes | None:
    fields = dataset.fields
    insee, name = _named(fields, "insee"), _named(fields, "commune") or _named(fields, "nom")
    shape = next((one.name for one in fields if one.type in _SHAPES), "")
    if not insee or not (name or shape) or insee == name:
        return None
    return Communes(dataset.slug, dataset.title, insee, name, _named(fields, "cp"), shape)


def _named(fields: Sequence[Field], concept: str) -> str:
    """The field whose name says the idea and the least besides."""
    told = [
        one.name
        for one in sorted(fields, key=lambda field: len(words_of(field.name)))
        if any(likeness(word, concept) >= 0.95 for word in words_of(one.name))
        and (concept == "insee" or "insee" not in words_of(one.name))
    ]
    return told[0] if told else ""
