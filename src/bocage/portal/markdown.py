"""Descriptions written by people, as HTML that cannot harm: Markdown without raw HTML, then a list of allowed tags."""

from __future__ import annotations

from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt

TAGS = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
LONGEST = 50_000
"""Characters of Markdown read: a description is prose, not a file."""

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def _lower_headings(text: str, by: int) -> str:
    """The page already has its first headings: those of the description start below them."""
    tokens = _parser.parse(text[:LONGEST])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + by)}"
    return str(_parser.renderer.render(tokens, _parser.options, {}))


def safe_html(text: str, *, below: int = 2) -> SafeString:
    """HTML of a description. Its first level of heading becomes `below` + 1."""
    html = nh3.clean(
        _lower_headings(text, below),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer ugc",
    )
    return mark_safe(html)  # noqa: S308  cleaned just above


def excerpt(text: str, length: int = 220) -> str:
    """The first words of a description, as plain text, cut between two words."""
    plain = unescape(nh3.clean(_parser.render(text[: length * 8]), tags=set()))
    return str(Truncator(" ".join(plain.split())).chars(length, truncate="…"))
