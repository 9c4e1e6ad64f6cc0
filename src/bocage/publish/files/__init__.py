"""Whole files: the formats in which data leaves, their cache, their delivery. No standard's vocabulary here."""

from bocage.publish.files.formats import FORMATS
from bocage.publish.files.parquet import Parquet
from bocage.publish.files.text import Csv, GeoJson, Json, JsonLines
from bocage.publish.files.workbook import Workbook

for _format in (Csv(), Json(), JsonLines(), GeoJson(), Parquet(), Workbook()):
    FORMATS.register(_format.name, _format)
