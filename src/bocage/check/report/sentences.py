"""A verdict as it is told to a person: families grouped by cause, what is worth mending first at the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bocage.check.report import notes
from bocage.check.report import wording as _wording  # noqa: F401  fills WORDINGS
from bocage.check.report.expectations import expectations
from bocage.check.report.values import Shown, counted, numbered, shortened, shown, text
from bocage.check.report.words import WORDINGS, Words
from bocage.check.schema import SchemaField, TableSchema
from bocage.check.verdict import Family, Fault, Verdict

if TYPE_CHECKING:
    from bocage.check.report.mends import Mend

LABELS = ("missing-label", "optional-label", "extra-label")
"""Codes whose families are told together: a list of columns."""

MOST_SHOWN = 5
STRUCTURE_FIRST = ("source-error", "encoding-error", "blank-header", "missing-label", "duplicate-label", "blank-label")


@dataclass(frozen=True)
class ToldExample:
    """One fault: where, what is written there, what it would become (None: nobody can say)."""

    row: int | None
    cell: str | None
    proposed: str | None = None
    note: str = ""


@dataclass(frozen=True)
class ToldFamily:
    """One block of the report. `index`: rank in Verdict.families. `technical`: label → value, folded away.

    `sentence` counts what was found, `expected` says the rule, `advice` what to do; any but the first may be empty."""

    index: int
    code: str
    rule: str
    level: str
    label: str
    place: int | None
    count: int
    title: str
    sentence: str
    expected: str
    advice: str
    examples: tuple[ToldExample, ...]
    mends: tuple[Mend, ...] = ()
    technical: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> tuple[ToldExample, ...]:
        """The first examples that are on a row: enough to recognise the problem."""
        return tuple(one for one in self.examples if one.row is not None)[:MOST_SHOWN]

    @property
    def unshown(self) -> int:
        return max(0, self.count - len(self.shown))

    @property
    def shows_cells(self) -> bool:
        return any(one.cell for one in self.shown)

    @property
    def shows_proposals(self) -> bool:
        return any(one.proposed is not None for one in self.shown)

    @property
    def same_note(self) -> str:
        """Why, when it is the same everywhere: said once."""
        notes = {one.note for one in self.shown}
        return next(iter(notes)) if len(notes) == 1 else ""

    @property
    def shows_notes(self) -> bool:
        return not self.same_note and any(one.note for one in self.shown)

    @property
    def rows_alone(self) -> str:
        """Where there is nothing to show but the rows: « 10, 12, 15 »."""
        bare = not (self.shows_cells or self.shows_proposals or self.shows_notes)
        return ", ".join(counted(one.row) for one in self.shown if one.row is not None) if bare else ""

    @property
    def mended(self) -> int:
        """Faults that the best proposal takes away."""
        return max((mend.mended for mend in self.mends), default=0)


def told(verdict: Verdict, mends: Sequence[Mend] = (), schema: TableSchema | None = None) -> list[ToldFamily]:
    """In the active language, errors before warnings, then in the order in which mending them is worth the trouble."""
    families = [
        told_family(index, family, tuple(mend for mend in mends if mend.family == index), schema)
        for index, family in enumerate(verdict.families)
    ]
    return sorted(families, key=_worth)


def told_family(
    index: int, family: Family, mends: tuple[Mend, ...] = (), schema: TableSchema | None = None
) -> ToldFamily:
    field = schema.field(family.label) if schema else None
    words = words_of(family, field)
    values = placeholders(family, field)
    return ToldFamily(
        index=index,
        code=family.code,
        rule=family.rule,
        level=family.level,
        label=family.label,
        place=family.place,
        count=family.count,
        title=str(words.title),
        sentence=said(words.found, values, family.count),
        expected=_expected(words, values),
        advice=said(words.advice, values, family.count),
        examples=tuple(_example(family.rule, fault, mends) for fault in family.examples),
        mends=mends,
        technical=technical(family, schema),
    )


def words_of(family: Family, field: SchemaField | None = None) -> Words:
    """Codes made of digits have a habit of their own: they lose their zeros."""
    if family.rule == "constraint.pattern" and field is not None and str(field.example or "").isdigit():
        return WORDINGS.of("constraint.pattern.code")
    return WORDINGS.of(family.rule, family.code)


def placeholders(family: Family, field: SchemaField | None = None) -> Shown:
    values = shown(family)
    values.update(expectations(family, field))
    return values


def said(sentence: Any, values: Shown, number: int) -> str:
    """A sentence with its values; a counting one chooses its plural by `n`, which Django reads as a number."""
    if not sentence:
        return ""
    return str(sentence % numbered(values, number))


def _expected(words: Words, values: Shown) -> str:
    """A rule whose example nobody gave is not told with a hole in it."""
    if "%(example)s" in str(words.expected) and not values.get("example"):
        return ""
    return said(words.expected, values, 1)


def fault_message(family: Family, schema: TableSchema | None = None) -> str:
    """The sentence of one fault alone, `{cell}` where its value goes: for machines and for the comments of a workbook."""
    words = words_of(family)
    values = placeholders(family, schema.field(family.label) if schema else None)
    expected = _expected(words, values)
    whole = not any(fault.cell for fault in family.examples)
    if whole:
        return expected or said(words.found, Shown(values | {"count": "1"}), 1)
    start = _("“{cell}” is not right.")
    return f"{start} {expected}".strip()


def technical(family: Family, schema: TableSchema | None) -> tuple[tuple[str, str], ...]:
    """What only those who wrote the schema want to read."""
    field = schema.field(family.label) if schema else None
    lines = [(_("Code"), family.code), (_("Rule"), family.rule)]
    pattern = field.constraints.get("pattern") if field else family.fields.get("pattern")
    if family.rule == "constraint.pattern" and pattern:
        lines.append((_("Expression"), str(pattern)))
    lines += [(name, text(value)) for name, value in family.fields.items() if name != "pattern"]
    return tuple(lines)


def _example(rule: str, fault: Fault, mends: Sequence[Mend]) -> ToldExample:
    """A value may be proposed only when a mend was verified on it, or when the rule itself knows it."""
    note = str(fault.fields.get("note") or "")
    written = fault.cell or ""
    proposed = next((mend.proposed[written] for mend in mends if written in mend.proposed), None)
    if proposed is None and notes.is_proposal(rule, note):
        proposed = note
    cell = None if fault.cell is None else shortened(fault.cell)
    return ToldExample(fault.row, cell, proposed, text(notes.in_words(rule, note)))


def _worth(family: ToldFamily) -> tuple[int, int, int, int]:
    """Errors first; what stops the reading of the file; what one click mends; then the most frequent."""
    return (
        0 if family.level == "error" else 1,
        STRUCTURE_FIRST.index(family.code) if family.code in STRUCTURE_FIRST else len(STRUCTURE_FIRST),
        -family.mended,
        -family.count,
    )


def summary(verdict: Verdict) -> str:
    """The first sentence of a report. Columns that are missing are one problem, however many."""
    problems = len({family.code if family.code in LABELS else index for index, family in enumerate(verdict.errors)})
    rows = {"rows": counted(verdict.row_count)}
    if not problems:
        return (
            ngettext("Everything is right on %(rows)s row.", "Everything is right on %(rows)s rows.", verdict.row_count)
            % rows
        )
    return ngettext(
        "%(problems)s problem to mend on %(rows)s rows", "%(problems)s problems to mend on %(rows)s rows", problems
    ) % (rows | {"problems": counted(problems)})
