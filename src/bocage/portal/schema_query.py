"""What people ask of the list of schemas, read from the address and written back into addresses."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bocage.check.registry.selectors import SchemaLine
from bocage.check.vocabulary import SchemaKind, SchemaLanguage
from bocage.portal.views.catalogue import SHOWN_FIRST, FacetBox, FacetLink

PAGE_SIZE = 20
LAST_PAGE = 250
LONGEST_TEXT = 200
FACETS: Mapping[str, object] = {"kind": _("Kind of schema"), "label": _("Labels held"), "language": _("Written in")}


@dataclass(frozen=True)
class SchemaQuery:
    """`refine`: facet → values."""

    text: str = ""
    refine: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def read(cls, parameters: QueryDict) -> SchemaQuery:
        page = parameters.get("page", "1")
        refine = {name: tuple(dict.fromkeys(parameters.getlist(name)[:20])) for name in FACETS}
        return cls(
            text=" ".join(parameters.get("q", "").replace("\0", "").split())[:LONGEST_TEXT],
            refine={
                name: tuple(v[:LONGEST_TEXT] for v in values if v) for name, values in refine.items() if any(values)
            },
            page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )

    def address(self, *, page: int = 1) -> str:
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.refine.items() for value in values]
        pairs += [("page", str(page))] if page > 1 else []
        return f"?{urlencode(pairs)}" if pairs else "?"

    def toggled(self, name: str, value: str) -> SchemaQuery:
        values = self.refine.get(name, ())
        kept = tuple(one for one in values if one != value) if value in values else (*values, value)
        refine = {key: found for key, found in {**self.refine, name: kept}.items() if found}
        return replace(self, refine=refine, page=1)

    def hidden_pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.refine.items() for value in values]


def found_by(query: SchemaQuery, lines: Iterable[SchemaLine]) -> tuple[list[SchemaLine], list[FacetBox]]:
    """The schemas asked for, and the choices left: those that the other facets and the words allow."""
    words = _folded(query.text).split()
    spoken = [line for line in lines if all(word in _folded(_said(line)) for word in words)]
    chosen = [line for line in spoken if _matches(line, query.refine)]
    return chosen, [box for name in FACETS if (box := _box(query, name, spoken)).first]


def _said(line: SchemaLine) -> str:
    labels = " ".join(line.schema.entry.get("labels", ()))
    return f"{line.schema.title} {line.schema.name} {line.schema.description} {labels} {line.schema.organization or ''}"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def _values(line: SchemaLine, name: str) -> Sequence[str]:
    if name == "label":
        return tuple(str(one) for one in line.schema.entry.get("labels", ()))
    return (str(getattr(line.schema, name)),)


def _matches(line: SchemaLine, refine: Mapping[str, tuple[str, ...]], *, but: str = "") -> bool:
    """One of the values of each facet."""
    return all(set(values) & set(_values(line, name)) for name, values in refine.items() if name != but)


def _box(query: SchemaQuery, name: str, lines: Iterable[SchemaLine]) -> FacetBox:
    counts = Counter(v for line in lines if _matches(line, query.refine, but=name) for v in _values(line, name))
    active = query.refine.get(name, ())
    counts.update(dict.fromkeys((one for one in active if one not in counts), 0))
    links = [
        FacetLink(_label(name, value), count, value in active, query.toggled(name, value).address())
        for value, count in counts.most_common()
    ]
    links.sort(key=lambda link: not link.active)
    return FacetBox(name, FACETS[name], links[:SHOWN_FIRST], links[SHOWN_FIRST:])


def _label(name: str, value: str) -> str:
    choices = {"kind": SchemaKind, "language": SchemaLanguage}.get(name)
    return str(choices(value).label) if choices and value in choices.values else value
