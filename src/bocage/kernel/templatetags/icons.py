"""`{% icon "search" %}`: one of our icons, drawn on a grid of 24, decorative: words beside it say the same."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

PATHS: dict[str, str] = {
    # actions and things
    "search": "M10.5 17.5a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20.5 20.5l-5-5",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "close": "M6 6l12 12M18 6 6 18",
    "arrow": "M5 12h14M13 6l6 6-6 6",
    "download": "M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14",
    "rss": "M5 19h.01M5 12.5A6.5 6.5 0 0 1 11.5 19M5 6a13 13 0 0 1 13 13",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
    "globe": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18"
    "M12 3c3 2.7 4 5.7 4 9s-1 6.3-4 9c-3-2.7-4-5.7-4-9s1-6.3 4-9",
    "table": "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
    "map": "M9 5 3.5 7v12.5L9 17.5l6 2.5 5.5-2V5.5L15 7.5 9 5ZM9 5v12.5M15 7.5V20",
    "pin": "M12 21c4-4.8 6.5-8 6.5-11.2a6.5 6.5 0 0 0-13 0C5.5 13 8 16.2 12 21Z"
    "M12 12a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
    "chart": "M4 20h16M6.5 16.5v-5M11 16.5V5M15.5 16.5V9M20 16.5v-3",
    "code": "M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5M13.5 4.5l-3 15",
    "history": "M4 12a8 8 0 1 1 2.5 5.8M4 12 2 9.5M4 12l2.7-2M12 7.5V12l3 2",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5.5M12 7.5h.01",
    "schema": "M4 4.5h7v5H4zM13 14.5h7v5h-7zM7.5 9.5V17H13",
    "check": "M5 12.5 10 17.5 19.5 7",
    "warning": "M12 4 2.5 20h19L12 4ZM12 10v4.5M12 17.2h.01",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "group": "M9 11.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3.5 19c.5-3.5 2.7-5 5.5-5s5 1.5 5.5 5"
    "M16 6a3 3 0 0 1 0 5.6M17 14.2c2 .5 3.2 2 3.5 4.8",
    "file": "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5",
    "plus": "M12 5v14M5 12h14",
    "copy": "M8 8h11v12H8zM16 8V4H5v12h3",
    "external": "M13 5h6v6M19 5l-9 9M16.5 14v5H5V7.5h5",
    "locate": "M12 18.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM12 2v5M12 17v5M2 12h5M17 12h5",
    "ruler": "M3.5 15.5 15.5 3.5l5 5-12 12zM7 12l2 2M9.8 9.2l2.8 2.8M12.6 6.4l2 2",
    "print": "M7 9V3.5h10V9M7 17H4V9.5h16V17h-3M7 14h10v6.5H7z",
    "share": "M12 15V3.5M8 7l4-3.5L16 7M7 11H4.5v9.5h15V11H17",
    "layers": "M12 3.5 3 8.5l9 5 9-5zM4 13l8 4.5 8-4.5M4 17l8 4.5 8-4.5",
    "qr": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M18 14h2M20 17v3M14 18v2h3",
    # organisations
    "commune": "M4 20.5V10l8-6 8 6v10.5zM10 20.5v-6h4v6M12 4V2",
    "epci": "M3 20.5v-9l4.5-3 4.5 3v9zM12 20.5V8l4.5-4L21 8v12.5zM3 20.5h18",
    # themes of catalog.vocabulary.Theme
    "voirie": "M8 21 10.5 3M16 21 13.5 3M12 6v2M12 11v2.5M12 16.5V20",
    "dechets": "M5.5 7h13l-1 13.5h-11zM4 7h16M9.5 7V4h5v3M10 11v6M14 11v6",
    "mobilite": "M6 19a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM18 19a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z"
    "M6 15.5 9.5 8h6L18 15.5M9 9.5l4 6 2.5-7.5M8 6h3M15 5h2",
    "urbanisme": "M4 20.5v-9l5-3.5 5 3.5v9zM14 20.5V4h6v16.5M2.5 20.5h19M7.5 14h3M17 8h.01M17 12h.01M17 16h.01",
    "budget": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM15.5 8.5a4 4 0 1 0 0 7M7 10.7h5.5M7 13.3h5.5",
    "culture": "M3.5 9 12 4l8.5 5zM5.5 9v8.5M10 9v8.5M14 9v8.5M18.5 9v8.5M3.5 20.5h17M4.5 17.5h15",
    "environnement": "M5 19C4 10 9 4.5 20 4.5 20 15 14.5 19.5 7.5 17M4 21c2-5 5.5-8 10-10",
    "social": "M12 20C6 15.5 3.5 12.5 3.5 9.2A4.4 4.4 0 0 1 12 7.5a4.4 4.4 0 0 1 8.5 1.7C20.5 12.5 18 15.5 12 20Z",
    "education": "M2.5 9.5 12 5l9.5 4.5L12 14zM6.5 11.5V16c2.5 2.5 8.5 2.5 11 0v-4.5M21.5 9.5V15",
    "agenda": "M4 6h16v14.5H4zM4 10.5h16M8 3.5V7M16 3.5V7M8 14h2M14 14h2M8 17h2",
    "economie": "M3.5 8.5h17v11h-17zM9 8.5V5h6v3.5M3.5 13.5h17M12 12.5v2",
    "citoyennete": "M4 12.5h16v8H4zM8 12.5V5h8v7.5M10.5 8.5l1.2 1.3 2-2.5M9.5 15.5h5",
    "eau": "M12 3.5c4 4.7 6 7.7 6 10.5a6 6 0 0 1-12 0c0-2.8 2-5.8 6-10.5ZM9 14.5a3 3 0 0 0 3 3",
    "territoire": "M12 3 2.5 8 12 13l9.5-5zM4.5 12.5 2.5 13.5l9.5 5 9.5-5-2-1M12 13v5.5",
}  # fmt: skip


@register.simple_tag
def icon(name: str) -> SafeString:
    """The icon as inline SVG; an unknown name draws a plain sheet rather than break a page."""
    path = PATHS.get(name, PATHS["file"])
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        mark_safe(path),  # noqa: S308  constant of this module
    )
