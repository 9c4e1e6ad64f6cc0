"""One line of the table as an organisation to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from bocage.organizations.bulk.cells import plain
from bocage.organizations.models import Organization
from bocage.organizations.vocabulary import OrganizationKind

KINDS: Mapping[str, OrganizationKind] = {
    **{kind.value: kind for kind in OrganizationKind},
    "departement": OrganizationKind.DEPARTMENT,
    "metropole": OrganizationKind.EPCI,
    "intercommunalite": OrganizationKind.EPCI,
    "syndicat": OrganizationKind.SYNDICATE,
    "delegataire": OrganizationKind.DELEGATE,
    "partenaire": OrganizationKind.PARTNER,
}
SPACES = str.maketrans("", "", " \u202f\xa0")


@dataclass(frozen=True)
class Line:
    """`known`: the organisation that it describes, already there. `problem`: why it cannot be planted, empty when it can.
    `parent`: as written; empty for the organisation under which all are planted."""

    number: int
    name: str
    kind: OrganizationKind = OrganizationKind.COMMUNE
    insee_code: str = ""
    siren: str = ""
    population: int | None = None
    email: str = ""
    website: str = ""
    parent: str = ""
    coordinator: str = ""
    known: Organization | None = None
    problem: str = ""

    @property
    def fresh(self) -> bool:
        return self.known is None and not self.problem

    @property
    def identity(self) -> tuple[str, ...]:
        return identity_of(self.kind, self.name, self.insee_code, self.siren)

    def organization(self, slug: str) -> Organization:
        """Not saved."""
        return Organization(
            slug=slug, name=self.name, kind=self.kind, insee_code=self.insee_code, siren=self.siren,
            population=self.population, email=self.email, website=self.website,
        )  # fmt: skip


def identity_of(kind: str, name: str, insee_code: str, siren: str) -> tuple[str, ...]:
    """The strongest that is written: two communes may bear the same name, not the same code."""
    if siren:
        return ("siren", siren)
    return ("insee", str(kind), insee_code) if insee_code else ("name", str(kind), plain(name))


def read_line(number: int, cells: Mapping[str, str]) -> Line:
    """The cells with their types; the first fault is the problem of the line."""
    kind = KINDS.get(plain(cells.get("kind", "")) or "commune")
    population = cells.get("population", "").translate(SPACES)
    line = Line(
        number=number,
        name=cells["name"],
        kind=kind or OrganizationKind.COMMUNE,
        insee_code=_insee(cells.get("insee_code", ""), kind),
        siren=cells.get("siren", "").translate(SPACES),
        population=int(population) if _is_count(population) else None,
        email=cells.get("email", ""),
        website=cells.get("website", ""),
        parent=cells.get("parent", ""),
        coordinator=cells.get("coordinator", "").lower(),
    )
    return replace(line, problem=_problem(line, cells, kind, population))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _insee(written: str, kind: OrganizationKind | None) -> str:
    """A spreadsheet takes the zero away from `01004`: the code of a commune has five characters."""
    code = written.translate(SPACES).upper()
    return code.zfill(5) if code.isdigit() and kind == OrganizationKind.COMMUNE else code


def _problem(line: Line, cells: Mapping[str, str], kind: OrganizationKind | None, population: str) -> str:
    if not line.name:
        return _("it has no name.")
    if kind is None:
        return _("“%(value)s” is not a kind of organisation.") % {"value": cells["kind"]}
    if population and not _is_count(population):
        return _("the population “%(value)s” is not a whole number.") % {"value": cells["population"]}
    try:
        if line.coordinator:
            validate_email(line.coordinator)
        line.organization("x").clean_fields(exclude=["slug", "parent", "path"])
    except ValidationError as error:
        return error.messages[0]
    return ""
