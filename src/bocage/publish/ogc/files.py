"""The features as a whole file: CSV, FlatGeobuf, GeoParquet, through the same exports as the catalogue's."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bocage.publish.files import FORMATS
from bocage.publish.files.delivery import Export, deliver
from bocage.publish.files.formats import Options
from bocage.publish.files.reference_systems import reference_system
from bocage.publish.ogc.negotiation import CSV, FLATGEOBUF, PARQUET
from bocage.query.features import FeatureQuery, feature_stream
from bocage.query.reprojection import Reprojection
from bocage.query.rights import telling_of

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call
    from bocage.query.coordinates import Crs

FILES = (CSV, FLATGEOBUF, PARQUET)


def file_answer(call: Call, query: FeatureQuery, crs: Crs) -> HttpResponseBase:
    """Every feature that is asked for, unless `limit` says otherwise. Coordinates are always easting or longitude first:
    this is how GIS read files."""
    kind, relation = FORMATS.get(call.format.name), call.relation
    query = dataclasses.replace(query, limit=query.limit if call.given.get("limit") else None, after="")
    system = reference_system(int(crs.code.rpartition(":")[2])) if crs.projected else None
    options = Options(title=call.collection, delimiter=",", with_bom=False, system=system)
    move = Reprojection(crs.code, kind.reprojects) if crs.projected and kind.reprojects else None
    export = Export(
        key=call.data_key(),
        format=kind,
        options=options,
        open_stream=lambda: feature_stream(call.viewer, relation, query, kind.rendering(options), move),
        filename=f"{call.collection}.{kind.name}",
        version=relation.version.uid,
        modified_at=call.dataset.data_updated_at,
        open_data=call.open_data,
        telling=telling_of(call.viewer, relation),
    )
    response = deliver(call.request, export)
    response["Content-Crs"] = f"<{crs.uri}>"
    return response
