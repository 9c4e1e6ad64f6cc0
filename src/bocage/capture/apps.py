from importlib import import_module

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
            import_module(f"bocage.capture.formats.{module}")
        FORMATS.load_entry_points()
