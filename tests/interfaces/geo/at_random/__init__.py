"""Requests at random to every interface of maps: half of them nearly right, the others as no sound client writes them.

Everything comes from a number: a request that breaks something is written again from it."""

from __future__ import annotations

from tests.interfaces.geo.at_random.asked import Asked, Dice
from tests.interfaces.geo.at_random.doors import DOORS


def asked(number: int) -> Asked:
    """Request number `number`."""
    dice = Dice(number)
    return dice.spoilt(dice.choice(DOORS)(dice))


__all__ = ["Asked", "asked"]
