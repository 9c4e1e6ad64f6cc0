"""What changed in the columns of a source since its mapping was made, and what the contract of the dataset does about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from bocage.check.mapping.columns import Content
from bocage.check.mapping.names import Names, words_of
from bocage.check.mapping.normal import normal
from bocage.check.mapping.steps import ColumnMapping, ColumnMappings
from bocage.check.vocabulary import Contract

LIKELY = 0.6
"""From here on a lost column and a new one may be one, renamed; they are told together."""
CERTAIN = 0.85
"""From here on the new name is followed, when the contract allows it."""
_CODES = frozenset({Content.COMMUNE_CODE, Content.YEAR, Content.INTEGER, Content.NUMBER, Content.SIREN})
_DAYS = frozenset({Content.DATE, Content.DATETIME})


@dataclass(frozen=True)
class Renamed:
    """`certain`: alone, and alike enough to be followed."""

    before: str
    after: str
    likeness: float
    certain: bool


@dataclass(frozen=True)
class Retyped:
    label: str
    before: Content
    after: Content


@dataclass(frozen=True)
class Drift:
    """`lost`, `new`: labels; those of `renamed` are among them. `mapping`: what to apply from now on: certain renamings followed,
    columns that cannot be made any more left out. `unfilled`: these."""

    contract: Contract
    lost: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    retyped: tuple[Retyped, ...] = ()
    mapping: ColumnMappings = field(default_factory=ColumnMappings)
    unfilled: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Another order of the columns, other capitals or accents in their names are no change."""
        return bool(self.lost or self.new or self.retyped)

    @property
    def stops(self) -> bool:
        return self.changed and self.contract is Contract.FREEZE

    def sentences(self) -> list[str]:
        """What changed, then what is done: one sentence each, in the active language."""
        told = [*self._renamings(), *self._losses(), *self._news(), *self._types()]
        return [*told, self._outcome()] if told else []

    def _renamings(self) -> list[str]:
        certain = _("The column “%(before)s” is now named “%(after)s”.")
        likely = _("The column “%(before)s” is not there any more; “%(after)s”, which is new, may be the same.")
        return [
            (certain if one.certain else likely) % {"before": one.before, "after": one.after} for one in self.renamed
        ]

    def _losses(self) -> list[str]:
        told = {one.before for one in self.renamed}
        lost = _("The column “%(label)s” is not there any more.")
        return [lost % {"label": label} for label in self.lost if label not in told]

    def _news(self) -> list[str]:
        told = {one.after for one in self.renamed}
        new = _("The column “%(label)s” is new.")
        return [new % {"label": label} for label in self.new if label not in told]

    def _types(self) -> list[str]:
        retyped = _(
            "The column “%(label)s” does not hold the same kind of values as before (%(before)s, now %(after)s)."
        )
        return [
            retyped % {"label": one.label, "before": content_name(one.before), "after": content_name(one.after)}
            for one in self.retyped
        ]

    def _outcome(self) -> str:
        if self.contract is Contract.FREEZE:
            return _("Nothing is published until somebody looks at the correspondence of columns.")
        unfilled = ", ".join(_("“%(name)s”") % {"name": one} for one in self.unfilled)
        if unfilled:
            return _("From now on these columns of the schema are empty: %(columns)s.") % {"columns": unfilled}
        if self.contract is Contract.DISCARD_ROW and (self.retyped or self.unexpected):
            return _("Rows that hold something unexpected are left out.")
        if self.contract is Contract.DISCARD_VALUE and (self.retyped or self.unexpected):
            return _("Unexpected values are left out.")
        return _("The data is published as before.")

    @property
    def unexpected(self) -> tuple[str, ...]:
        """New columns that are no column under another name."""
        followed = {one.after for one in self.renamed if one.certain}
        return tuple(label for label in self.new if label not in followed)


def drift(
    mapping: ColumnMappings,
    labels: Sequence[str],
    contract: str = Contract.FREEZE,
    kinds: Mapping[str, str] | None = None,
) -> Drift:
    """`labels`: those of the delivery; `kinds`: what its columns hold (`columns.Content`), to tell a change of type."""
    contract = Contract(contract)
    before, after = [one.strip() for one in mapping.layout], [one.strip() for one in labels]
    if not before:
        return Drift(contract, mapping=mapping)
    same = _respelled(before, after)
    lost = [one for one in before if one not in after and one not in same]
    new = [one for one in after if one not in before and one not in same.values()]
    renamed = _renamed(lost, new, mapping.kinds, kinds or {})
    names = same | {one.before: one.after for one in renamed if one.certain and contract is not Contract.FREEZE}
    adapted, unfilled = _adapted(mapping, names, set(after), tuple(labels))
    retyped = _retyped(mapping.kinds, kinds or {}, names)
    return Drift(contract, tuple(lost), tuple(new), tuple(renamed), tuple(retyped), adapted, unfilled)


def content_name(content: Content) -> str:
    return {
        Content.SIRET: _("SIRET numbers"), Content.SIREN: _("SIREN numbers"), Content.RNA: _("RNA numbers"),
        Content.COMMUNE_CODE: _("codes of five characters"), Content.PHONE: _("telephone numbers"),
        Content.EMAIL: _("e-mail addresses"), Content.URL: _("web addresses"), Content.POSITION: _("positions"),
        Content.BOOLEAN: _("yes and no"), Content.YEAR: _("years"), Content.DATE: _("dates"),
        Content.DATETIME: _("dates and times"), Content.TIME: _("times"), Content.INTEGER: _("whole numbers"),
        Content.NUMBER: _("numbers"), Content.TEXT: _("texts"), Content.EMPTY: _("nothing"),
    }[content]  # fmt: skip


def _respelled(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Labels that only changed their capitals, accents or punctuation: the same column."""
    plain = {normal(one): one for one in after if one not in before}
    return {one: plain[normal(one)] for one in before if one not in after and normal(one) and normal(one) in plain}


def _renamed(
    lost: Sequence[str], new: Sequence[str], before: Mapping[str, str], after: Mapping[str, str]
) -> list[Renamed]:
    """Each lost column with the new one most like it, each once, when one is like it at all."""
    names = Names({})
    scored = sorted(
        (-_alike(names, one, other) * (0.6 if _differ(before.get(one), after.get(other)) else 1.0), one, other)
        for one in lost
        for other in new
    )
    found: list[Renamed] = []
    for score, one, other in scored:
        if -score < LIKELY or any(one == done.before or other == done.after for done in found):
            continue
        rivals = [-s for s, a, b in scored if (a == one) != (b == other)]
        found.append(Renamed(one, other, -score, -score >= CERTAIN and max(rivals, default=0.0) < -score - 0.1))
    return found


def _alike(names: Names, one: str, other: str) -> float:
    letters = SequenceMatcher(None, normal(one), normal(other)).ratio()
    return max(names.alike(words_of(one), words_of(other)), letters if letters >= 0.8 else 0.0)


def _adapted(
    mapping: ColumnMappings, names: Mapping[str, str], there: set[str], layout: tuple[str, ...]
) -> tuple[ColumnMappings, tuple[str, ...]]:
    columns = [replace(one, sources=tuple(names.get(s.strip(), s) for s in one.sources)) for one in mapping.columns]
    unfilled: list[str] = []
    while True:
        kept = [one for one in (_still(one, there, unfilled) for one in columns) if one is not None]
        gone = [one.target for one in columns if one.target not in {other.target for other in kept}]
        columns, unfilled = kept, [*unfilled, *gone]
        if not gone:
            break
    kinds = {names.get(label, label): kind for label, kind in mapping.kinds.items()}
    return replace(mapping, columns=tuple(columns), layout=layout, kinds=kinds), tuple(unfilled)


def _still(one: ColumnMapping, there: set[str], unfilled: Sequence[str]) -> ColumnMapping | None:
    """The mapping of a column with the sources that are left; None when it cannot be made. A choice between columns goes on
    with those that are left, and a constant needs none."""
    gone = {
        s for s in one.sources if (s[1:] in unfilled if s.startswith("@") and s not in there else _absent(s, there))
    }
    if not gone or (one.steps and one.steps[0].kind == "constant"):
        return replace(one, sources=tuple(s for s in one.sources if s not in gone))
    left = tuple(s for s in one.sources if s not in gone)
    chooses = not one.steps or one.steps[0].kind == "first"
    return replace(one, sources=left) if left and chooses else None


def _absent(source: str, there: set[str]) -> bool:
    return not source.startswith("@") and source.strip() not in there


def _retyped(before: Mapping[str, str], after: Mapping[str, str], names: Mapping[str, str]) -> list[Retyped]:
    found = []
    for label, kind in before.items():
        now = names.get(label, label)
        if now in after and _differ(kind, after[now]):
            found.append(Retyped(now, Content(kind), Content(after[now])))
    return found


def _differ(before: str | None, after: str | None) -> bool:
    """Another kind of values; nothing, and texts before, are like anything."""
    try:
        one, other = Content(before or ""), Content(after or "")
    except ValueError:
        return False
    if one == other or one in (Content.TEXT, Content.EMPTY) or other is Content.EMPTY:
        return False
    return not ({one, other} <= _CODES or {one, other} <= _DAYS)
