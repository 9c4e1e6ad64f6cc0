"""The page of the matrix: which organisations, which schemas, which part of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from urllib.parse import urlencode

from django.utils.translation import gettext

from bocage.access.viewer import Viewer
from bocage.check.models import Schema
from bocage.check.quality.matrix import WORDS, Matrix, matrix, organizations_below, schemas_in_use
from bocage.organizations.models import Organization

PER_PAGE = 40
PARENTS = ("region", "department", "epci", "syndicate")


@dataclass(frozen=True)
class AdoptionPage:
    """`parent`: only the organisations below it; `asked`: only this schema."""

    viewer: Viewer
    parent: Organization | None = None
    asked: str = ""
    number: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str], viewer: Viewer) -> AdoptionPage:
        """From the query string; what it does not say, or says wrong, is everything."""
        parent = Organization.objects.filter(slug=query.get("below") or "").first()
        text = query.get("page", "1")
        number = int(text) if text.isdecimal() and len(text) < 6 else 1
        return cls(viewer, parent, query.get("schema", "")[:200], max(1, number))

    @cached_property
    def all_schemas(self) -> list[Schema]:
        return schemas_in_use(self.viewer)

    @cached_property
    def schemas(self) -> list[Schema]:
        return [schema for schema in self.all_schemas if schema.name == self.asked] or self.all_schemas

    @cached_property
    def organizations(self) -> list[Organization]:
        return organizations_below(self.parent)

    @cached_property
    def parents(self) -> list[Organization]:
        return list(Organization.objects.filter(kind__in=PARENTS).order_by("name"))

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.organizations) // PER_PAGE))

    @property
    def shown(self) -> int:
        return min(self.number, self.pages)

    @cached_property
    def matrix(self) -> Matrix:
        start = (self.shown - 1) * PER_PAGE
        return matrix(self.viewer, self.organizations, self.schemas, shown=slice(start, start + PER_PAGE))

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(state.value, str(label)) for state, label in WORDS.items()]

    @property
    def previous_address(self) -> str:
        return self._address(self.shown - 1) if self.shown > 1 else ""

    @property
    def next_address(self) -> str:
        return self._address(self.shown + 1) if self.shown < self.pages else ""

    @property
    def csv_address(self) -> str:
        return f"{self._address(1)}&format=csv"

    def csv(self) -> str:
        """The whole matrix: one line for each organisation, one column for each schema, in words. With a byte-order mark."""
        text = StringIO()
        csv.writer(text, delimiter=";").writerows(self._lines())
        return "\ufeff" + text.getvalue()

    def _lines(self) -> Iterator[list[str]]:
        """The whole matrix as texts, its header first."""
        yield [gettext("Organisation"), gettext("INSEE code"), *(schema.title for schema in self.schemas)]
        for row in matrix(self.viewer, self.organizations, self.schemas).rows:
            name = row.organization.name
            # A name that begins like a formula is text all the same.
            safe = f"'{name}" if name[:1] in "=+-@\t\r" else name
            yield [safe, row.organization.insee_code, *(cell.told for cell in row.cells)]

    def _address(self, number: int) -> str:
        kept = {"below": self.parent.slug if self.parent else "", "schema": self.asked, "page": str(number)}
        return "?" + urlencode({name: value for name, value in kept.items() if value})
