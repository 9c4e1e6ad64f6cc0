"""What a property of a filter means."""

from __future__ import annotations

from bocage.query.odsql.scope import Scope
from bocage.query.plan import Column, Expression
from bocage.query.rendering import main_geometry

DRAWN = ("geometry", "geom")
"""Names by which every client knows the geometry of a feature, whatever its field is called."""


def named(name: str, scope: Scope) -> Expression:
    """A field by its technical name, else by the name that its file gave it, else in another case. Raises UnknownField."""
    fields = scope.fields
    if name not in fields:
        same = [one for one in fields.values() if one.label == name]
        alike = same or [one for one in fields.values() if name.lower() in (one.name.lower(), one.label.lower())]
        if len(alike) == 1:
            return Column(alike[0].name, alike[0].type)
        drawn = main_geometry(list(fields.values()))
        if drawn is not None and name.lower() in DRAWN:
            return Column(drawn.name, drawn.type)
    return scope.expression(name)
