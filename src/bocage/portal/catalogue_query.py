"""What people ask of the catalogue, read from the address and written back into addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

FACETS: Mapping[str, object] = MappingProxyType(
    {
        "theme": _("Theme"),
        "organization": _("Organisation"),
        "territory": _("Territory"),
        "features": _("What it offers"),
        "keyword": _("Keyword"),
        "update_frequency": _("Update frequency"),
        "license": _("Licence"),
    }
)
SORTS: Mapping[str, object] = MappingProxyType(
    {
        "relevance": _("Relevance"),
        "modified": _("Most recent first"),
        "title": _("Title, A to Z"),
        "records": _("Number of rows"),
    }
)
PAGE_SIZE = 20
LAST_PAGE = 500
LONGEST_TEXT = 200
MOST_VALUES = 50


@dataclass(frozen=True)
class CatalogueQuery:
    """`refine`: facet → values. Every field is bounded: a strange address gives a sensible page, never an error."""

    text: str = ""
    refine: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, parameters: QueryDict) -> CatalogueQuery:
        refine = {
            name: tuple(
                dict.fromkeys(value[:LONGEST_TEXT] for value in parameters.getlist(name)[:MOST_VALUES] if value)
            )
            for name in FACETS
        }
        sort = parameters.get("sort", "")
        page = parameters.get("page", "1")
        return cls(
            text=" ".join(parameters.get("q", "").replace("\0", "").split())[:LONGEST_TEXT],
            refine={name: values for name, values in refine.items() if values},
            sort=sort if sort in SORTS else "",
            page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )

    @property
    def order(self) -> str:
        """The order in force: by relevance when there are words to be relevant to, else the newest first."""
        return self.sort or ("relevance" if self.text else "modified")

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    @property
    def is_plain(self) -> bool:
        """Nothing is asked: the whole catalogue."""
        return not self.text and not self.refine

    def address(self, *, page: int = 1) -> str:
        """`?…` of this query; empty for the whole catalogue."""
        pairs: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.refine.items() for value in values]
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(page))] if page > 1 else []
        return f"?{urlencode(pairs)}" if pairs else "?"

    def toggled(self, name: str, value: str) -> CatalogueQuery:
        """The same query with this filter added, or removed if it is there; back to the first page."""
        values = self.refine.get(name, ())
        kept = tuple(one for one in values if one != value) if value in values else (*values, value)
        refine = {key: found for key, found in {**self.refine, name: kept}.items() if found}
        return replace(self, refine=refine, page=1)

    def has(self, name: str, value: str) -> bool:
        return value in self.refine.get(name, ())

    def hidden_pairs(self) -> Iterator[tuple[str, str]]:
        """Filters as hidden inputs, for a form that only changes the words or the order."""
        for name, values in self.refine.items():
            for value in values:
                yield name, value
