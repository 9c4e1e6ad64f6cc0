"""The two files: a definition of layers to add to a project, and a project ready to be opened."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from bocage.publish.projects.layers import WEB_MERCATOR, Layer, Subject, in_tree, map_layer, reference_system

VERSION = "3.22.0"
FRANCE = (-5.0, 42.0, 8.5, 51.0)
EARTH_M = 6_378_137.0
NORTHERNMOST = 85.05
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, whatever people wrote in a title."""


def layer_definition(subject: Subject, layers: Sequence[Layer]) -> bytes:
    """A .qlr: what QGIS adds to the project that is open."""
    root = Element("qlr")
    tree = SubElement(root, "layer-tree-group", name="", expanded="1", checked="Qt::Checked")
    kept = SubElement(root, "maplayers")
    for layer in layers:
        in_tree(tree, layer)
        map_layer(kept, layer, subject)
    return _written(root, "<!DOCTYPE qgis-layer-definition>\n")


def project(subject: Subject, layers: Sequence[Layer]) -> bytes:
    """A .qgs: these layers, on the extent of the data."""
    root = Element("qgis", version=VERSION, projectname=subject.title)
    SubElement(root, "title").text = subject.title
    reference_system(SubElement(root, "projectCrs"), WEB_MERCATOR)
    system = SubElement(SubElement(root, "properties"), "SpatialRefSys")
    SubElement(
        system, "ProjectionsEnabled", type="int"
    ).text = "1"  # without it, QGIS forgets the system of the project
    tree = SubElement(root, "layer-tree-group")
    _canvas(root, subject)
    kept, order = SubElement(root, "projectlayers"), SubElement(root, "layerorder")
    for layer in layers:
        in_tree(tree, layer)
        map_layer(kept, layer, subject)
        SubElement(order, "layer", id=layer.identifier)
    return _written(root, "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n")


def _canvas(root: Element, subject: Subject) -> None:
    sides = dict(zip(("xmin", "ymin", "xmax", "ymax"), _projected(subject.bbox or FRANCE), strict=True))
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    extent = SubElement(canvas, "extent")
    for name, value in sides.items():
        SubElement(extent, name).text = f"{value:.2f}"
    SubElement(canvas, "rotation").text = "0"
    reference_system(SubElement(canvas, "destinationsrs"), WEB_MERCATOR)
    settings = SubElement(root, "ProjectViewSettings", UseProjectScales="0")
    default = SubElement(settings, "DefaultViewExtent", {name: f"{value:.2f}" for name, value in sides.items()})
    reference_system(default, WEB_MERCATOR)


def _projected(bbox: Sequence[float]) -> tuple[float, float, float, float]:
    """Degrees to metres of Web Mercator, with a margin of a twentieth and at least 200 metres."""
    (west, south), (east, north) = (_place(*bbox[:2]), _place(*bbox[2:]))
    margin = max(200.0, (east - west) / 20, (north - south) / 20)
    return west - margin, south - margin, east + margin, north + margin


def _place(longitude: float, latitude: float) -> tuple[float, float]:
    kept = math.radians(max(-NORTHERNMOST, min(NORTHERNMOST, latitude)))
    return math.radians(longitude) * EARTH_M, math.log(math.tan(math.pi / 4 + kept / 2)) * EARTH_M


def _written(root: Element, kind: str) -> bytes:
    for element in root.iter():
        element.text = _FORBIDDEN.sub("", element.text) if element.text else element.text
        for name, value in element.attrib.items():
            element.set(name, _FORBIDDEN.sub("", value))
    content: bytes = tostring(root, encoding="utf-8")
    return kind.encode() + content
