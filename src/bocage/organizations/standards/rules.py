"""How what is said along a branch adds up: from the root down, each may only be stricter than what is above.

Above wins. What is said below and has nothing in common with what is above any more counts for nothing: a decision above never
leaves an organisation without any licence to choose. A minimum (what must be kept) wins over a maximum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bocage.organizations.vocabulary import Role

LEAST_PURGER = Role.STEWARD
"""Who may remove an old version by hand where nothing is said: those who may go back to one."""


@dataclass(frozen=True)
class Limits:
    """What one organisation says, or what holds in the end. None: anything. Spans are in days."""

    licences: frozenset[str] | None = None
    themes: frozenset[str] | None = None
    least_days: int | None = None
    least_versions: int | None = None
    most_days: int | None = None
    most_versions: int | None = None
    purged_by: Role = LEAST_PURGER

    @property
    def removes(self) -> bool:
        """Whether old versions leave by themselves."""
        return self.most_days is not None or self.most_versions is not None


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Said:
    """What an organisation says, as it wrote it."""

    organization_id: int
    name: str
    slug: str
    path: str
    limits: Limits
    reason: str = ""


@dataclass(frozen=True)
class InForce:
    """What holds in an organisation, and who says so, from the root down. `own`: what it says itself, if anything."""

    limits: Limits = NO_LIMITS
    above: Limits = NO_LIMITS
    said: tuple[Said, ...] = ()
    own: Said | None = None

    def saying(self, name: str) -> tuple[Said, ...]:
        """Those who say something of `name` (a field of Limits)."""
        return tuple(one for one in self.said if getattr(one.limits, name) != getattr(NO_LIMITS, name))

    def authors(self, *names: str) -> str:
        """Their names, for a sentence."""
        return ", ".join(dict.fromkeys(one.name for name in names for one in self.saying(name)))


def in_force(said: Iterable[Said], *, organization_id: int) -> InForce:
    """`said`: by the organisation and by those above it, in any order."""
    ordered = tuple(sorted(said, key=lambda one: len(one.path)))
    above = NO_LIMITS
    for one in ordered:
        if one.organization_id != organization_id:
            above = strictest(above, one.limits)
    own = next((one for one in ordered if one.organization_id == organization_id), None)
    limits = strictest(above, own.limits) if own is not None else above
    return InForce(limits, above, ordered, own)


def strictest(above: Limits, below: Limits) -> Limits:
    return replace(
        above,
        licences=narrowed(above.licences, below.licences),
        themes=narrowed(above.themes, below.themes),
        least_days=_longest(above.least_days, below.least_days),
        least_versions=_longest(above.least_versions, below.least_versions),
        most_days=_shortest(above.most_days, below.most_days),
        most_versions=_shortest(above.most_versions, below.most_versions),
        purged_by=max(above.purged_by, below.purged_by, key=lambda role: role.rank),
    )


def narrowed(above: frozenset[str] | None, below: frozenset[str] | None) -> frozenset[str] | None:
    if above is None or below is None:
        return above if below is None else below
    return (above & below) or above


def looser(above: Limits, wanted: Limits) -> list[str]:
    """The fields of `wanted` that would allow what is not allowed above, or keep less, or that contradict each other."""
    found = [name for name in ("licences", "themes") if _beyond(getattr(above, name), getattr(wanted, name))]
    found += [name for name in ("least_days", "least_versions") if _under(getattr(wanted, name), getattr(above, name))]
    found += [name for name in ("most_days", "most_versions") if _under(getattr(above, name), getattr(wanted, name))]
    if wanted.purged_by.rank < above.purged_by.rank:
        found.append("purged_by")
    return found


def contradictory(limits: Limits) -> list[str]:
    """The maxima that are under the minimum of the same kind: they would remove what must be kept."""
    pairs = (("most_days", "least_days"), ("most_versions", "least_versions"))
    return [most for most, least in pairs if _under(getattr(limits, most), getattr(limits, least))]


def _beyond(above: frozenset[str] | None, wanted: frozenset[str] | None) -> bool:
    return above is not None and wanted is not None and not wanted <= above


def _under(number: int | None, bound: int | None) -> bool:
    return number is not None and bound is not None and number < bound


def _longest(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)


def _shortest(one: int | None, other: int | None) -> int | None:
    return min((value for value in (one, other) if value is not None), default=None)
