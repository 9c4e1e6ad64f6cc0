"""The report of a page: what is read as one is told as one, and everything can be accepted at once."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation

from bocage.check.report.mend import Mend
from bocage.check.report.telling import told_report
from bocage.check.schema import SchemaField, TableSchema
from bocage.check.verdict import Family, Fault, Verdict

MISSING = tuple(Family("missing-label", "missing-label", label=name) for name in ("a", "b", "c"))


def test_missing_columns_are_one_problem() -> None:
    verdict = Verdict("s", "1", False, MISSING, row_count=3)
    with translation.override("en"):
        report = told_report(verdict)
    assert report.summary == "1 problem to mend on 3 rows"
    [family] = report.errors
    assert family.sentence == "3 columns that the schema requires are missing: a, b, c."


def test_nothing_found_has_a_hint() -> None:
    schema = TableSchema("s", tuple(SchemaField(name) for name in "abc"))
    assert told_report(Verdict("s", "1", False, MISSING), (), schema).hint
    assert not told_report(Verdict("s", "1", False, MISSING[:2]), (), schema).hint


def test_the_same_remark_is_said_once() -> None:
    remark = Family("deprecated-check", "deprecated-check", level="warning", fields={"check": "x", "instead": "y"})
    assert len(told_report(Verdict("s", "1", True, (remark, remark))).warnings) == 1


def test_accepting_everything_names_every_proposal_once(verdict: Verdict) -> None:
    mends = [
        Mend("x", 2, "lambert", mended=3, together=2), Mend("y", 3, "lambert", mended=3, together=2),
        Mend("type", 4, "spelling_of_list", mended=1),
    ]  # fmt: skip
    report = told_report(verdict, mends)
    assert sorted(report.mend_keys) == ["2-lambert", "4-spelling_of_list"]
    assert report.mendable == 7


def test_rows_alone_are_listed_without_a_table() -> None:
    family = Family("blank-row", "blank-row", count=9, examples=tuple(Fault(row) for row in range(10, 19)))
    [told] = told_report(Verdict("s", "1", False, (family,))).errors
    assert told.rows_alone == "10, 11, 12, 13, 14"
    assert told.unshown == 4


def test_a_reason_that_is_the_same_is_said_once(verdict: Verdict) -> None:
    faults = tuple(Fault(row, "1", {"note": "key"}) for row in (2, 3))
    family = Family("custom-check-error", "custom.siret", label="siret", count=2, examples=faults)
    [told] = told_report(replace(verdict, families=(family,))).errors
    assert told.same_note
    assert not told.shows_notes
