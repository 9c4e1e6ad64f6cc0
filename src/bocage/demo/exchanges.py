"""What the organisations of the demonstration agree upon, and ask of one another: signed, refused and waiting by those who would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bocage.access.agreements.services import Written, draft_agreement, open_dataset, take_step
from bocage.access.agreements.vocabulary import LegalBasis, Step
from bocage.access.models import AccessRequest, Agreement
from bocage.access.models.agreements import today
from bocage.access.requests.services import ask_access, grant_access, refuse_access
from bocage.access.requests.vocabulary import Duration
from bocage.access.standing import viewer_of
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.demo.organizations import DELEGATE, DEPARTMENT, METROPOLE
from bocage.organizations.models import Organization, User
from bocage.organizations.vocabulary import Role

ON_REQUEST = "consommations-eau"


@dataclass(frozen=True)
class Accord:
    """An agreement. `steps`: in order, each by the coordinator of the organisation of that slug. `columns`: the only ones opened,
    all when empty. `days`: it began that many days ago, for a year."""

    producer: str
    consumers: tuple[str, ...]
    title: str
    purpose: str
    basis: LegalBasis
    obligations: str
    dataset: str
    columns: tuple[str, ...]
    days: int
    steps: tuple[tuple[Step, str], ...]


ACCORDS = (
    Accord(
        DELEGATE, (METROPOLE,), "Interventions sur les fuites du réseau d’eau",
        "Coordonner les chantiers de voirie avec les réparations, et suivre le rendement du réseau chaque semaine.",
        LegalBasis.NOT_PERSONAL,
        "Ne pas publier le détail des interventions ; citer le délégataire dans les bilans ; signaler toute erreur sous un mois.",
        "fuites", ("intervention", "commune", "date", "volume_perdu_m3"), 120,
        ((Step.PROPOSE, DELEGATE), (Step.SIGN, DELEGATE), (Step.SIGN, METROPOLE)),
    ),
    Accord(
        DEPARTMENT, ("nantes", "reze", "saint-herblain"), "Bénéficiaires des aides sociales, pour les centres communaux",
        "Préparer l’analyse des besoins sociaux que chaque centre communal d’action sociale doit présenter à ses élus.",
        LegalBasis.PUBLIC_TASK, "Réservé aux agents des centres communaux ; aucun rapprochement avec un fichier nominatif.",
        "beneficiaires-aides", (), 0, ((Step.PROPOSE, DEPARTMENT), (Step.SIGN, DEPARTMENT), (Step.SIGN, "reze")),
    ),
)  # fmt: skip

PURPOSES = (
    (
        "reze",
        Role.CONTRIBUTOR,
        Duration.YEAR,
        "Suivre l’effet des travaux d’économie d’eau dans nos écoles et nos stades.",
        "Accordé pour un an : vous nous direz ce que les relevés vous ont appris.",
        True,
    ),
    (
        "vertou",
        Role.MEMBER,
        Duration.THREE_YEARS,
        "Comparer les consommations de toutes les communes.",
        "Trois ans sont plus que ce qu’il faut à une comparaison : redemandez pour six mois, avec l’étude prévue.",
        False,
    ),
    (
        "orvault",
        Role.COORDINATOR,
        Duration.HALF_YEAR,
        "Préparer le plan d’action sécheresse présenté au conseil municipal de janvier.",
        "",
        None,
    ),
)
"""Organisation, role of who asks, for how long, why; the answer, and whether it is a yes: None, it is awaited."""


def load_exchanges() -> None:
    """Load what is missing."""
    for accord in ACCORDS:
        if not Agreement.objects.filter(title=accord.title).exists():
            _agree(accord)
    if not AccessRequest.objects.exists():
        _ask()


def person_of(slug: str, role: Role = Role.COORDINATOR) -> User:
    return User.objects.filter(memberships__organization__slug=slug, memberships__role=role).order_by("pk")[0]


def acting(slug: str) -> Viewer:
    """The coordinator of this organisation, signed in."""
    return viewer_of(person_of(slug))


def _agree(accord: Accord) -> None:
    began = today() - timedelta(days=accord.days)
    written = Written(
        title=accord.title,
        purpose=accord.purpose,
        legal_basis=accord.basis,
        starts_on=began,
        ends_on=began + timedelta(days=365),
        consumers=[Organization.objects.get(slug=slug) for slug in accord.consumers],
        obligations=accord.obligations,
    )
    organizations = {slug: Organization.objects.get(slug=slug) for slug in (accord.producer, *accord.consumers)}
    keeper = acting(accord.producer)
    agreement = draft_agreement(viewer=keeper, producer=organizations[accord.producer], written=written)
    dataset = Dataset.objects.get(slug=accord.dataset)
    open_dataset(viewer=keeper, agreement=agreement, thing=dataset, columns=accord.columns)
    for step, slug in accord.steps:
        take_step(viewer=acting(slug), agreement=agreement, step=step, organization=organizations[slug])


def _ask() -> None:
    dataset = Dataset.objects.get(slug=ON_REQUEST)
    keeper = acting(dataset.organization.slug)
    for slug, role, months, purpose, answer, accepted in PURPOSES:
        person, organization = person_of(slug, role), Organization.objects.get(slug=slug)
        asked = ask_access(
            viewer=viewer_of(person),
            asker=person,
            thing=dataset,
            purpose=purpose,
            months=months,
            organization=organization,
        )
        if accepted:
            ends_on = today() + timedelta(days=365)
            grant_access(viewer=keeper, thing=dataset, asked=asked, alone=False, ends_on=ends_on, answer=answer)
        elif accepted is False:
            refuse_access(viewer=keeper, thing=dataset, asked=asked, reason=answer)
