"""QGIS, without a screen, by its own Python: layers added, counted, filtered, drawn; what it found, as JSON on the output.

`{"layers": {name: {"provider": …, "source": …, "filter": expression, "box": [w, s, e, n], "image": path}}}` on the input.
Each layer is opened as a person opens it: from an address and a name, with the default settings of a new profile."""

import json
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

SIZE = 400


def main() -> None:
    asked = json.load(sys.stdin)
    application = QgsApplication([], False)
    application.initQgis()
    found = {name: read(name, one) for name, one in asked["layers"].items()}
    json.dump(found, sys.stdout)
    sys.stdout.flush()
    application.exitQgis()


def read(name, asked):
    layer = opened(name, asked)
    if not layer.isValid():
        return {"valid": False, "error": layer.error().summary()}
    told = {"valid": True, "crs": layer.crs().authid(), "extent": bounds(layer.extent())}
    if isinstance(layer, QgsVectorLayer):
        told.update(rows(layer, asked))
    if asked.get("box"):
        told["painted"] = painted(layer, asked)
    return told


def opened(name, asked):
    provider, source = asked["provider"], asked["source"]
    if provider == "vectortile":
        return QgsVectorTileLayer(source, name)
    if provider in ("wms", "arcgismapserver"):
        return QgsRasterLayer(source, name, provider)
    return QgsVectorLayer(source, name, provider)


def rows(layer, asked):
    told = {
        "count": layer.featureCount(), "geometry": layer.geometryType(), "fields": [one.name() for one in layer.fields()],
        "types": {one.name(): one.typeName() for one in layer.fields()}, "read": sum(1 for _one in layer.getFeatures()),
        "editable": bool(layer.dataProvider().capabilities() & layer.dataProvider().EditingCapabilities),
    }  # fmt: skip
    if asked.get("filter"):
        request = QgsFeatureRequest().setFilterExpression(asked["filter"])
        told["filtered"] = sum(1 for _one in layer.getFeatures(request))
        told["subset"] = layer.setSubsetString(asked["filter"])
        told["subsetted"] = sum(1 for _one in layer.getFeatures())
        layer.setSubsetString("")
    if asked.get("box"):
        request = QgsFeatureRequest().setFilterRect(QgsRectangle(*asked["box"]))
        told["boxed"] = sum(1 for one in layer.getFeatures(request) if one.hasGeometry())
    return told


def painted(layer, asked):
    """How many pixels are not of the background."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(SIZE, SIZE))
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(asked.get("drawn_in", "EPSG:4326")))
    settings.setExtent(QgsRectangle(*asked["frame" if "frame" in asked else "box"]))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    if asked.get("image"):
        image.save(asked["image"])
    white = QColor(255, 255, 255).rgb()
    return sum(image.pixel(x, y) != white for x in range(SIZE) for y in range(SIZE))


def bounds(extent):
    return [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]


main()
