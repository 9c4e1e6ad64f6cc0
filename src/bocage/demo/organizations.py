"""The organisations of the demonstration and the people who work there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bocage.demo.streets import FIRST_NAMES, LAST_NAMES
from bocage.demo.territory import COMMUNES
from bocage.kernel.ids import slugify
from bocage.organizations.models import Organization, Portal, User
from bocage.organizations.services import add_member, create_organization, save_portal
from bocage.organizations.vocabulary import OrganizationKind, Role

METROPOLE = "nantes-metropole"
DEPARTMENT = "loire-atlantique"
REGION = "pays-de-la-loire"
DELEGATE = "eaux-du-bocage"

MAIL_DOMAIN = "demo.bocage.example"


@dataclass(frozen=True)
class Account:
    """A demonstration account, as shown on the sign-in page of a demonstration."""

    email: str
    password: str
    name: str
    organization: str
    role: str


@transaction.atomic
def load_organizations() -> list[Account]:
    """Create the tree, a portal and the accounts. One password for all of them, made at random for this installation."""
    region = create_organization(
        slug=REGION, name="Région Pays de la Loire", kind=OrganizationKind.REGION, siren="234400034",
        population=3_853_999, insee_code="52",
    )  # fmt: skip
    department = create_organization(
        slug=DEPARTMENT, name="Département de Loire-Atlantique", kind=OrganizationKind.DEPARTMENT, parent=region,
        siren="224400028", population=1_457_806, insee_code="44",
    )  # fmt: skip
    metropole = create_organization(
        slug=METROPOLE, name="Nantes Métropole", kind=OrganizationKind.EPCI, parent=department, siren="244400404",
        population=683_981,
        description="Vingt-quatre communes qui mettent en commun leurs données et les outils pour s’en servir.",
    )  # fmt: skip
    delegate = create_organization(
        slug=DELEGATE, name="Eaux du Bocage (délégataire fictif)", kind=OrganizationKind.DELEGATE,
        description="Délégataire imaginaire du service de l’eau, pour la démonstration.",
    )  # fmt: skip
    communes = [
        create_organization(
            slug=c.slug, name=c.name, kind=OrganizationKind.COMMUNE, parent=metropole, siren=c.siren,
            insee_code=c.insee, population=c.population,
        )
        for c in COMMUNES
    ]  # fmt: skip
    save_portal(
        portal=Portal(
            organization=metropole, domain="*", name="Données du bocage nantais",
            tagline="Les données publiques de la métropole et de ses vingt-quatre communes, à voir, comprendre et réutiliser.",
        )
    )  # fmt: skip
    return _accounts([region, department, metropole, delegate, *communes])


def _accounts(organizations: list[Organization]) -> list[Account]:
    password = secrets.token_urlsafe(12)
    hashed = make_password(password)
    random = Random(2026)
    accounts: list[Account] = []
    operator = User(
        email=f"exploitation@{MAIL_DOMAIN}", first_name="Équipe", last_name="Exploitation", is_staff=True,
        is_superuser=True, password=hashed,
    )  # fmt: skip
    operator.save()
    accounts.append(Account(operator.email, password, str(operator), "Bocage", "exploitation"))
    for organization in organizations:
        for role in _roles_of(organization):
            first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
            user = User(
                email=f"{_mailbox(role)}.{organization.slug}@{MAIL_DOMAIN}", first_name=first, last_name=last,
                password=hashed,
            )  # fmt: skip
            user.save()
            add_member(organization=organization, user=user, role=role)
            accounts.append(Account(user.email, password, f"{first} {last}", organization.name, str(role.label)))
    return accounts


def _roles_of(organization: Organization) -> list[Role]:
    if organization.slug == METROPOLE:
        return [Role.ADMINISTRATOR, Role.COORDINATOR, Role.STEWARD, Role.CONTRIBUTOR, Role.MEMBER]
    return [Role.COORDINATOR, Role.CONTRIBUTOR, Role.MEMBER]


def _mailbox(role: Role) -> str:
    words = {
        Role.ADMINISTRATOR: "administration",
        Role.COORDINATOR: "coordination",
        Role.STEWARD: "referent",
        Role.CONTRIBUTOR: "contribution",
        Role.MEMBER: "lecture",
    }
    return slugify(words[role])
