"""Quality as pages show it: the score with its reasons, the lamps, the columns with their small drawings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.check.models import Score, VersionProfile
from bocage.check.quality import words
from bocage.check.quality.actions import Action, next_actions
from bocage.check.quality.criteria import lamps
from bocage.check.quality.facts import Facts
from bocage.check.quality.gathering import facts_of
from bocage.check.quality.profiles import profile_of
from bocage.check.quality.score import WEIGHTS, score
from bocage.check.vocabulary import Dimension
from bocage.kernel.clock import now
from bocage.store.models import Version

WIDTH, HEIGHT = 160, 44
"""Of a drawing, in its own units."""

HISTORY = timedelta(days=182)


@dataclass(frozen=True)
class Line:
    """A dimension of the score: `percent` of what it can be, its `weight` in the total (percent), its reasons."""

    code: str
    label: str
    percent: int
    weight: int
    reasons: tuple[tuple[bool, str], ...]


@dataclass(frozen=True)
class Told:
    """An action, in words."""

    sentence: str
    gain: str
    page: str


@dataclass(frozen=True)
class Quality:
    total: int
    lines: tuple[Line, ...]
    lamps: tuple[tuple[str, bool], ...]
    actions: tuple[Told, ...]
    history: tuple[tuple[date, int], ...]
    path: str

    @property
    def lit(self) -> int:
        return sum(1 for _label, lit in self.lamps if lit)


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class ColumnCard:
    """`bars`: a drawing of WIDTH × HEIGHT, empty when there is nothing to draw; `drawn` says it in words."""

    label: str
    name: str
    type: str
    filled: int
    missing: int
    facts: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]
    drawn: str
    top: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Profile:
    rows: int
    filled: int
    columns: tuple[ColumnCard, ...]
    left_out: int
    anomalies: tuple[str, ...]


def quality_of(dataset: Dataset) -> Quality:
    """The score as it is now, with what it was. The caller has checked that the dataset may be seen."""
    facts = facts_of([dataset], now())[dataset.pk]
    return shown(facts, _history(dataset))


def shown(facts: Facts, history: Sequence[tuple[date, int]] = ()) -> Quality:
    scored = score(facts)
    kept = scored.as_dict()
    lines = tuple(
        Line(
            code=dimension.value,
            label=str(dimension.label),
            percent=round(100 * measure.value),
            weight=round(100 * WEIGHTS[dimension]),
            reasons=tuple(words.reason_sentences(kept[dimension.value]["reasons"])),
        )
        for dimension, measure in scored.dimensions.items()
    )
    return Quality(
        total=round(100 * scored.total),
        lines=lines,
        lamps=tuple((str(words.CRITERIA[lamp.code]), lamp.lit) for lamp in lamps(facts)),
        actions=tuple(_told(action) for action in next_actions(facts)),
        history=tuple(history),
        path=_line_of([value for _day, value in history]),
    )


def shown_profile(version: Version) -> Profile | None:
    """What the columns of a version hold; None when nobody has looked yet (a large version, a minute ago)."""
    found = profile_of(version)
    return _profile(found) if found is not None and found.content else None


def profile_as_shown(content: Mapping[str, Any], anomalies: Sequence[dict[str, Any]]) -> Profile:
    """The same, of what is not a version yet. `content` and `anomalies` as `VersionProfile` keeps them."""
    return _profile(VersionProfile(content=dict(content), anomalies=list(anomalies)))


def dimensions() -> list[tuple[str, str, int]]:
    """(code, label, weight in percent) of each."""
    return [(one.value, str(one.label), round(100 * WEIGHTS[one])) for one in Dimension]


def _told(action: Action) -> Told:
    return Told(words.action_sentence(action.code, action.fields), words.points(action.gain), action.page)


def _history(dataset: Dataset) -> list[tuple[date, int]]:
    since = timezone.localtime(now()).date() - HISTORY
    rows = Score.objects.filter(dataset=dataset, day__gte=since).order_by("day").values_list("day", "total")
    return [(day, round(100 * total)) for day, total in rows]


def _line_of(values: Sequence[int]) -> str:
    """The `points` of a polyline, from 0 to 100 over the height."""
    if len(values) < 2:
        return ""
    step = WIDTH / (len(values) - 1)
    return " ".join(
        f"{rank * step:.1f},{HEIGHT - 2 - value * (HEIGHT - 4) / 100:.1f}" for rank, value in enumerate(values)
    )


def _profile(found: VersionProfile) -> Profile:
    content = found.content
    share = content.get("filled_share")
    return Profile(
        rows=content["rows"],
        filled=round(100 * share) if share is not None else 0,
        columns=tuple(_card(column, content["rows"]) for column in content["columns"]),
        left_out=content.get("left_out", 0),
        anomalies=tuple(words.anomaly_sentences(found.anomalies)),
    )


def _card(column: Mapping[str, Any], rows: int) -> ColumnCard:
    kind = FieldType(column["type"])
    low, high = (_end(column[name], kind) for name in ("low", "high"))
    return ColumnCard(
        label=column["label"],
        name=column["name"],
        type=str(kind.label),
        filled=round(100 * column["filled"] / rows) if rows else 0,
        missing=column["missing"],
        facts=tuple(_facts(column, kind, low, high)),
        bars=tuple(_bars(column["counts"])),
        drawn=_("Distribution of the values, from %(low)s to %(high)s") % {"low": low, "high": high},
        top=_top(column),
    )


def _facts(column: Mapping[str, Any], kind: FieldType, low: str, high: str) -> list[tuple[str, str]]:
    facts = []
    if column["distinct"]:
        facts.append((_("Different values"), str(localize(column["distinct"], use_l10n=True))))
    if kind in (FieldType.INTEGER, FieldType.NUMBER, FieldType.DATE, FieldType.DATETIME) and low:
        facts += [(_("Smallest"), low), (_("Largest"), high)]
    if column["mean"] is not None:
        facts.append((_("Average"), _number(column["mean"])))
    return facts


def _top(column: Mapping[str, Any]) -> tuple[tuple[str, int, int], ...]:
    """(value, count, percent of what is filled); nothing where every value is its own."""
    top = column["top"]
    if not top or column["counts"] or top[0][1] < 2:
        return ()
    said = {"true": _("yes"), "false": _("no")} if column["type"] == FieldType.BOOLEAN else {}
    return tuple((said.get(value, value), count, round(100 * count / column["filled"])) for value, count in top[:5])


def _bars(counts: Sequence[int]) -> list[Bar]:
    if not counts or not max(counts):
        return []
    width = WIDTH / len(counts)
    heights = [count / max(counts) * (HEIGHT - 2) for count in counts]
    return [
        Bar(round(rank * width, 2), round(HEIGHT - height, 2), round(max(width - 1, 0.5), 2), round(height, 2))
        for rank, height in enumerate(heights)
        if height
    ]


def _end(text: str | None, kind: FieldType) -> str:
    if not text:
        return ""
    if kind in (FieldType.INTEGER, FieldType.NUMBER):
        return _number(float(text))
    if kind in (FieldType.DATE, FieldType.DATETIME):
        return _day(text)
    return text


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text[:10]), "SHORT_DATE_FORMAT")
    except ValueError:  # years before 1 and after 9999
        return text[:10]


def _number(value: float) -> str:
    if not math.isfinite(value):  # a column may hold them; nothing can be drawn of them
        return ""
    return str(localize(int(value) if value == int(value) else round(value, 2), use_l10n=True))
