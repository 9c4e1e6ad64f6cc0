"""Exports of a dataset and of the catalogue, and the download address of the first version of the standard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import translation

from bocage.publish.explore.answers import json_answer
from bocage.publish.explore.catalogue import catalogue_key, is_public, is_whole
from bocage.publish.explore.catalogue_documents import DOCUMENTS, document_export
from bocage.publish.explore.catalogue_items import columns_of_table, items_export, names_items
from bocage.publish.explore.errors import InvalidRESTParameter, NotFoundResource
from bocage.publish.files import FORMATS
from bocage.publish.files.cache import Facts, FinishedFile
from bocage.publish.files.delivery import Export, deliver
from bocage.publish.files.errors import CrsNotSupported
from bocage.publish.files.formats import Options
from bocage.publish.files.reference_systems import WGS84, reference_system
from bocage.query import services
from bocage.query.facts import as_seen
from bocage.query.reprojection import Reprojection
from bocage.query.rights import telling_of
from bocage.store.selectors import open_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from bocage.publish.explore.call import Call
    from bocage.publish.files.formats import ExportFormat
    from bocage.publish.files.reference_systems import ReferenceSystem
    from bocage.query.relation import Relation

EXTENSIONS = {"shp": "zip", "turtle": "ttl", "rdfxml": "rdf"}
"""Of the names of the files, where it is not the name of the format."""
LONGEST_SEPARATOR = 10
CATALOGUE_TABLES = ("csv", "json", "xlsx")
CATALOGUE_FORMATS = tuple(sorted((*CATALOGUE_TABLES, *DOCUMENTS)))
CLAUSES = ("select", "where", "group_by", "order_by", "refine", "exclude")


def dataset_formats(call: Call) -> HttpResponse:
    """listDatasetExportFormats."""
    dataset = as_seen(call.viewer, call.dataset)
    names = [name for name, kind in FORMATS.items() if dataset.is_geographic or not kind.geographic]
    base = ("catalog", "datasets", dataset.slug, "exports")
    payload = {"links": [{"href": call.address(*base, name), "rel": name} for name in names]}
    key = call.key("formats", dataset.slug, *names, call.root)
    return json_answer(call, key, lambda: payload, open_data=call.open_data)


def catalogue_formats(call: Call) -> HttpResponse:
    """listExportFormats."""
    links = [{"href": call.address("catalog", "exports", name), "rel": name} for name in CATALOGUE_FORMATS]
    return json_answer(call, call.key("formats", call.root), lambda: {"links": links}, open_data=True)


def chosen_format(call: Call) -> ExportFormat:
    name = call.path["format"]
    if name not in FORMATS:
        raise NotFoundResource("export format", name[:100])
    return FORMATS.get(name)


def system_of(given: Mapping[str, Any]) -> ReferenceSystem | None:
    """The system of coordinates asked for; None is that of the data. Raises InvalidRESTParameter."""
    if given["epsg"] == WGS84:
        return None
    try:
        return reference_system(given["epsg"])
    except CrsNotSupported:
        raise InvalidRESTParameter("epsg", given["epsg"], "the EPSG code of a projected or geographic system") from None


def options(given: Mapping[str, Any], title: str, address: str = "") -> Options:
    """What the client asked of the file. Raises InvalidRESTParameter."""
    if len(given["list_separator"]) > LONGEST_SEPARATOR:
        raise InvalidRESTParameter(
            "list_separator", given["list_separator"][:100], f"at most {LONGEST_SEPARATOR} characters"
        )
    names = (
        "use_labels", "delimiter", "list_separator", "quote_all", "with_bom", "parquet_compression", "name_field",
        "use_extension",
    )  # fmt: skip
    described = given["description_field_list"]
    return Options(
        title=title,
        address=address,
        description_fields=described,
        system=system_of(given),
        **{name: given[name] for name in names},
    )


def bounds(given: Mapping[str, Any]) -> tuple[int, int]:
    if given["limit"] < -1:
        raise InvalidRESTParameter("limit", given["limit"], "-1 <= limit")
    if given["offset"] < 0:
        raise InvalidRESTParameter("offset", given["offset"], ">= 0")
    return given["limit"], given["offset"]


def export_of(
    call: Call, relation: Relation, kind: ExportFormat, stem: str, select: str | None = None, **facts: Any
) -> Export:
    """`select`: in the place of the one given."""
    limit, offset = bounds(call.given)
    request = call.odsql(limit=limit, offset=offset, select=select)
    chosen = options(call.given, stem, call.page)
    reprojection = Reprojection(chosen.system.code, kind.reprojects) if chosen.system and kind.reprojects else None
    extension = f"{EXTENSIONS.get(kind.name, kind.name)}{'.gz' if call.given['compressed'] else ''}"
    return Export(
        format=kind,
        options=chosen,
        open_stream=lambda: services.stream(
            call.viewer, relation, request, kind.rendering(chosen), reprojection=reprojection
        ),
        filename=f"{stem}.{extension}",
        compressed=call.given["compressed"],
        lasting=call.lasting,
        telling=telling_of(call.viewer, relation),
        **facts,
    )


def dataset_export(call: Call) -> HttpResponseBase:
    """exportRecords and its formats."""
    kind = chosen_format(call)
    version = call.relation.version
    restriction = call.relation.restriction(call.viewer)
    as_published = call.relation.key == version.uid  # no text of it is read as a list
    finished = own_file(call, kind) if as_published and not restriction else None
    export = export_of(
        call,
        call.relation,
        kind,
        call.dataset.slug,
        key=version.sha256
        if finished
        else call.key("export", call.relation.key, call.relation.description_key, restriction.key),
        version=version.uid,
        modified_at=version.created_at
        if call.given.get("as_of")
        else call.dataset.data_updated_at or version.created_at,
        open_data=call.open_data,
        finished=finished,
    )
    return deliver(call.request, export)


def own_file(call: Call, kind: ExportFormat) -> Callable[[], FinishedFile] | None:
    """The version's own Parquet file, when it is exactly what is asked: all of it, by a viewer from whom nothing is hidden."""
    given = call.given
    reworked = (
        given["epsg"] != WGS84
        or given["compressed"]
        or given["parquet_compression"]
        or given["offset"]
        or given["limit"] != -1
    )
    if kind.name != "parquet" or reworked or any(given[name] for name in CLAUSES):
        return None
    options(given, "")  # same refusals as for a file that would be written
    version = call.relation.version
    facts = Facts(version.row_count, version.size_bytes, version.sha256)
    return lambda: FinishedFile(open_parquet(call.viewer, version), facts)


def catalogue_export(call: Call) -> HttpResponseBase:
    """exportDatasets: its items, a table of them, or a document about its datasets."""
    call = _by_the_name_of_the_standard(call)
    if call.path["format"] in DOCUMENTS:
        return document_export(call)
    kind = chosen_format(call)
    if kind.name not in CATALOGUE_TABLES:
        raise NotFoundResource("export format", kind.name)
    if kind.name == "json" and names_items(call):
        return items_export(call, *bounds(call.given))
    whole = is_whole(call) and not call.given["group_by"]
    key = catalogue_key(call, f"export {translation.get_language()}")  # of the labels
    export = export_of(
        call,
        call.catalogue,
        kind,
        "catalogue",
        columns_of_table(labelled=call.given["use_labels"]) if whole else None,
        key=key,
        version=key[:16],
        modified_at=None,
        open_data=is_public(call),
    )
    return deliver(call.request, export)


def _by_the_name_of_the_standard(call: Call) -> Call:
    """The vendor's own client writes `dcat-ap-it` for `dcat_ap_it`, and a digit for the last letter of `dcat_ap_vl`."""
    asked = call.path["format"]
    name = asked.replace("-", "_").replace("dcat_ap_v1", "dcat_ap_vl")
    return replace(call, path={**call.path, "format": name}) if name in DOCUMENTS else call
