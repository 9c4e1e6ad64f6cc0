"""Shapes: unreadable, invalid, of another kind than expected, overlapping."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bocage.check.report.words import Words

SHAPES = ngettext_lazy("%(count)s shape is concerned.", "%(count)s shapes are concerned.", "n")

WORDS: dict[str, Words] = {
    "geometry.unreadable": Words(_("Unreadable shape"), SHAPES, _("A geometry in GeoJSON or WKT is expected.")),
    "geometry.invalid": Words(
        _("Invalid shape"),
        SHAPES,
        _("The outline of a shape must not cross itself."),
        _("In QGIS, “Fix geometries” mends most of them."),
    ),
    "geometry.empty": Words(_("Empty shape"), SHAPES, _("The row has no place on the map.")),
    "geometry.type": Words(_("Another kind of shape"), SHAPES, _("The kind expected is: %(expected)s.")),
    "geometry.outside-territory": Words(
        _("Outside the territory"),
        SHAPES,
        advice=_("Look at these shapes on a map: the system of coordinates may be wrong."),
    ),
    "geometry.duplicate": Words(_("Same shape twice"), SHAPES, advice=_("Remove the one too many.")),
    "geometry.sliver": Words(
        _("Shape that is too thin"), SHAPES, advice=_("It is often what is left between two outlines that do not meet.")
    ),
    "geometry.overlap": Words(
        _("Shapes that overlap"), SHAPES, advice=_("Two shapes cover the same place: redraw their common border.")
    ),
    "geometry.gap": Words(
        _("Hole between shapes"),
        _("The shapes leave holes between them."),
        advice=_("If they should cover the whole territory, redraw their common borders."),
    ),
    "geometry.too-many": Words(
        _("Shapes not compared"), _("There are too many shapes to compare each with its neighbours.")
    ),
}
