"""The layers of a dataset as QGIS writes them: its features by the OGC API, its tiles."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement

from bocage.catalog.styles.symbols import Rule
from bocage.publish.projects.renderers import Look, feature_renderer, labeling, tile_renderer
from bocage.publish.projects.symbols import house_renderer, house_tile_renderer, kind_of

CRS84, WEB_MERCATOR = "OGC:CRS84", "EPSG:3857"
MANY = 50_000
"""Features beyond which tiles are what is seen first."""


@dataclass(frozen=True)
class Subject:
    """A dataset as its reader sees it. `root`: address of the platform, without a final slash. `rules`: of the style that draws it
    for them; none for the look of the house. `numbers`: names of the fields that hold some."""

    root: str
    slug: str
    title: str
    abstract: str
    attribution: str
    licence: str
    page: str
    geometry_types: tuple[str, ...]
    bbox: tuple[float, float, float, float] | None
    row_count: int | None
    rules: tuple[Rule, ...] = ()
    numbers: frozenset[str] = frozenset()

    @property
    def many(self) -> bool:
        return self.row_count is None or self.row_count > MANY


@dataclass(frozen=True)
class Layer:
    """`kind`: the type of layer of QGIS."""

    identifier: str
    name: str
    kind: str
    provider: str
    source: str
    crs: str
    checked: bool


def features_of(subject: Subject) -> Layer:
    """Read by rectangles: QGIS asks for what is in its window, page after page."""
    address = _value(f"{subject.root}/ogc/")
    source = (
        f"pagingEnabled='true' restrictToRequestBBOX='1' srsname='{CRS84}' "
        f"typename='{_value(subject.slug)}' url='{address}'"
    )
    return Layer(f"{subject.slug}_features", subject.title, "vector", "OAPIF", source, CRS84, not subject.many)


def tiles_of(subject: Subject, name: str) -> Layer:
    """`{z}` and its like are escaped as QGIS escapes them."""
    address = quote(f"{subject.root}/tiles/{subject.slug}/{{z}}/{{x}}/{{y}}.mvt", safe=":/")
    source = f"type=xyz&url={address}&zmin=0&zmax=22"
    return Layer(f"{subject.slug}_tiles", name, "vector-tile", "vectortile", source, WEB_MERCATOR, subject.many)


def _value(text: str) -> str:
    """A value between quotes, in the addresses of sources of QGIS."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def in_tree(parent: Element, layer: Layer) -> None:
    SubElement(
        parent, "layer-tree-layer", id=layer.identifier, name=layer.name, source=layer.source,
        providerKey=layer.provider, checked="Qt::Checked" if layer.checked else "Qt::Unchecked", expanded="0",
    )  # fmt: skip


def map_layer(parent: Element, layer: Layer, subject: Subject) -> None:
    kind = kind_of(next(iter(subject.geometry_types), "Point"))
    written = SubElement(parent, "maplayer", type=layer.kind, styleCategories="AllStyleCategories")
    if layer.kind == "vector":
        written.set("geometry", kind)
    _text(written, "id", layer.identifier)
    _text(written, "datasource", layer.source)
    _text(written, "layername", layer.name)
    _text(written, "title", layer.name)
    _text(written, "abstract", subject.abstract)
    _text(written, "attribution", subject.attribution).set("href", subject.page)
    reference_system(SubElement(written, "srs"), layer.crs)
    _metadata(written, layer, subject)
    _text(written, "provider", layer.provider).set("encoding", "UTF-8")
    SubElement(SubElement(written, "map-layer-style-manager", current="default"), "map-layer-style", name="default")
    _drawn(written, layer, subject, kind)


def _drawn(written: Element, layer: Layer, subject: Subject, kind: str) -> None:
    look = Look(subject.rules, kind, subject.numbers)
    if layer.kind != "vector":
        if subject.rules:
            tile_renderer(written, subject.slug, look)
        else:
            house_tile_renderer(written, subject.slug)
    elif look.drawn:
        feature_renderer(written, look)
        labeling(written, look)
    else:
        house_renderer(written, kind)


def _metadata(parent: Element, layer: Layer, subject: Subject) -> None:
    told = SubElement(parent, "resourceMetadata")
    for name, value in (
        ("identifier", subject.page), ("language", "FRE"), ("type", "dataset"), ("title", subject.title),
        ("abstract", subject.abstract), ("license", subject.licence), ("rights", subject.attribution),
    ):  # fmt: skip
        _text(told, name, value)
    reference_system(SubElement(told, "crs"), layer.crs)


def reference_system(parent: Element, authority: str) -> None:
    """Its code, from which QGIS looks the rest up: the numbers are needed by the system of a project."""
    system = SubElement(parent, "spatialrefsys")
    organization, _, number = authority.partition(":")
    if organization == "EPSG":
        _text(system, "srsid", number)
        _text(system, "srid", number)
    _text(system, "authid", authority)


def _text(parent: Element, name: str, text: str) -> Element:
    made = SubElement(parent, name)
    made.text = text
    return made
