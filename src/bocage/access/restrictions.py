"""What a viewer sees *inside* a thing they may read. `query` applies it below the user's query: nothing else reads data."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bocage.access.agreements.terms import terms_to_come, together
from bocage.access.granted import RANK, parts_to_come
from bocage.access.models import DataRule, Group
from bocage.access.narrowing import without_parts
from bocage.access.rule import Rule, Terms
from bocage.access.rules import Guarded, decide
from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.access.vocabulary import Action, Audience, Mask
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Membership, Organization

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet


@dataclass(frozen=True, order=True)
class Masked:
    """`to`: characters kept (truncate), step (round), `month` or `year` (period); empty otherwise."""

    field: str
    mask: str
    to: str = ""


@dataclass(frozen=True)
class Cells:
    """Only `dimensions` may be named freely, only `measures` summed or averaged; no other field exists. Rows whose combination of
    dimensions is shared by fewer than `threshold` rows do not exist at all.

    Whatever is asked is then made of whole cells of at least `threshold` rows, and so is the difference of any two answers."""

    threshold: int
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Restriction:
    """`hidden`: names of fields that do not exist for this viewer. `rows`: conditions in ODSQL, all of which a row must meet.
    `grid_m`: side of the squares in which positions are blurred, 0 when they are not. `only`: names of the fields that exist,
    whatever is added to the dataset later; None: all."""

    hidden: frozenset[str] = frozenset()
    masks: tuple[Masked, ...] = ()
    rows: tuple[str, ...] = ()
    grid_m: int = 0
    cells: tuple[Cells, ...] = field(default=())
    only: frozenset[str] | None = None

    def __bool__(self) -> bool:
        """Whether anything is restricted."""
        return self != WHOLE

    @property
    def key(self) -> str:
        """Goes into cache keys and ETags: two restrictions with the same key show the same."""
        return "all" if not self else _digest(self) + self._minute

    @property
    def _minute(self) -> str:
        """A condition that looks at the clock shows other rows later."""
        return f" {now():%Y-%m-%d %H:%M}" if self.reads_clock else ""

    @property
    def reads_clock(self) -> bool:
        """Which rows there are is then known for one question, and not for the next."""
        return any(NOW.search(condition) for condition in self.rows)

    def hides(self, name: str) -> bool:
        """Whether the field of this name does not exist for this viewer, as far as names go: cells say more."""
        return name in self.hidden or (self.only is not None and name not in self.only)

    @property
    def keeps_rows(self) -> bool:
        """Whether some rows do not exist for the reader: how many there are in all is then none of their business."""
        return bool(self.rows or self.cells)

    @property
    def columns_key(self) -> str:
        """The same without the condition on rows: what may be shared by readers who see the same columns of other rows."""
        return replace(self, rows=()).key


NOW = re.compile(r"\bnow\s*\(", re.IGNORECASE)
WHOLE = Restriction()
NOTHING = Restriction(rows=("false",), only=frozenset())
"""Of a thing that may not be read."""


def _digest(restriction: Restriction) -> str:
    only = None if restriction.only is None else sorted(restriction.only)
    said: dict[str, Any] = asdict(restriction) | {"hidden": sorted(restriction.hidden), "only": only}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def restriction_for(viewer: Viewer, thing: Guarded) -> Restriction:
    """The restriction of `viewer` on `thing`; raises AccessDenied when nothing may be read."""
    decide(viewer, Action.READ, thing).require()
    return restrictions_for(viewer, [thing])[thing.uid]


def restrictions_for(viewer: Viewer, things: Iterable[Guarded]) -> Mapping[str, Restriction]:
    """Uid of each thing → what is restricted there; NOTHING is left of one that the viewer may not read. Three queries at most."""
    things = list(things)
    closed = {thing.uid for thing in things if not decide(viewer, Action.READ, thing)}
    return {**limits_on(viewer, things), **dict.fromkeys(closed, NOTHING)}


def limits_on(viewer: Viewer, things: Iterable[Guarded]) -> Mapping[str, Restriction]:
    """The same, whether the viewer may read the things or only know of them: what rules keep from the names of fields too."""
    things = list(things)
    ruled = {thing.uid for thing in things if not decide(viewer, Action.MANAGE, thing)}
    rules = list(DataRule.objects.in_force().filter(dataset__in=ruled)) if ruled else []
    speaking = _speaking(viewer, rules)
    found = dict.fromkeys((thing.uid for thing in things), WHOLE)
    for uid in {rule.dataset for rule in speaking}:
        said = [rule for rule in speaking if rule.dataset == uid]
        most = max(_precision(rule) for rule in said)
        found[uid] = _united([rule for rule in said if _precision(rule) == most], viewer)
    for uid, terms in _agreed(viewer, (thing for thing in things if thing.uid in ruled)).items():
        found[uid] = _narrower(found[uid], terms, viewer)
    return found


def _agreed(viewer: Viewer, things: Iterable[Guarded]) -> Mapping[str, Terms]:
    """Uid of each thing that the viewer reads because of agreements or of grants of a part, and of nothing else → what these show
    of it. The terms came with the rules: no query, and none is lost when an agreement ends in between."""
    parts = [rule for rule in viewer.granted if rule.terms is not None]
    if not parts:
        return {}
    bare, found = without_parts(viewer), {}
    for thing in things:
        speaking = [rule for rule in parts if rule.on.holds(thing)]
        if speaking and not decide(bare, Action.READ, thing):
            shown = [rule.terms for rule in speaking if rule.terms is not None and _opens(bare, rule, thing)]
            found[thing.uid] = together(shown)
    return found


def _opens(bare: Viewer, rule: Rule, thing: Guarded) -> bool:
    """Whether this part alone is open: one that something more precise refuses adds nothing to the others."""
    return decide(replace(bare, granted=(*bare.granted, rule)), Action.READ, thing).allowed


def _narrower(limits: Restriction, terms: Terms, viewer: Viewer) -> Restriction:
    """What the rules leave of what is agreed."""
    rows = {*limits.rows, written(terms.rows, viewer)} if terms.rows else limits.rows
    only = terms.columns if limits.only is None or terms.columns is None else limits.only & terms.columns
    return replace(limits, rows=tuple(sorted(rows)), only=limits.only if terms.columns is None else only)


def require_whole(viewer: Viewer, thing: Guarded) -> None:
    """For what is made of everything that a dataset holds. Raises AccessDenied for a reader from whom a part is kept."""
    if restriction_for(viewer, thing):
        raise AccessDenied(
            reason=_("a part of this dataset is kept from you, and what is here was made from the whole.")
        )


def _to_come() -> QuerySet[DataRule]:
    """The rules in force, and those that will be."""
    return DataRule.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now()))


def kept_from_somebody() -> Mapping[str, Restriction]:
    """Uid of each dataset that has a rule → all that its rules keep, from anybody: the rest can be told to every reader.
    Rules, agreements and grants of a part to come are among them, because what is made of this outlives the minute. Three
    queries."""
    rules: dict[str, list[DataRule]] = {}
    for rule in _to_come():
        rules.setdefault(rule.dataset, []).append(rule)
    kept = {uid: _united(said, ANONYMOUS) for uid, said in rules.items()}
    for opened in (terms_to_come(), parts_to_come()):
        for uid, terms in opened.items():
            if terms != Terms():
                kept[uid] = _narrower(kept.get(uid, WHOLE), terms, ANONYMOUS)
    return kept


def uncounted() -> Collection[str]:
    """Uid of the datasets of which some reader does not see every row: no sum of rows may hold theirs. Two queries."""
    ruled = _to_come().exclude(rows="", threshold=None).values_list("dataset", flat=True)
    return {*ruled, *(uid for uid, terms in terms_to_come().items() if terms.rows)}


def _precision(rule: DataRule) -> int:
    return RANK[Audience(rule.audience)]


def _speaking(viewer: Viewer, rules: list[DataRule]) -> list[DataRule]:
    """Those whose audience the viewer is part of. A key does not change of whom its owner is a colleague."""
    narrow = [rule for rule in rules if rule.audience != Audience.EVERYONE]
    if not narrow or viewer.user_id is None:
        return [rule for rule in rules if rule.audience == Audience.EVERYONE]
    teams = viewer.teams
    if teams is None:
        found = Membership.objects.filter(user_id=viewer.user_id)
        teams = tuple(found.values_list("organization_id", "organization__path"))
    groups = {rule.group_id for rule in narrow if rule.group_id is not None}
    mine = (
        set(Group.objects.filter(pk__in=groups, members=viewer.user_id).values_list("pk", flat=True))
        if groups
        else set()
    )
    return [rule for rule in rules if _is_said_to(rule, viewer.user_id, teams, mine)]


def _is_said_to(rule: DataRule, user_id: int, teams: Collection[tuple[int, str]], groups: Collection[int]) -> bool:
    """As `access.granted.speaks_to`, of what was read already."""
    above = {int(part) for pk, path in teams for part in (*path.split("/"), str(pk)) if part}
    match rule.audience:
        case Audience.EVERYONE:
            return True
        case Audience.MEMBERS:
            return bool(teams)
        case Audience.BRANCH:
            return rule.organization_id in above
        case Audience.ORGANIZATION:
            return rule.organization_id in {pk for pk, _path in teams}
        case Audience.GROUP:
            return rule.group_id in groups
        case _:
            return rule.person_id == user_id


def _united(rules: Sequence[DataRule], viewer: Viewer) -> Restriction:
    """Every restriction of the rules together."""
    masks = sorted(
        {Masked(name, said["mask"], str(said.get("to", ""))) for rule in rules for name, said in rule.columns.items()}
    )
    doubly = {name for name in {one.field for one in masks} if sum(one.field == name for one in masks) > 1}
    hidden = {one.field for one in masks if one.mask == Mask.HIDE} | doubly
    return Restriction(
        hidden=frozenset(hidden),
        masks=tuple(one for one in masks if one.field not in hidden),
        rows=tuple(sorted({written(rule.rows, viewer) for rule in rules if rule.rows.strip()})),
        grid_m=max((rule.grid_m or 0 for rule in rules), default=0),
        cells=tuple(
            Cells(rule.threshold, tuple(rule.dimensions), tuple(rule.measures)) for rule in rules if rule.threshold
        ),
    )


VARIABLES = {"insee": "insee_code", "siren": "siren", "organization": "slug"}


def written(rows: str, viewer: Viewer) -> str:
    """The condition with the codes of the reader's organisations; a reader who has none sees no row (`false`)."""
    for name, column in VARIABLES.items():
        if f"{{{name}}}" not in rows:
            continue
        values = Organization.objects.filter(pk__in=list(viewer.roles)).exclude(**{column: ""}).order_by(column)
        codes = ", ".join(json.dumps(value) for value in values.values_list(column, flat=True).distinct())
        if not codes:
            return "false"
        rows = rows.replace(f"{{{name}}}", codes)
    return rows
