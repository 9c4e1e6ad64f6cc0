"""What becomes of a delivery once it was checked: the policy of its dataset applied to the verdict. Pure functions.

Only rows can be kept aside: what is wrong with the table as a whole (a column that is not there) is wrong of each of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bocage.check.verdict import Family, Verdict
from bocage.check.vocabulary import Policy


class Outcome(StrEnum):
    PUBLISH = "publish"
    PUBLISH_VALID = "publish-valid"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Judgement:
    """`reason`: "valid"; "warned" (published as it is); "set-aside"; "blocked"; "table" (rows aside would mend nothing);
    "no-right-row" (nothing would be left). `problems`: errors in all; `rows`: rows that hold at least one."""

    outcome: Outcome
    reason: str
    problems: int = 0
    rows: int = 0
    table_faults: int = 0

    @property
    def publishes(self) -> bool:
        return self.outcome is not Outcome.REFUSE

    @property
    def sets_aside(self) -> bool:
        return self.outcome is Outcome.PUBLISH_VALID


def judge(verdict: Verdict, policy: str) -> Judgement:
    """What `policy` (a vocabulary.Policy) makes of the verdict."""
    outcome, reason = _ruling(verdict, Policy(policy))
    return Judgement(outcome, reason, verdict.error_count, verdict.wrong_rows, len(table_families(verdict)))


def table_families(verdict: Verdict) -> tuple[Family, ...]:
    """The families of errors that no row is to blame for: header, file, relation with another table."""
    return tuple(family for family in verdict.errors if not any(fault.row is not None for fault in family.examples))


def _ruling(verdict: Verdict, policy: Policy) -> tuple[Outcome, str]:
    if verdict.valid:
        return Outcome.PUBLISH, "valid"
    if policy is Policy.WARN:
        return Outcome.PUBLISH, "warned"
    if policy is Policy.BLOCK:
        return Outcome.REFUSE, "blocked"
    if table_families(verdict):
        return Outcome.REFUSE, "table"
    if verdict.wrong_rows >= verdict.row_count:
        return Outcome.REFUSE, "no-right-row"
    return Outcome.PUBLISH_VALID, "set-aside"
