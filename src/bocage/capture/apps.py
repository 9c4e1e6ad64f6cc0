from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

# The order in which a file is offered to the formats: those with a signature first, any text last.
FORMAT_MODULES = (
    "parquet", "geopackage", "flatgeobuf", "shapefile", "excel", "kml", "geojson", "json_records", "csv",
)  # fmt: skip


class CaptureConfig(AppConfig):
    name = "bocage.capture"
    label = "capture"

    def ready(self) -> None:
        from bocage.capture.reading import FORMATS

        for module in FORMAT_MODULES:
            if find_spec(name := f"bocage.capture.formats.{module}"):
                import_module(name)
        FORMATS.load_entry_points()
