"""A version as one file that maps read by parts: an archive of tiles (PMTiles), or features with their index (FlatGeobuf)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.kernel.errors import NotFound
from bocage.publish.files import FORMATS
from bocage.publish.files.cache import export_cache
from bocage.publish.files.delivery import Export, deliver, finish
from bocage.publish.files.formats import Options
from bocage.publish.ogc.errors import OgcError
from bocage.publish.tiles import archive
from bocage.publish.tiles.archived import Archived, digest
from bocage.publish.tiles.asked import require_drawn
from bocage.publish.tiles.building import archive_of
from bocage.publish.tiles.keeping import tell_caches
from bocage.query.features import FeatureQuery, feature_stream
from bocage.query.plan import Column, Missing, Not
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import main_geometry
from bocage.query.rights import telling_of
from bocage.store.models import Version

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.files.cache import FinishedFile
    from bocage.publish.ogc.call import Call
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

LARGEST_NUMBER = 2**31 - 1
PMTILES = archive.PMTiles()


def tile_archive(call: Call, number: str = "") -> HttpResponseBase:
    """`/tiles/{dataset}.pmtiles`, `/tiles/{dataset}/{version}.pmtiles`"""
    relation = relation_of(call, number)
    if relation.restriction(call.viewer):
        raise OgcError(403, "Forbidden", _(
            "A part of this dataset is kept from you, and the archive holds all of it. Read the tiles one by one: you see in them "
            "what you may see."
        ))  # fmt: skip
    wanted = Archived(relation)

    def finished() -> FinishedFile:
        found = archive_of(wanted)
        telling_of(call.viewer, relation).tell()
        return found

    return _delivered(call, relation, wanted.key, number, format=PMTILES, options=Options(), finished=finished,
                      open_stream=_never)  # fmt: skip


def features_file(call: Call, number: str = "") -> HttpResponseBase:
    """`/tiles/{dataset}.fgb`, `/tiles/{dataset}/{version}.fgb`: the records that are somewhere, those that the caller sees."""
    relation = relation_of(call, number)
    options = Options(title=call.collection)
    restriction = relation.restriction(call.viewer).key
    key = digest("fgb", relation.key, relation.description_key, restriction)
    query = FeatureQuery(condition=_placed)
    return _delivered(call, relation, key, number, format=FORMATS.get("fgb"), options=options,
                      open_stream=lambda: feature_stream(call.viewer, relation, query))  # fmt: skip


def relation_of(call: Call, number: str) -> DatasetRelation:
    """The version of that number, the present one by default. Those that are not published any more are for whoever publishes:
    one may have been replaced because of what it said. Raises NotFound."""
    require_drawn(call)
    if not number or int(number) == call.relation.version.number:
        return call.relation
    found = Version.objects.filter(dataset=call.dataset, number=min(int(number), LARGEST_NUMBER)).first()
    if found is None or not decide(call.viewer, Action.PUBLISH, call.dataset):
        raise NotFound(kind="version", name=number[:20])
    found.dataset = call.dataset
    return DatasetRelation(call.dataset, found)


def _delivered(call: Call, relation: DatasetRelation, key: str, number: str, **made: Any) -> HttpResponseBase:
    """The address of a version is that of its bytes, as long as nothing is said anew of it."""
    export = Export(
        key=key,
        filename=f"{call.collection}-{relation.version.number}.{made['format'].name}",
        version=relation.version.uid,
        modified_at=relation.version.created_at,
        open_data=call.open_data,
        telling=telling_of(call.viewer, relation),
        **made,
    )
    if call.request.method == "HEAD" and export.finished is None and not export_cache().find(export.entry):
        finish(export)  # whoever reads by ranges asks for the length first, and gives up without it
    response = deliver(call.request, export)
    if response.status_code in (200, 206, 304):
        former = relation.version.pk != call.relation.version.pk
        tell_caches(call, response, named=bool(number))
        if former:
            response["Cache-Control"] = "private, no-store"
    return response


def _placed(scope: Scope) -> Predicate | None:
    drawn = main_geometry(list(scope.fields.values()))
    return None if drawn is None else Not(Missing(Column(drawn.name, drawn.type)))


def _never() -> Any:
    raise TypeError("the file of an archive is made before it is asked for")
