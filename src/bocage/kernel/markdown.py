"""Descriptions written by people, as HTML that cannot harm: Markdown without raw HTML, then a list of allowed tags."""

from __future__ import annotations

from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
LONGEST = 50_000
"""Characters of Markdown read: a description is prose, not a file."""

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def _lower_headings(text: str, top: int) -> str:
    """The page already has its first headings: those of the description start at level `top`, whatever they say."""
    tokens = _parser.parse(text[:LONGEST])
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + top)}"
    return str(_parser.renderer.render(tokens, _parser.options, {}))


def safe_html(text: str, *, top: int = 3) -> SafeString:
    """HTML of a description. Its highest level of heading becomes `top`."""
    html = nh3.clean(
        _lower_headings(text, top),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer ugc",
    )
    return mark_safe(html)  # noqa: S308  cleaned just above


def excerpt(text: str, length: int = 220) -> str:
    """The first paragraph of a description, as plain text, cut between two words."""
    first = text.strip().split("\n\n", 1)[0][: length * 8]
    plain = " ".join(unescape(nh3.clean(_parser.render(first), tags=set())).split())
    return plain if len(plain) <= length else f"{plain[:length].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"
