"""The names of organisations: free, borne, left. A name that was left leads for ever to who bears its successor."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError
from bocage.kernel.ids import SLUG_LENGTH, slugify
from bocage.organizations.models import FormerOrganization, Organization
from bocage.organizations.vocabulary import Ending


class NameTaken(TerminalError):
    code = "organizations.name-taken"
    message = _("The identifier “%(slug)s” is that of “%(holder)s”, or was.")
    mend = _("Choose another identifier.")


def refuse_taken(slug: str, *, for_organization: Organization | None = None) -> None:
    """Raise NameTaken when another organisation bears `slug`, or left it: addresses already written would lie."""
    own = for_organization.pk if for_organization else None
    holder = Organization.objects.filter(slug=slug).first()
    if holder is not None and holder.pk != own:
        raise NameTaken(slug=slug, holder=holder.name)
    former = FormerOrganization.objects.filter(slug=slug).first()
    if former is not None and former.organization_id != own:
        raise NameTaken(slug=slug, holder=former.name)


def taken_slugs() -> set[str]:
    """Every identifier that may not be given: one query for each table, for those who create many."""
    borne = set(Organization.objects.values_list("slug", flat=True))
    return borne | set(FormerOrganization.objects.values_list("slug", flat=True))


def free_slug(name: str, distinction: str, taken: set[str]) -> str:
    """`name` as an identifier; with `distinction` (its INSEE code), then with a number, when others bear it."""
    plain = slugify(name, fallback="organisation")
    candidates = [plain]
    if distinction:
        candidates.append(f"{plain[: SLUG_LENGTH - 1 - len(distinction)]}-{distinction.lower()}")
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    number = 2
    while (candidate := f"{candidates[-1][: SLUG_LENGTH - 6]}-{number}") in taken:
        number += 1
    return candidate


@transaction.atomic
def rename_organization(*, organization: Organization, name: str, slug: str) -> Organization:
    """Give another name, and another identifier when it differs; the one left leads here. Raises NameTaken."""
    if slug != organization.slug:
        refuse_taken(slug, for_organization=organization)
        FormerOrganization.objects.filter(
            slug=slug, organization=organization
        ).delete()  # it takes back a name of its own
        FormerOrganization.objects.create(
            slug=organization.slug,
            name=organization.name,
            insee_code=organization.insee_code,
            ending=Ending.RENAMED,
            organization=organization,
        )
    organization.name, organization.slug = name, slug
    organization.full_clean()
    organization.save(update_fields=["name", "slug"])
    return organization
