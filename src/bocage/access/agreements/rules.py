"""Who may do what with an agreement, and what it becomes. Pure: nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bocage.access.agreements.vocabulary import Side, Standing, State, Step


@dataclass(frozen=True)
class Move:
    """From which states, to which one, by whom; `told`: why must be said."""

    begins: frozenset[State]
    becomes: State
    by: frozenset[Side]
    told: bool = False


PRODUCER, BOTH = frozenset({Side.PRODUCER}), frozenset(Side)
MOVES: dict[Step, Move] = {
    Step.PROPOSE: Move(frozenset({State.DRAFTED}), State.PROPOSED, PRODUCER),
    Step.SIGN: Move(frozenset({State.PROPOSED}), State.SIGNED, BOTH),
    Step.CORRECT: Move(frozenset({State.PROPOSED}), State.DRAFTED, BOTH, told=True),
    Step.SUSPEND: Move(frozenset({State.SIGNED}), State.SUSPENDED, PRODUCER, told=True),
    Step.RESUME: Move(frozenset({State.SUSPENDED}), State.SIGNED, PRODUCER),
    Step.END: Move(frozenset(State) - {State.ENDED}, State.ENDED, BOTH, told=True),
}


@dataclass(frozen=True)
class Parties:
    """Ids of the organisations; `signed`: those that have signed what is proposed."""

    producer: int
    consumers: frozenset[int]
    signed: frozenset[int] = frozenset()

    @property
    def all(self) -> frozenset[int]:
        return self.consumers | {self.producer}

    def side_of(self, organization: int) -> Side | None:
        if organization == self.producer:
            return Side.PRODUCER
        return Side.CONSUMER if organization in self.consumers else None


def may(step: Step, state: State, parties: Parties, organization: int) -> bool:
    """Whether `organization`, by its coordinators, may do this now. Of several consumers none ends it for the others, and
    before it is proposed it is its producer's alone."""
    move, side = MOVES[step], parties.side_of(organization)
    if side is None or side not in move.by or state not in move.begins:
        return False
    if step == Step.SIGN:
        return organization not in parties.signed
    if step == Step.END and side == Side.CONSUMER:
        return state != State.DRAFTED and len(parties.consumers) == 1
    return True


def possible(state: State, parties: Parties, organizations: Collection[int]) -> Iterator[tuple[Step, int]]:
    """(step, organisation in whose name) of all that coordinators of `organizations` may do now. Signing is done once for each
    side, the rest once."""
    for step in Step:
        able = [pk for pk in sorted(parties.all, key=lambda pk: (pk != parties.producer, pk)) if pk in organizations]
        able = [pk for pk in able if may(step, state, parties, pk)]
        yield from ((step, pk) for pk in (able if step == Step.SIGN else able[:1]))


def after(step: Step, parties: Parties, organization: int) -> State:
    """What it becomes. It is signed once everybody has signed: until then it stays proposed."""
    if step == Step.SIGN and parties.signed | {organization} < parties.all:
        return State.PROPOSED
    return MOVES[step].becomes


def in_force(state: State, begins: date, ends: date | None, day: date) -> bool:
    """Both days are included."""
    return state == State.SIGNED and begins <= day and (ends is None or day <= ends)


def standing(state: State, begins: date, ends: date | None, day: date) -> Standing:
    if state in (State.SIGNED, State.SUSPENDED) and ends is not None and day > ends:
        return Standing.OVER
    if state == State.SIGNED:
        return Standing.IN_FORCE if in_force(state, begins, ends, day) else Standing.TO_COME
    return Standing(state.value)
