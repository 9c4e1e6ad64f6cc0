"""The sections of the page of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

TABS = (
    ("dataset", _("About"), "info"),
    ("dataset_table", _("Table"), "table"),
    ("dataset_map", _("Map"), "map"),
    ("dataset_chart", _("Chart"), "chart"),
    ("dataset_export", _("Download"), "download"),
    ("dataset_api", _("API"), "code"),
    ("dataset_history", _("History"), "history"),
    ("dataset_schema", _("Fields"), "schema"),
    ("dataset_quality", _("Quality"), "check"),
    ("dataset_discussions", _("Discussions"), "group"),
)
FILTERED = ("dataset_table", "dataset_map")
"""Sections that show the rows that the reader has filtered: going from one to the other keeps the filter."""


@dataclass(frozen=True)
class Tab:
    name: str
    label: object
    icon: str
    address: str
    current: bool


def tabs_of(slug: str, names: Sequence[str], current: str, filters: str = "") -> list[Tab]:
    """The tabs of these names, in their order. `filters`: the query of the filter in use, empty or with its question mark."""
    return [
        Tab(name, label, icon, _address(name, slug, filters), name == current)
        for name, label, icon in TABS
        if name in names
    ]


def _address(name: str, slug: str, filters: str) -> str:
    return reverse(f"portal:{name}", args=[slug]) + (filters if name in FILTERED else "")


def title_of(current: str) -> object:
    """The name of a section, for the title of the page."""
    return next(label for name, label, _icon in TABS if name == current)
