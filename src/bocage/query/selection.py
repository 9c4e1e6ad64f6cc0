"""What a door shows of the common catalogue. A view, never a right: it only takes away from what the reader may see.

The same selection in the two languages in which lists are made: SQL on the resident catalogue, and a filter of the
database. A property test ties them.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import pyarrow as pa
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from bocage.access.models import Agreement, Grant
from bocage.access.vocabulary import Effect
from bocage.kernel import clock
from bocage.kernel.errors import TerminalError
from bocage.organizations.models import Organization
from bocage.organizations.portals.doors import portal_at
from bocage.organizations.portals.parameters import in_query
from bocage.organizations.portals.vocabulary import Showing
from bocage.query.catalogue_table import FIELDS, catalogue_table, current_key
from bocage.query.compile import Compiler, Source, names_ids, searches
from bocage.query.errors import QueryError
from bocage.query.odsql.clauses import read_conditions
from bocage.query.odsql.scope import Scope
from bocage.query.sql import written
from bocage.query.territories import Territory, territory_of
from bocage.store import engine
from bocage.store.hardening import literal

if TYPE_CHECKING:
    from bocage.organizations.models import Portal
    from bocage.query.plan import Predicate
    from bocage.store.engine import Session

_ROWS = pa.schema([("row", pa.int64())])
_CLOCK = re.compile(r"\bnow\s*\(", re.IGNORECASE)


class SelectionLooksElsewhere(TerminalError):
    code = "query.selection-looks-elsewhere"
    message = _(
        "The question of a portal compares the columns of the catalogue: it searches no words, and reads no clock."
    )
    mend = _('For example: theme_code = "mobilite" or territory = {insee}.')


@dataclass(frozen=True)
class Selection:
    """The datasets of these organisations (ids), those of these uids, those that meet `where`, and those that speak of
    `territory`, together."""

    everything: bool = False
    organizations: frozenset[int] = frozenset()
    uids: frozenset[str] = frozenset()
    where: str = ""
    territory: Territory | None = None

    @cached_property
    def key(self) -> str:
        """Two selections with the same key show the same datasets: part of every cache key, and of every ETag."""
        if self.everything:
            return "everything"
        parts: list[Any] = [sorted(self.organizations), sorted(self.uids), self.where]
        if self.territory is not None:
            parts.append([sorted(self.territory.codes), self.territory.box])
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def sql(self, session: Session, catalogue: str) -> str:
        """Condition on the resident catalogue of key `catalogue`; empty when everything is shown."""
        if self.everything:
            return ""
        ways = ["false"]
        if self.organizations:
            ways.append(f"organization_id IN ({', '.join(str(int(pk)) for pk in sorted(self.organizations))})")
        if self.uids:
            ways.append(f"dataset_uid IN ({', '.join(literal(uid) for uid in sorted(self.uids))})")
        if self._asks:
            ways.append(f"_row IN (SELECT row FROM {self._met(session, catalogue)})")
        return f"({' OR '.join(ways)})"

    @cached_property
    def filter(self) -> Q:
        """The same, for lists of `Dataset`."""
        if self.everything:
            return Q()
        kept = Q(organization_id__in=list(self.organizations)) | Q(uid__in=list(self.uids))
        return kept | Q(uid__in=_among(self._uids_met())) if self._asks else kept

    @property
    def _asks(self) -> bool:
        """Whether something is asked of the columns of the catalogue."""
        return bool(self.where) or self.territory is not None

    def _met(self, session: Session, catalogue: str) -> str:
        """Resident table of the rows that meet `where`, or speak of the territory."""

        def build() -> pa.Table:
            table = session.resident(catalogue, catalogue_table)
            compiler = Compiler(Source(table, index=_refused, ids=_refused))
            ways = [_condition(self.where, compiler)] if self.where else []
            ways += [self.territory.sql()] if self.territory is not None else []
            condition = " OR ".join(f"({way})" for way in ways)
            statement = f"SELECT r._row AS row FROM {table} AS r WHERE {condition}"
            return pa.Table.from_batches(session.arrow(statement, compiler.parameters.values), _ROWS)

        return session.resident(f"met {catalogue} {self.key}", build)

    def _uids_met(self) -> list[str]:
        with engine.session() as session:
            catalogue = current_key()
            rows = self._met(session, catalogue)
            table = session.resident(catalogue, catalogue_table)
            return [
                uid
                for (uid,) in session.execute(f"SELECT dataset_uid FROM {table} WHERE _row IN (SELECT row FROM {rows})")
            ]


EVERYTHING = Selection(everything=True)


def selection_at(host: str) -> Selection:
    """What the portal of this host shows; everything where there is none. One query, two more for what is granted."""
    return selection_of(portal_at(host))


def selection_of(portal: Portal | None) -> Selection:
    """What the portal shows today."""
    showing = Showing.EVERYTHING if portal is None else Showing(portal.showing)
    if portal is None or showing == Showing.EVERYTHING:
        return EVERYTHING
    if showing == Showing.CHOSEN:
        return Selection(uids=frozenset(map(str, portal.chosen)))
    if showing == Showing.QUERY:
        return Selection(where=in_query(portal.where, portal))
    if showing == Showing.TERRITORY:
        return Selection(organizations=frozenset({portal.organization_id}), territory=territory_of(portal.organization))
    if showing == Showing.SHARED:
        return _shared_with(portal)
    own = frozenset({portal.organization_id})
    return Selection(organizations=_branch(portal.organization) if showing == Showing.BRANCH else own)


def _branch(organization: Organization) -> frozenset[int]:
    """Of an empty path, the start of all the others, a branch of one."""
    if not organization.path:
        return frozenset({organization.pk})
    return frozenset(Organization.objects.filter(path__startswith=organization.path).values_list("pk", flat=True))


def _shared_with(portal: Portal) -> Selection:
    """Its own, and what a grant or an agreement in force opens to it by its name: to the organisation, to the branch in which
    it is, or to the working group whose portal it is."""
    organization = portal.organization
    above = [int(part) for part in organization.path.split("/") if part]
    told = Q(audience="organization", organization_id=organization.pk) | Q(audience="branch", organization_id__in=above)
    if portal.group:
        told = Q(audience="group", group__uid=portal.group)
    granted = Grant.objects.in_force().filter(told, effect=Effect.ALLOW).select_related("branch")
    organizations, uids = {organization.pk} if not portal.group else set(), set()
    for grant in granted:
        if grant.branch is None:
            uids.add(grant.dataset)
        else:
            organizations |= _branch(grant.branch)
    if not portal.group:
        agreed = Agreement.objects.in_force().filter(consumers=organization.pk)
        uids |= set(agreed.values_list("datasets__dataset", flat=True)) - {None}
    return Selection(organizations=frozenset(organizations), uids=frozenset(uids))


def check_where(text: str, portal: Portal) -> None:
    """Raises QueryError with its position, SelectionLooksElsewhere."""
    predicate = _read(in_query(text, portal))
    if predicate is None or searches(predicate) or names_ids(predicate) or _CLOCK.search(text):
        raise SelectionLooksElsewhere


def _read(where: str) -> Predicate | None:
    fields = {field.name: field for field in FIELDS}
    return read_conditions([where], Scope(fields, "UTC", "fr", clock.now(), prefixes=("default",)))


def _condition(where: str, compiler: Compiler) -> str:
    """A question that has no meaning any more shows nothing."""
    try:
        predicate = _read(where)
        if predicate is None or searches(predicate) or names_ids(predicate):
            return "false"
        return written(compiler.predicate(predicate))
    except QueryError:
        return "false"


def _refused(*_asked: object) -> NoReturn:
    raise QueryError


def _among(values: list[str]) -> RawSQL:
    """A sub-query of as many values as there are, in one bound parameter."""
    function = "jsonb_array_elements_text(%s::jsonb)" if connection.vendor == "postgresql" else "json_each(%s)"
    column = "*" if connection.vendor == "postgresql" else "value"
    return RawSQL(f"SELECT {column} FROM {function}", [json.dumps(values)])  # noqa: S611  two constants
