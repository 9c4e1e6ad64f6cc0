"""The addresses of the two files. They are made for whoever may read the dataset, of what that reader sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bocage.access.vocabulary import Visibility
from bocage.catalog.styles.maplibre import NUMBERS
from bocage.catalog.styles.services import USUAL
from bocage.catalog.vocabulary import Licence
from bocage.kernel.errors import NotFound
from bocage.kernel.public_address import public_address, public_root
from bocage.publish.ogc.call import Subject as Collection
from bocage.publish.ogc.door import answered
from bocage.publish.projects.files import layer_definition, project
from bocage.publish.projects.layers import Layer, Subject, features_of, tiles_of
from bocage.query.rendering import main_geometry
from bocage.query.styles import default_style

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer
    from bocage.catalog.styles.drawings import Drawing

Writer = Callable[[Subject, Sequence[Layer]], bytes]
LAYER, PROJECT = "application/x-qgis-layer-definition", "application/x-qgis-project"
LONGEST_ABSTRACT = 2_000


def layer_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _answer(request, slug, layer_definition, LAYER, "qlr")


def project_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _answer(request, slug, project, PROJECT, "qgs")


def _answer(request: HttpRequest, slug: str, write: Writer, media_type: str, suffix: str) -> HttpResponseBase:
    def make(viewer: Viewer) -> HttpResponseBase:
        collection = Collection(viewer, slug)
        subject = _subject(request, collection)
        layers = [features_of(subject), tiles_of(subject, _("%(title)s (tiles)") % {"title": subject.title})]
        response = HttpResponse(write(subject, layers), content_type=media_type)
        response["Content-Disposition"] = f'attachment; filename="{collection.dataset.slug}.{suffix}"'
        open_data = collection.dataset.visibility == Visibility.OPEN
        response["Cache-Control"] = "no-cache" if open_data else "private, no-store"
        return response

    return answered(request, make)


def _subject(request: HttpRequest, collection: Collection) -> Subject:
    """Raises NotFound for what is hidden, absent, without data, or drawn nowhere."""
    if main_geometry(collection.fields) is None:
        raise NotFound(kind="collection", name=collection.name)
    seen, bbox = collection.seen, collection.seen.bbox
    style = default_style(collection.viewer, collection.relation, seen)
    return Subject(
        root=public_root(request),
        slug=seen.slug,
        title=seen.title,
        abstract=_abstract(seen.description[:LONGEST_ABSTRACT], style),
        attribution=seen.attributions or seen.organization.name,
        licence=str(Licence(seen.licence).label),
        page=public_address(request, f"/explore/dataset/{quote(seen.slug)}/"),
        geometry_types=tuple(seen.geometry_types),
        bbox=(bbox[0], bbox[1], bbox[2], bbox[3]) if bbox else None,
        row_count=seen.row_count,
        rules=() if style.identifier == USUAL else style.translation.rules,
        numbers=frozenset(field.name for field in collection.fields if field.type in NUMBERS),
    )


def _abstract(description: str, style: Drawing) -> str:
    """With what of the style QGIS is not told: a map that draws less than the page must say so."""
    left = style.translation.ignored
    if not left:
        return description
    said = _("Left out of the style, which was written for MapLibre: %(names)s.") % {"names": ", ".join(left)}
    return f"{description}\n\n{said}".strip()
