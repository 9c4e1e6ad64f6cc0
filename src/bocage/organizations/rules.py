"""The look of a portal: its tokens, and the contrast below which a theme is refused (WCAG 2.1, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError

DEFAULT_THEME: dict[str, str] = {
    "color-ink": "#16261f",
    "color-ink-soft": "#4a5a52",
    "color-paper": "#ffffff",
    "color-paper-soft": "#f4f6f1",
    "color-accent": "#1f6b4a",
    "color-on-accent": "#ffffff",
    "color-accent-soft": "#e3efe7",
    "color-link": "#14583a",
    "color-header": "#12372a",
    "color-on-header": "#ffffff",
    "color-warning": "#8a4b00",
    "color-danger": "#a3241c",
    "color-focus": "#b35c00",
    "color-line": "#7f8c84",
}
"""Every colour token and its default. A portal's theme overrides some of them."""

TEXT_CONTRAST = 4.5
COMPONENT_CONTRAST = 3.0

PAIRS: tuple[tuple[str, str, float], ...] = (
    ("color-ink", "color-paper", TEXT_CONTRAST),
    ("color-ink", "color-paper-soft", TEXT_CONTRAST),
    ("color-ink", "color-accent-soft", TEXT_CONTRAST),
    ("color-ink-soft", "color-paper", TEXT_CONTRAST),
    ("color-ink-soft", "color-paper-soft", TEXT_CONTRAST),
    ("color-on-accent", "color-accent", TEXT_CONTRAST),
    ("color-link", "color-paper", TEXT_CONTRAST),
    ("color-link", "color-paper-soft", TEXT_CONTRAST),
    ("color-link", "color-accent-soft", TEXT_CONTRAST),
    ("color-on-header", "color-header", TEXT_CONTRAST),
    ("color-warning", "color-paper", TEXT_CONTRAST),
    ("color-danger", "color-paper", TEXT_CONTRAST),
    ("color-focus", "color-paper", COMPONENT_CONTRAST),
    ("color-line", "color-paper", COMPONENT_CONTRAST),
)
"""(text, ground, smallest contrast): the pairs that the style sheet really puts one on the other."""


class IllegibleTheme(TerminalError):
    code = "organizations.illegible-theme"
    message = _(
        "“%(text)s” on “%(ground)s” has a contrast of %(contrast)s:1; %(least)s:1 is needed to be read by everyone."
    )
    mend = _("Choose a darker or a lighter colour for one of the two.")


class InvalidColor(TerminalError):
    code = "organizations.invalid-color"
    message = _("“%(value)s” is not a colour for “%(token)s”.")
    mend = _("Write it as #rrggbb.")


def luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, 0 (black) to 1 (white), as WCAG 2.1 defines it."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True)
class PairContrast:
    """One pair of PAIRS, as a theme draws it."""

    text: str
    ground: str
    text_color: str
    ground_color: str
    ratio: float
    least: float

    @property
    def legible(self) -> bool:
        return self.ratio >= self.least


def pair_contrasts(theme: dict[str, str]) -> list[PairContrast]:
    """Every pair of a theme whose colours are valid, with its contrast."""
    tokens = DEFAULT_THEME | theme
    return [
        PairContrast(text, ground, tokens[text], tokens[ground], contrast(tokens[text], tokens[ground]), least)
        for text, ground, least in PAIRS
    ]


def refuse_illegible_theme(theme: dict[str, str]) -> None:
    """Raise InvalidColor or IllegibleTheme for the first token or pair at fault."""
    for token, value in theme.items():
        if token not in DEFAULT_THEME or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise InvalidColor(token=token, value=value)
    for pair in pair_contrasts(theme):
        if not pair.legible:
            raise IllegibleTheme(
                text=pair.text, ground=pair.ground, contrast=f"{pair.ratio:.2f}", least=f"{pair.least:.1f}"
            )
