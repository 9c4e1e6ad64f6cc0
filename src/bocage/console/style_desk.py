"""What the pages of styles show: the styles that the keeper may know of, the classes to word, a map that tries them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bocage.catalog.styles.choosing import rules_of
from bocage.catalog.styles.legends import Entry, legend_of
from bocage.catalog.styles.maplibre import layers_of
from bocage.catalog.styles.models import Style
from bocage.catalog.styles.palettes import LEAST_CONTRAST, contrast
from bocage.catalog.styles.selectors import last_change
from bocage.catalog.styles.services import DEFAULT, USUAL
from bocage.kernel.errors import NotFound
from bocage.kernel.ids import slugify
from bocage.query.facts import as_seen
from bocage.query.relation import DatasetRelation
from bocage.query.restricted import seen_by
from bocage.query.styles import styles_for
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset
    from bocage.catalog.styles.choices import Choices
    from bocage.catalog.styles.drawings import Drawing
    from bocage.catalog.styles.models import StyleChange

MANY = 8
"""Classes beyond which a legend is no longer read."""


@dataclass(frozen=True)
class Row:
    """A class in the form. `name`: of its inputs; `what`: the value, when its words may be others."""

    name: str
    what: str
    title: str
    color: str
    drawn: str
    faint: bool


@dataclass(frozen=True)
class Desk:
    """The dataset on which styles are made. Raises NotFound when there is nothing to draw for the keeper."""

    viewer: Viewer
    dataset: Dataset

    @cached_property
    def seen(self) -> Dataset:
        return as_seen(self.viewer, self.dataset)

    @cached_property
    def relation(self) -> DatasetRelation:
        version = current_version(self.dataset)
        if version is None:
            raise NotFound(kind="map", name=self.dataset.slug)
        return DatasetRelation(self.dataset, version)

    @cached_property
    def is_drawn(self) -> bool:
        return self.dataset.version_number is not None and self.seen.is_geographic

    @cached_property
    def fields(self) -> list[Field]:
        """Those that the keeper sees as they are: a style by another would tell of what is masked from them."""
        masked = {one.field for one in self.relation.restriction(self.viewer).masks}
        return [one for one in seen_by(self.viewer, self.relation).fields if one.name not in masked]

    @cached_property
    def styles(self) -> list[Drawing]:
        return styles_for(self.viewer, self.relation, self.seen)

    def style(self, identifier: str) -> Drawing:
        """One that was chosen in a form. Raises NotFound."""
        for one in self.styles:
            if one.identifier == identifier and one.choices is not None:
                return one
        raise NotFound(kind="style", name=identifier[:100])

    @property
    def last_change(self) -> StyleChange | None:
        """The one that would be undone, unless it is of styles of which the keeper may not know."""
        change = last_change(self.dataset)
        if change is None or not self.relation.restriction(self.viewer):
            return change
        return change if set(change.before) <= {one.identifier for one in self.styles} else None

    def free_identifier(self, title: str) -> str:
        """One that no style of the dataset has, whoever may know of it."""
        wanted = slugify(title, fallback="style")[:80]
        taken = {*Style.objects.filter(dataset=self.dataset).values_list("identifier", flat=True), USUAL, DEFAULT}
        return next(one for one in (wanted, *(f"{wanted}-{rank}" for rank in range(2, 100))) if one not in taken)

    @property
    def kinds(self) -> Sequence[str]:
        found: Sequence[str] = self.seen.geometry_types
        return found

    @property
    def has_points(self) -> bool:
        return any("Point" in one for one in self.kinds)

    @property
    def is_sized(self) -> bool:
        """Whether symbols have a size: surfaces have their own."""
        return any("Polygon" not in one for one in self.kinds)

    # What the editor shows ------------------------------------------------------------------------------------------

    def legend(self, choices: Choices) -> list[Entry]:
        return legend_of(rules_of(choices, self.kinds), self.seen.title)

    def rows(self, choices: Choices) -> list[Row]:
        """Of the classes, in the order of the legend."""
        told = [(str(rank), one.value, one.title, one.color) for rank, one in enumerate(choices.categories)]
        told = told or [(str(rank), "", one.title, one.color) for rank, one in enumerate(choices.bands)]
        rest = [("others", choices.others)] if choices.kind == "category" else []
        rest += [("missing", choices.missing)] if choices.kind != "one" else []
        told += [(name, "", one.title, one.color) for name, one in rest if one.drawn]
        drawn = [one.drawn for one in self.legend_in_order(choices)]
        return [
            Row(
                name,
                "" if what in (title, "true", "false") else what,
                title,
                color,
                swatch,
                contrast(color) < LEAST_CONTRAST,
            )
            for (name, what, title, color), swatch in zip(told, drawn, strict=False)
        ]

    def legend_in_order(self, choices: Choices) -> list[Entry]:
        """One for each rule that draws, even when two have the same words."""
        return [entry for rule in rules_of(choices, self.kinds) for entry in legend_of([rule], self.seen.title)]

    def advice(self, choices: Choices) -> list[str]:
        """What a careful map maker would say."""
        found = []
        if len(choices.categories) > MANY:
            said = _(
                "More than %(most)s colours are hard to tell apart: some come back. A field with fewer values reads better."
            )
            found.append(said % {"most": MANY})
        if any(one.faint for one in self.rows(choices)) and any("Line" in one for one in self.kinds):
            found.append(_("Some colours are too light to be seen on the map: take darker ones."))
        if choices.kind in ("class", "size") and not choices.bands:
            found.append(_("This field has one value, or none: there are no classes to make of it."))
        if choices.kind == "category" and not choices.categories:
            found.append(_("This field has no values."))
        return found

    def preview(self, choices: Choices) -> dict[str, Any]:
        """What the script of a map is told."""
        types = {field.name: field.type for field in self.fields}
        names = ",".join(one for one in sorted(choices.named()) if one in types)
        layers = layers_of(rules_of(choices, self.kinds), types, "data", self.dataset.slug)
        return {
            "layer": self.dataset.slug,
            "tiles": f"/tiles/{quote(self.dataset.slug)}/{{z}}/{{x}}/{{y}}.mvt?properties={quote(names, safe=',')}",
            "drawing": [one for one in layers if not one["id"].startswith("groups")],
            "bbox": self.seen.bbox,
            "style": settings.BOCAGE.basemap_style_url,
            "communes": reverse("portal:basemap_communes"),
            "words": {
                "map": _("Map that tries the style. Arrows move it, plus and minus change the zoom."),
                "failed": _("The map cannot be drawn by this browser. The legend shows the symbols."),
                "zoomIn": _("Zoom in"),
                "zoomOut": _("Zoom out"),
                "attribution": _("Base map"),
            },
        }
