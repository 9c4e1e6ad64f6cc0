"""applyEdits, addFeatures, updateFeatures, deleteFeatures: the same edits as those of the OGC API (`pipeline.edits`).

A key says who writes, never a cookie: the page of a stranger could send what the browser of a keeper holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.edits.changes import Change, Create, Delete
from bocage.pipeline.edits.errors import FeatureAbsent
from bocage.pipeline.edits.identified import identifiers
from bocage.pipeline.edits.policies import require_editable, sight_for_edits
from bocage.pipeline.edits.services import MOST_EDITS, apply
from bocage.pipeline.edits.sight import features_seen, sight_of
from bocage.pipeline.pushes.payload import Number, records_of
from bocage.publish.geoservices.asked import numbers
from bocage.publish.geoservices.errors import NOT_ALLOWED, EsriError, Invalid, of_feature
from bocage.publish.geoservices.shapes import drawing_of
from bocage.query.relation import DatasetRelation
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.catalog.fields import Field
    from bocage.pipeline.edits.changes import Done, Edit
    from bocage.pipeline.edits.sight import Sight
    from bocage.publish.geoservices.call import Call

DOOR = "arcgis"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Feature = dict[str, Any]
Result = dict[str, Any]


def apply_edits(call: Call) -> dict[str, list[Result]]:
    return _applied(call, _sent(call, "adds"), _sent(call, "updates"), numbers(call, "deletes"))


def add_features(call: Call) -> dict[str, list[Result]]:
    return {"addResults": _applied(call, _sent(call, "features"), [], [])["addResults"]}


def update_features(call: Call) -> dict[str, list[Result]]:
    return {"updateResults": _applied(call, [], _sent(call, "features"), [])["updateResults"]}


def delete_features(call: Call) -> dict[str, list[Result]]:
    """By their numbers: a condition could take more than what was looked at."""
    if not call.text("objectIds"):
        raise Invalid("objectIds", _("name the features to delete, by their numbers"))
    return {"deleteResults": _applied(call, [], [], numbers(call, "objectIds"))["deleteResults"]}


def _applied(call: Call, adds: list[Feature], updates: list[Feature], deletes: list[int]) -> dict[str, list[Result]]:
    sight = _sight(call)
    if len(adds) + len(updates) + len(deletes) > MOST_EDITS:
        raise Invalid("adds, updates, deletes", _("at most %(most)s edits are accepted") % {"most": MOST_EDITS})
    number = call.layer.number
    changed = [_integer(one["attributes"].get(number)) for one in updates]
    known = _identifiers(sight, number, [*changed, *deletes])
    edits: list[Edit] = [Create(_values(call, one, adding=True), _drawing(call, one)) for one in adds]
    edits += [
        Change(known.get(key, "-"), _values(call, one), _drawing(call, one))
        for key, one in zip(changed, updates, strict=True)
    ]
    edits += [Delete(known.get(key, "-")) for key in deletes]
    done = _done(call, edits)
    made = _numbers_of(call, done[: len(adds)])
    return {
        "addResults": [_result(one, made.get(one.identifier, -1)) for one in done[: len(adds)]],
        "updateResults": [_result(one, key) for one, key in zip(done[len(adds) :], changed, strict=False)],
        "deleteResults": [
            _result(one, key) for one, key in zip(done[len(adds) + len(updates) :], deletes, strict=True)
        ],
    }


def _sight(call: Call) -> Sight:
    """What the caller edits. Raises EsriError."""
    require_editable(call.viewer, call.dataset)
    sight = sight_for_edits(call.viewer, call.dataset)
    if sight is None:
        version = current_version(call.dataset)
        if version is not None:
            sight_of(call.viewer, call.dataset, version)  # says why
        raise EsriError(NOT_ALLOWED, _("You may not edit this layer."))
    if not call.layer.relation.own:
        raise EsriError(
            400,
            _(
                "Features are edited here by a whole number that identifies each of them: this dataset has none. QGIS edits it."
            ),
        )
    return sight


def _done(call: Call, edits: Sequence[Edit]) -> Sequence[Done]:
    """With `rollbackOnFailure`, which is the usual, one fault and nothing is done: the envelope says which."""
    if not edits:
        return ()
    atomic = call.truth("rollbackOnFailure", True)
    try:
        return apply(viewer=call.viewer, dataset=call.dataset, edits=edits, door=DOOR, atomic=atomic).done
    except FeatureAbsent:
        raise EsriError(400, _("A feature is not there any more, or you may not see it. Reload the layer.")) from None


def _identifiers(sight: Sight, number: str, keys: Sequence[int]) -> dict[int, str]:
    wanted = list(dict.fromkeys(keys))
    found = identifiers(sight, [{number: key} for key in wanted])
    return {key: one for key, one in zip(wanted, found, strict=True) if one}


def _numbers_of(call: Call, done: Sequence[Done]) -> dict[str, int]:
    """Identifier of what was created → its number, in the version that holds it."""
    wanted = [one.identifier for one in done if one.identifier]
    version = current_version(call.dataset)
    if not wanted or version is None:
        return {}
    seen = features_seen(call.viewer, DatasetRelation(call.dataset, version), wanted)
    return {identifier: int(one.values[call.layer.number]) for identifier, one in seen.items()}


def _result(done: Done, number: int) -> Result:
    if done.fault is None:
        return {"objectId": number, "globalId": None, "success": True}
    return {"objectId": number, "globalId": None, "success": False, "error": of_feature(done.fault)}


def _sent(call: Call, name: str) -> list[Feature]:
    """Raises Invalid, and what the reading of pushed records raises."""
    text = call.text(name)
    if not text:
        return []
    found = records_of(text.encode("utf-8", "surrogatepass"))
    for one in found:
        if not isinstance(one.setdefault("attributes", {}), dict):
            raise Invalid(name, _("the attributes of a feature are a JSON object"))
    return found


def _drawing(call: Call, feature: Feature) -> Any:
    return drawing_of(_plain(feature["geometry"]), call.text("inSR")) if "geometry" in feature else None


def _plain(value: Any) -> Any:
    """Numbers of coordinates as numbers."""
    if isinstance(value, Number):
        return int(value) if value.is_whole and len(value) < 19 else float(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value


def _values(call: Call, feature: Feature, *, adding: bool = False) -> Feature:
    """In the words of the edits. The number of a feature that is added is given by the platform."""
    fields = {one.name: one for one in call.layer.attributes}
    number = call.layer.number
    return {
        name: _value(value, fields.get(name))
        for name, value in feature["attributes"].items()
        if not (adding and name == number)
    }


def _value(value: Any, field: Field | None) -> Any:
    if field is None or value is None:
        return value
    match field.type:
        case FieldType.DATE | FieldType.DATETIME if isinstance(value, Number):
            return _instant(value, field.type)
        case FieldType.BOOLEAN if isinstance(value, Number) and value in ("0", "1"):
            return value == "1"
        case FieldType.ARRAY | FieldType.OBJECT if isinstance(value, str) and value[:1] in ("[", "{"):
            try:
                return json.loads(value, parse_int=Number, parse_float=Number)
            except (ValueError, RecursionError):
                return value
    return value


def _instant(value: Number, kind: FieldType) -> str:
    """From milliseconds since 1970."""
    try:
        moment = EPOCH + timedelta(milliseconds=float(value))
    except (OverflowError, ValueError):
        return str(value)  # refused as no date
    return f"{moment:%Y-%m-%d}" if kind == FieldType.DATE else moment.isoformat()


def _integer(value: Any) -> int:
    """Raises Invalid."""
    if isinstance(value, Number) and value.is_whole and len(value) < 19:
        return int(value)
    raise Invalid("updates", _("each feature says its number"))
