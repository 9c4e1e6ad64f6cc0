"""What the file of a version says of its shapes (the `geo` of GeoParquet: types and bounds), once some rows have changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bocage.capture.positions.geometry_file import OGC_NAMES
from bocage.store.engine import quoted, session
from bocage.store.hot_copies import BOUNDS
from bocage.store.row_groups import NotJoinable, metadata_of

if TYPE_CHECKING:
    from bocage.pipeline.edits.sight import Sight
    from bocage.store.engine import Session
    from bocage.store.row_changes import RowChanges

GEO = "geo"
FLAT = 4
"""Numbers of a box without height."""


def extents_of(sight: Sight, changes: RowChanges, before: Path, written: Collection[Path]) -> Mapping[str, bytes]:
    """The metadata of the file made of row groups of `before`, the file of the version, and of the files `written`.

    Exact: of the rows that stay, as the working copy of the version holds them, and of all those written again.
    Raises NotJoinable for shapes that it cannot tell."""
    told = metadata_of(before)
    if GEO not in told:
        return told
    described = json.loads(told[GEO])
    others = [json.loads(said[GEO])["columns"] for path in written if GEO in (said := metadata_of(path))]
    version = sight.relation.version
    with session(version) as opened:
        for name, column in described["columns"].items():
            stay = _staying(opened, opened.table(version), name, column, [*changes.gone, *changes.replaced])
            described["columns"][name] = column | _together([stay, *(one[name] for one in others if name in one)])
    return told | {GEO: json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()}


def _staying(
    opened: Session, table: str, name: str, column: Mapping[str, Any], left: Collection[int]
) -> Mapping[str, Any]:
    """Of the rows of the version but those at these places."""
    _require_flat(column)
    bounds = [quoted(f"_{name}_{side.lower()}") for side in BOUNDS]
    asked = ", ".join(f"{'min' if side < 2 else 'max'}({one})" for side, one in enumerate(bounds))
    several = len(column["geometry_types"]) > 1
    kinds = f"list(DISTINCT ST_GeometryType({quoted(name)})::VARCHAR)" if several else "NULL"
    [(*box, found)] = opened.execute(
        f"SELECT {asked}, {kinds} FROM {table} WHERE _row NOT IN (SELECT unnest(?::BIGINT[]))", [sorted(left)]
    )
    if box[0] is None:
        return {"geometry_types": [], "bbox": []}
    types = sorted(OGC_NAMES[one] for one in found if one is not None) if several else column["geometry_types"]
    return {"geometry_types": types, "bbox": box}


def _together(described: Collection[Mapping[str, Any]]) -> dict[str, Any]:
    for one in described:
        _require_flat(one)
    boxes = [one["bbox"] for one in described if one["bbox"]]
    if not boxes:
        raise NotJoinable("no shape is left")
    west, south, east, north = zip(*boxes, strict=True)
    types = sorted({kind for one in described for kind in one["geometry_types"]})
    return {"geometry_types": types, "bbox": [min(west), min(south), max(east), max(north)]}


def _require_flat(column: Mapping[str, Any]) -> None:
    if len(column["bbox"]) not in (0, FLAT) or not set(column["geometry_types"]) <= set(OGC_NAMES.values()):
        raise NotJoinable("shapes with a height")
