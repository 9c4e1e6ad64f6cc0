"""Where an organisation is, by its codes and by the reference layers that say where they are: what speaks of its territory.

Boundaries are read as anybody may read them: the list of a portal tells nothing of a layer that is kept from somebody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bocage.access.restrictions import restriction_for
from bocage.access.rules import visible_to
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.references.models import ReferenceLayer
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.errors import BocageError
from bocage.organizations.models import Organization
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import main_geometry
from bocage.query.requests import OdsqlRequest
from bocage.query.restricted import seen_by
from bocage.query.services import records
from bocage.store.hardening import literal
from bocage.store.models import Version
from bocage.store.selectors import current_version

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
MOST_LAYERS = 5
MOST_CODES = 900
"""Communes below an organisation: more are named by the codes above them."""


@dataclass(frozen=True)
class Territory:
    """`codes`: of the organisation and of the communes below it. `box`: bounds of its boundary, None where nobody knows them."""

    codes: frozenset[str]
    box: Box | None = None

    def sql(self) -> str:
        """Condition on the resident catalogue: a dataset says so, or its extent covers the middle of the territory, or lies within
        its bounds. What merely touches them is that of a neighbour."""
        if not self.codes:
            return "false"
        said = f"list_has_any(territory, [{', '.join(literal(code) for code in sorted(self.codes))}])"
        return f"({said} OR {_around(self.box)})" if self.box is not None else said


def _around(box: Box) -> str:
    west, south, east, north = box
    x, y = (west + east) / 2, (south + north) / 2
    sides = "CAST(string_split(trim(bbox, '[]'), ',') AS DOUBLE[])"
    w, s, e, n = (f"{sides}[{rank}]" for rank in range(1, 5))
    covers = f"({w} <= {x!r} AND {e} >= {x!r} AND {s} <= {y!r} AND {n} >= {y!r})"
    inside = f"({w} >= {west!r} AND {e} <= {east!r} AND {s} >= {south!r} AND {n} <= {north!r})"
    return f"coalesce({covers} OR {inside}, false)"


def territory_of(organization: Organization) -> Territory:
    """Its own codes are looked for among the boundaries first, then those of the communes below it."""
    own = frozenset({organization.insee_code, organization.siren} - {""})
    below, layers = _below(organization), _layers()
    for codes in (own, below):
        for layer in layers if codes else ():
            if (box := _bounds(layer, codes)) is not None:
                return Territory(own | below, box)
    return Territory(own | below)


def _below(organization: Organization) -> frozenset[str]:
    if not organization.path:
        return frozenset()
    branch = Organization.objects.filter(path__startswith=organization.path).exclude(pk=organization.pk)
    codes = branch.exclude(insee_code="").order_by("pk").values_list("insee_code", flat=True)
    return frozenset(codes[:MOST_CODES])


def _layers() -> list[ReferenceLayer]:
    """Those of boundaries that everybody may read, the first marked first."""
    open_to_all = Dataset.objects.filter(visible_to(ANONYMOUS, Action.READ), version_number__isnull=False)
    found = ReferenceLayer.objects.filter(kind=ReferenceKind.BOUNDARIES, dataset__in=open_to_all)
    return list(found.select_related("dataset").order_by("pk")[:MOST_LAYERS])


def _bounds(layer: ReferenceLayer, codes: frozenset[str]) -> Box | None:
    """Of the rows of these keys; None when there are none, or when they cannot be read now."""
    version = current_version(layer.dataset)
    if version is None:
        return None
    try:
        return _measured(version.uid, restriction_for(ANONYMOUS, layer.dataset).key, layer.key, codes)
    except BocageError:
        return None


@lru_cache(maxsize=512)
def _measured(version: str, _restricted: str, key: str, codes: frozenset[str]) -> Box | None:
    """A version never changes, and what is kept of it has another `_restricted`. Raises BocageError."""
    found = Version.objects.select_related("dataset").get(uid=version)
    relation = seen_by(ANONYMOUS, DatasetRelation(found.dataset, found))
    drawn = main_geometry(list(relation.fields))
    if drawn is None or not any(one.name == key and one.type == FieldType.STRING for one in relation.fields):
        return None
    listed = ", ".join(json.dumps(code) for code in sorted(codes))
    asked = OdsqlRequest(select=f"bbox({_named(drawn.name)}) AS box", where=[f"{_named(key)} IN ({listed})"])
    rows = records(ANONYMOUS, relation, asked).rows
    shape = rows[0]["box"] if rows else None
    return None if shape is None else _sides(shape["geometry"])


def _named(field: str) -> str:
    """A field, between back-quotes."""
    return "`" + field.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _sides(geometry: Mapping[str, Any]) -> Box | None:
    """Of the rectangle that the engine gives; one without width is a position or a line."""
    positions = (
        [position for ring in geometry["coordinates"] for position in ring] if geometry["type"] == "Polygon" else []
    )
    xs, ys = [one[0] for one in positions], [one[1] for one in positions]
    return (min(xs), min(ys), max(xs), max(ys)) if positions else None
