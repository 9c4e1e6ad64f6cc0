"""What may be done with an agreement, what it becomes, and what several of them show together."""

from __future__ import annotations

from itertools import product

from bocage.access.agreements.rules import MOVES, Parties, after, may, possible
from bocage.access.agreements.terms import together
from bocage.access.agreements.vocabulary import State, Step
from bocage.access.rule import Terms


def test_who_may_do_what():
    alone, several = Parties(1, frozenset({2})), Parties(1, frozenset({2, 3}))
    for step, state, parties in product(Step, State, (alone, several)):
        assert not may(step, state, parties, 9)
        assert may(step, state, parties, 1) == (state in MOVES[step].begins)
    by_consumer = {(step, state) for step, state in product(Step, State) if may(step, state, alone, 2)}
    assert by_consumer == {
        (Step.SIGN, State.PROPOSED), (Step.CORRECT, State.PROPOSED), (Step.END, State.PROPOSED),
        (Step.END, State.SIGNED), (Step.END, State.SUSPENDED),
    }  # fmt: skip
    assert not any(may(Step.END, state, several, 2) for state in State), "none ends it for the others"
    assert list(possible(State.PROPOSED, several, {1, 3})) == [
        (Step.SIGN, 1), (Step.SIGN, 3), (Step.CORRECT, 1), (Step.END, 1),
    ]  # fmt: skip


def test_everybody_must_sign():
    parties = Parties(1, frozenset({2, 3}), frozenset({1}))
    assert after(Step.SIGN, parties, 2) == State.PROPOSED
    assert after(Step.SIGN, Parties(1, frozenset({2, 3}), frozenset({1, 3})), 2) == State.SIGNED
    assert not may(Step.SIGN, State.PROPOSED, parties, 1), "once is enough"


def test_two_agreements_show_no_cell_that_neither_shows():
    ab, a, everything = Terms(frozenset("ab"), "x = 1"), Terms(frozenset("a"), "y = 1"), Terms()
    assert together([ab, a]) == Terms(frozenset("a"), "(x = 1) or (y = 1)")
    assert together([ab, a, everything]) == everything
    assert together([ab, Terms(frozenset("c"), "x = 1")]) == Terms(frozenset("abc"), "x = 1")
    assert together([ab, Terms(frozenset("a"))]) == Terms(frozenset("a"))
    assert together([ab, Terms(frozenset("c"), "y = 1")]) == ab, "rather one of them than nothing"
