"""JSON that holds a table: a list of objects, one object per line, or an object around one or several lists of objects.

An API's answer (`{"results": […]}`), a GBFS feed (`{"data": {"stations": […]}}`), an export of Opendatasoft v1
(`{"records": [{"fields": …}]}`): each list of objects found is a layer, named by the path of its keys.
"""

from __future__ import annotations

import re
from pathlib import Path

from bocage.capture.json_documents import source as json_source
from bocage.capture.json_documents.layout import Document, Layout, Span
from bocage.capture.json_documents.rows import Rows, keys_of, read_objects
from bocage.capture.positions.errors import JsonKindNotSupported, JsonWithoutRecords, LayerAbsent
from bocage.capture.positions.notices import FLATTENED, OTHER_LAYERS, SINGLE_RECORD, WRAPPED_RECORDS, listed, notice
from bocage.capture.reading import FORMATS, Reading
from bocage.capture.understanding import Corrections
from bocage.capture.understanding import Layer as LayerChoice
from bocage.store.engine import EngineError, Workshop
from bocage.store.staged import Notice

MOST_LISTS = 30
_START = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t\r\n\x1e]*[\[{][ \t\r\n]*[\"{\[\]}]")
_ANY_LIST = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\[")
_ENVELOPE = {"datasetid", "recordid", "fields", "geometry", "record_timestamp", "links"}


class JsonRecords:
    name = "json"
    label = "JSON"
    extensions: tuple[str, ...] = (".json", ".jsonl", ".ndjson")
    last_resort = False

    def recognises(self, head: bytes, filename: str) -> bool:
        return bool(_START.match(head)) or (filename.lower().endswith(".json") and bool(_ANY_LIST.match(head)))

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises JsonWithoutRecords, LayerAbsent, MalformedJson, CutJson, JsonNotUtf8, RecordTooLarge."""
        with Document(file) as document:
            layout = document.layout()
            if (kind := layout.members.get("type")) in ("Topology", "CityJSON"):
                raise JsonKindNotSupported(kind=kind)
            span, notices = (None, []) if layout.root == "sequence" else _chosen(layout, corrections.layer)
            if layout.root == "sequence":
                source = json_source.sequence_source(file, layout, workshop)
            elif span is None:
                source = json_source.single_source(file, layout, workshop)
            else:
                source = json_source.list_source(document, file, span, workshop)
            try:
                rows, more = _rows(source, workshop)
            except EngineError as error:
                raise json_source.explain(error, document, span) from None
        lists = layout.lists if span is not None and span.path else []
        return Reading(
            format=self.name,
            sql=f"SELECT {', '.join(rows.select)} FROM {rows.relation}",
            columns=rows.columns,
            layers=tuple(LayerChoice(found.name) for found in lists),
            layer=span.name if span is not None else "",
            encoding="utf-8",
            notices=(*notices, *more, *rows.notices),
            row_estimate=rows.row_count,
        )


def _chosen(layout: Layout, wanted: str) -> tuple[Span | None, list[Notice]]:
    """The list to read: the one asked for, else the heaviest; None when the object is itself the only record."""
    if layout.root == "array":
        return layout.lists[0], []
    lists = layout.lists
    names = [span.name for span in lists]
    if wanted and wanted not in names:
        raise LayerAbsent(layer=wanted, layers=listed(names))
    if len(lists) > MOST_LISTS:
        raise JsonWithoutRecords
    if not lists:
        if not layout.members or all(isinstance(value, dict) for value in layout.members.values()):
            raise JsonWithoutRecords
        return None, [notice(SINGLE_RECORD)]
    chosen = lists[names.index(wanted)] if wanted else max(lists, key=lambda span: span.end - span.start)
    notices = [notice(WRAPPED_RECORDS, path=chosen.name)]
    if len(lists) > 1:
        notices.append(
            notice(OTHER_LAYERS, layer=chosen.name, others=listed([name for name in names if name != chosen.name]))
        )
    return chosen, notices


def _rows(source: str, workshop: Workshop) -> tuple[Rows, list[Notice]]:
    [(strange,)] = workshop.execute(
        f"SELECT count(*) FROM (SELECT json_type(json) AS kind FROM {source}) WHERE kind NOT IN ('OBJECT', 'NULL')"
    )
    if strange:
        raise JsonWithoutRecords
    keys = keys_of(workshop, source, "json")
    if "fields" in keys and ("recordid" in keys or "record_timestamp" in keys) and set(keys) <= _ENVELOPE:
        outside = {key: f"json->'{key}'" for key in keys if key in ("recordid", "record_timestamp", "geometry")}
        rows = read_objects(workshop, source, "(json->'fields')", leading=outside)
        return rows, [notice(FLATTENED, path="fields")]
    return read_objects(workshop, source, "json"), []


FORMATS.register(JsonRecords.name, JsonRecords())
