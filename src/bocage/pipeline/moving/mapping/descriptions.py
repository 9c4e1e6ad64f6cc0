"""Descriptions written in HTML, as the Markdown that ours are. A text without any tag is kept as it is."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

LONGEST_INPUT = 100_000
LONGEST_OUTPUT = 50_000
_TAGS = {
    "p",
    "br",
    "div",
    "a",
    "b",
    "strong",
    "i",
    "em",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "th",
}
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|&(?:[a-zA-Z]{2,30}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_MEANT_IN_MARKDOWN = re.compile(r"([\\`*_\[\]<>])")
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "tr"}
_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*"}


def is_html(text: str) -> bool:
    return _ANY_TAG.search(text) is not None


def markdown_of(text: str) -> str:
    """At most LONGEST_OUTPUT characters; what is not text, a link, a list, a title or emphasis is left out."""
    if not is_html(text):
        return text[:LONGEST_OUTPUT]
    sound = nh3.clean(
        text[:LONGEST_INPUT],
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )
    writer = _Writer()
    writer.feed(sound)
    writer.close()
    return writer.text()[:LONGEST_OUTPUT]


class _Writer(HTMLParser):
    """Of HTML that nh3 has made well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._lists: list[int] = []
        self._links: list[tuple[int, str]] = []

    def text(self) -> str:
        joined = re.sub(r"[ \t\r\f\v\u00a0]+", " ", "".join(self._pieces))
        joined = re.sub(r" ?\n ?", "\n", joined)
        return re.sub(r"\n{3,}", "\n\n", joined).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._pieces.append("\n\n")
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ul" else 1)
        elif tag == "li":
            self._begin_item()
        elif tag == "br":
            self._pieces.append("\n\n" if not self._lists else " ")
        elif tag in _EMPHASIS:
            self._pieces.append(_EMPHASIS[tag])
        elif tag.startswith("h") and tag[1:].isdigit():
            self._pieces.append("#" * max(int(tag[1:]), 3) + " ")
        elif tag == "a":
            self._links.append((len(self._pieces), dict(attrs).get("href") or ""))
        elif tag in ("td", "th"):
            self._pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag in _EMPHASIS:
            self._end_emphasis(_EMPHASIS[tag])
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        if tag in _BLOCKS:
            self._pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        self._pieces.append(_MEANT_IN_MARKDOWN.sub(r"\\\1", re.sub(r"\s+", " ", data)))

    def _begin_item(self) -> None:
        number = self._lists[-1] if self._lists else 0
        mark = f"{number}. " if number else "- "
        if number:
            self._lists[-1] += 1
        self._pieces.append("\n" + "  " * (len(self._lists) - 1) + mark)

    def _end_emphasis(self, mark: str) -> None:
        if self._pieces and self._pieces[-1] == mark:
            self._pieces.pop()  # nothing was between
        else:
            self._pieces.append(mark)

    def _end_link(self, start: int, href: str) -> None:
        label = "".join(self._pieces[start:]).strip()
        if label and urlsplit_or_none(href):
            self._pieces[start:] = [f"[{label}](<{href.replace('<', '%3C').replace('>', '%3E')}>)"]


def urlsplit_or_none(address: str) -> bool:
    """Is it an address that leads somewhere?"""
    try:
        return urlsplit(address).scheme in ("http", "https", "mailto")
    except ValueError:
        return False
