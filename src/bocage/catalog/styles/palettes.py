"""Colours that readers tell apart, whatever their eyes: of categories, and from the least to the most.

Categories were searched for over the whole gamut: any two are at least 0.13 apart in OKLab (nobody misses 0.02), for usual eyes and
for the three kinds of colour blindness (Machado et al., 2009), and each is 3:1 at least on white (WCAG 1.4.11). Ramps go from light
to dark: lightness alone tells their order.
"""

from __future__ import annotations

from collections.abc import Sequence

CATEGORIES = ("#1f5dc2", "#de6907", "#510200", "#92768f", "#2393f1", "#a24019", "#26015e", "#623f6a")
"""The first ones are those that differ the most."""
OTHERS, UNKNOWN = "#6b746f", "#8a938e"
"""Of the values that have no colour of their own, and of what has no value."""
PAPER, INK = "#ffffff", "#33403a"
LEAST_CONTRAST = 3.0
"""Of what must be seen, on its ground: WCAG 1.4.11."""
MOST_CLASSES = 9

RAMPS: dict[str, tuple[str, ...]] = {
    "green": ("#d5ecd9", "#86c29b", "#2f8a5f", "#0b4a35"),
    "blue": ("#d7e6f4", "#86b8de", "#2f77b8", "#0b3362"),
    "warm": ("#fdebc4", "#f6b15c", "#d7601f", "#741708"),
    "purple": ("#ebe1f3", "#bd9fd6", "#8250ad", "#3c1361"),
    "heat": ("#fbe6a0", "#f08a52", "#b5315f", "#2f1156"),
}
"""Of what has an edge; lines, which have none, begin where the ramp is dark enough."""
STEPS = 20
"""Of a part of a ramp, in which that place is looked for."""


def channels(color: str) -> tuple[float, float, float]:
    """`#rrggbb` in linear light, from 0 to 1."""
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str = PAPER) -> float:
    """From 1 to 21, as WCAG counts it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = channels(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def edge_of(color: str) -> str:
    """The colour of what surrounds a symbol, so that it is seen on a light ground whatever its own."""
    return PAPER if contrast(color) >= LEAST_CONTRAST else INK


def category_colors(count: int) -> list[str]:
    """The same colour comes back after the eighth: readers are told not to ask for so many."""
    return [CATEGORIES[rank % len(CATEGORIES)] for rank in range(count)]


def ramp_colors(name: str, count: int, *, edged: bool) -> list[str]:
    """`edged`: surfaces and marks, whose outline shows the lightest ones."""
    stops = RAMPS.get(name, RAMPS["green"])
    end = len(stops) - 1
    start = 0.0 if edged else _dark_enough(stops)
    return [_between(stops, start + (end - start) * rank / max(count - 1, 1)) for rank in range(count)]


def _dark_enough(stops: Sequence[str]) -> float:
    places = (rank / STEPS for rank in range((len(stops) - 1) * STEPS))
    return next((one for one in places if contrast(_between(stops, one)) >= LEAST_CONTRAST), len(stops) - 1.5)


def _between(stops: Sequence[str], place: float) -> str:
    rank = min(int(place), len(stops) - 2)
    share = place - rank
    pairs = (
        (int(stops[rank][start : start + 2], 16), int(stops[rank + 1][start : start + 2], 16)) for start in (1, 3, 5)
    )
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in pairs)
