"""Lists are cut in pages; a page number out of range shows the nearest page."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PER_PAGE = 30


def page_of(request: HttpRequest, rows: QuerySet[M], per_page: int = PER_PAGE) -> Page[M]:
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def address_of_page(request: HttpRequest) -> str:
    """The query string that keeps the filters, ready for a page number."""
    query: Any = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}&page=" if query else "?page="
