"""What the parameters ask of the records, in the terms of a FeatureQuery: the same plan as everything that is read."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.asked import MOST_HTML, query_of
from bocage.publish.ogc.errors import InvalidParameterValue
from bocage.publish.ogc.negotiation import HTML
from bocage.publish.records import parameters as rp
from bocage.query.cql2.instants import read_date, read_timestamp
from bocage.query.plan import all_of
from bocage.query.record_table import FIELDS
from bocage.query.records import any_containing, named_one_of, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.publish.ogc.call import Call
    from bocage.publish.records.call import RecordsCall
    from bocage.query.features import FeatureQuery
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

HTML_LIMIT = 20
_BY_NAME = {one.name for one in FIELDS} - rp.RESERVED


def records_query(call: RecordsCall) -> FeatureQuery:
    """Raises OgcError. `limit` 0: only how many there are."""
    shared = rp.FEATURES | _BY_NAME
    features = {name: value for name, value in call.given.items() if name in shared}
    query = query_of(_with(call, features))
    own = _conditions(call)

    def condition(scope: Scope) -> Predicate | None:
        asked = query.condition(scope)
        return all_of([*own, asked] if asked is not None else own)

    hits = p.choice(call.given, rp.RESULT_TYPE) == "hits"
    return dataclasses.replace(query, condition=condition, limit=0 if hits else _limit(call))


def _with(call: RecordsCall, given: dict[str, str]) -> Call:
    return dataclasses.replace(call, given=given)


def _limit(call: RecordsCall) -> int:
    if call.format != HTML:
        return p.whole_number(call.given, rp.LIMIT)
    return min(p.whole_number(call.given, rp.LIMIT), MOST_HTML) if call.given.get("limit") else HTML_LIMIT


def _conditions(call: RecordsCall) -> list[Predicate]:
    """Those that no language writes. An empty list names nothing: no record has one of no identifiers."""
    found: list[Predicate] = []
    if terms := _listed(call, rp.Q, rp.MOST_TERMS):
        found.append(any_containing(terms))
    if kinds := _listed(call, rp.TYPE):
        found.append(named_one_of(("type",), kinds))
    if names := _listed(call, rp.IDS):
        found.append(named_one_of(("id", "identifier"), names))
    if others := _listed(call, rp.EXTERNAL_IDS):
        found.append(named_one_of(("identifier",), [_identifier(call, one) for one in others]))
    if call.given.get("datetime"):
        found.append(within(*_days(call.given["datetime"])))
    return found


def _listed(call: RecordsCall, parameter: p.Parameter, most: int = rp.MOST_NAMES) -> Sequence[str]:
    """Raises OgcError."""
    found = p.names(call.given, parameter)
    if len(found) > most:
        expected = _("at most %(most)s names") % {"most": most}
        raise InvalidParameterValue(parameter.name, call.given[parameter.name], expected)
    return found


def _identifier(call: RecordsCall, written: str) -> str:
    """The name of the dataset that an external identifier is of: its address in DCAT, or its name after a scheme."""
    root = call.addresses.dataset("")
    for text in (written, written.partition(":")[2]):
        if text.startswith(root.rstrip("/")):
            return text.removeprefix(root.rstrip("/")).strip("/")
    return written.rpartition(":")[2]


def _days(given: str) -> tuple[date | None, date | None]:
    """Raises OgcError."""
    first, slash, last = given.partition("/")
    ends = _day(first, given), _day(last if slash else first, given)
    if ends == (None, None):
        raise _not_days(given)
    if ends[0] and ends[1] and ends[0] > ends[1]:
        raise _not_days(given)
    return ends


def _day(written: str, given: str) -> date | None:
    """The day of an instant: periods of datasets are told by days."""
    if written in ("", ".."):
        return None
    moment = read_timestamp(written)
    found = moment.date() if moment else read_date(written)
    if found is None:
        raise _not_days(given)
    return found


def _not_days(given: str) -> InvalidParameterValue:
    return InvalidParameterValue("datetime", given, _("a date, an instant, or two of them with a slash between"))
