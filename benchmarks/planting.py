"""A région, its départements, their EPCI and communes, with people, datasets and what is said of them, written in bulk.

Nothing is published: pages of the console list what is described. One dataset has a version, for the pages that open one.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from bocage.access.agreements.vocabulary import LegalBasis, State
from bocage.access.models import Agreement, Grant, Group
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.capture.services import stage
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.catalog.vocabulary import Frequency, Licence, Theme
from bocage.check.models import Adoption, Conformity, Schema, SchemaVersion
from bocage.check.vocabulary import SchemaKind, SchemaStatus
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, Organization, Portal, User
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.pipeline.models import Run
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.services import publish_version

DEPARTMENTS, EPCIS, SCHEMAS, GROUPS, AGREEMENTS = 5, 70, 20, 60, 400
BATCH = 1_000
WORDS = (
    "Mairie", "Val", "Bois", "Mont", "Pont", "Pré", "Lande", "Rivière", "Moulin", "Clos", "Haie",
    "Chêne", "Étang", "Bourg", "Plaine", "Côte", "Gué", "Roche",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """Those through whose eyes pages are measured."""

    operator: User
    administrator: User
    coordinator: User
    member: User


def plant(*, organizations: int, accounts: int, datasets: int) -> None:
    """All of it, in one transaction."""
    random = Random(5)
    with transaction.atomic():
        tree = _organizations(organizations, random)
        _people(tree, accounts, random)
        made = _datasets(tree, datasets, random)
        _schemas(tree, made, random)
        _sharing(tree, made, random)
        touch_catalogue()
    _publish(made[-1])


def people() -> People:
    found = {user.email: user for user in User.objects.filter(email__endswith="@tree.example")}
    return People(*(found[f"{name}@tree.example"] for name in ("operator", "administrator", "coordinator", "member")))


def _bulk(model: type[models.Model], rows: Iterable[Any]) -> list[Any]:
    return model._default_manager.bulk_create(list(rows), batch_size=BATCH)  # noqa: SLF001  Django's own name


def _organizations(count: int, random: Random) -> list[Organization]:
    """From the top: every level is a batch, then its paths."""
    region = _level([_organization("Région", OrganizationKind.REGION, None, 0)])
    departments = _level(
        [
            _organization(f"Département {n}", OrganizationKind.DEPARTMENT, region[0], n)
            for n in range(1, DEPARTMENTS + 1)
        ]
    )
    epcis = _level(
        [
            _organization(f"Communauté {n}", OrganizationKind.EPCI, random.choice(departments), n)
            for n in range(1, EPCIS + 1)
        ]
    )
    rest = max(1, count - 1 - DEPARTMENTS - EPCIS)
    names = (f"{' '.join(random.sample(WORDS, 2))} {n}" for n in itertools.count(1))
    communes = [_organization(next(names), OrganizationKind.COMMUNE, random.choice(epcis), n) for n in range(rest)]
    return region + departments + epcis + _level(communes)


def _organization(name: str, kind: OrganizationKind, parent: Organization | None, number: int) -> Organization:
    code = f"{number:05d}" if kind == OrganizationKind.COMMUNE else ""
    return Organization(slug=slugify(f"{kind} {name}")[:80], name=name, kind=kind, parent=parent, insee_code=code)


def _level(made: list[Organization]) -> list[Organization]:
    _bulk(Organization, made)
    for one in made:
        one.path = f"{one.parent.path if one.parent else '/'}{one.pk}/"
    Organization.objects.bulk_update(made, ["path"], batch_size=BATCH)
    return made


def _people(tree: Sequence[Organization], count: int, random: Random) -> None:
    """A coordinator in each organisation, and the others where chance puts them."""
    named = [
        User(email=f"{name}@tree.example", password="!")
        for name in ("operator", "administrator", "coordinator", "member")
    ]
    named[0].is_superuser = True
    others = [
        User(email=f"person{n}@tree.example", first_name="Anne", last_name=f"Durand {n}", password="!")
        for n in range(count - 4)
    ]
    _bulk(User, [*named, *others])
    rows = [Membership(user=named[1], organization=tree[0], role=Role.ADMINISTRATOR)]
    rows += [Membership(user=named[2], organization=tree[-1], role=Role.COORDINATOR)]
    rows += [Membership(user=named[3], organization=tree[-1], role=Role.MEMBER)]
    for rank, user in enumerate(others):
        first = rank < len(tree)
        place = tree[rank] if first else random.choice(tree)
        rows.append(Membership(user=user, organization=place, role=Role.COORDINATOR if first else Role.CONTRIBUTOR))
    _bulk(Membership, rows)


def _datasets(tree: Sequence[Organization], count: int, random: Random) -> list[Dataset]:
    """The last one is the last organisation's, and will have a version."""
    instant, themes, licences = now(), list(Theme), list(Licence)
    schema = [{"name": "code", "type": "string", "label": "Code", "description": ""}]
    rows = []
    for n in range(count):
        place = tree[-1] if n == count - 1 else random.choice(tree)
        rows.append(
            Dataset(
                slug=f"jeu-{n}", organization=place, title=f"{random.choice(WORDS)} de {place.name} {n}",
                description="Une ligne par objet.", visibility=random.choices(list(Visibility), (2, 3, 1, 5))[0],
                themes=[random.choice(themes).value], licence=random.choice(licences), keywords=[random.choice(WORDS).lower()],
                update_frequency=random.choice((Frequency.DAILY, Frequency.ANNUAL, Frequency.UNKNOWN)),
                schema=schema, version_number=None if n == count - 1 else 1, row_count=n, data_updated_at=instant - timedelta(days=n % 900),
            )
        )  # fmt: skip
    made = _bulk(Dataset, rows)
    outcomes = [RunStatus.DONE] * 8 + [RunStatus.UNCHANGED, RunStatus.FAILED]
    _bulk(Run, (Run(dataset=one, status=random.choice(outcomes), due_at=instant, ended_at=instant) for one in made))
    return made


def _schemas(tree: Sequence[Organization], made: Sequence[Dataset], random: Random) -> None:
    rows = _bulk(Schema, (
        Schema(name=f"{tree[0].slug}/schema-{n}", kind=SchemaKind.LOCAL, title=f"Schéma {n}", organization=tree[0])
        for n in range(SCHEMAS)
    ))  # fmt: skip
    descriptor = {"fields": [{"name": "code", "type": "string"}]}
    versions = [
        SchemaVersion(schema=one, number="1.0.0", status=SchemaStatus.ADOPTED, descriptor=descriptor) for one in rows
    ]
    for version in versions:
        version.save()
    adopting = random.sample(list(tree[1:]), len(tree) // 2)
    _bulk(Adoption, [
        *(Adoption(schema=one, organization=tree[0], required_below=True) for one in rows[:5]),
        *(Adoption(schema=random.choice(rows[5:]), organization=place) for place in adopting),
    ])  # fmt: skip
    following = random.sample(list(made[:-1]), len(made) // 4)
    _bulk(Conformity, (Conformity(dataset=one, schema_version=random.choice(versions)) for one in following))


def _sharing(tree: Sequence[Organization], made: Sequence[Dataset], random: Random) -> None:
    """Portals, groups, agreements and exceptions."""
    _bulk(Portal, (
        Portal(organization=one, domain=f"portail{n}.example.fr", name=f"Données de {one.name}")
        for n, one in enumerate(tree[: len(tree) // 4])
    ))  # fmt: skip
    groups = _bulk(Group, (Group(organization=random.choice(tree), name=f"Groupe {n}") for n in range(GROUPS)))
    agreements = _bulk(Agreement, (
        Agreement(
            number=f"2026-{n:04d}", title=f"Convention {n}", producer=random.choice(tree), purpose="Étude", state=State.SIGNED,
            legal_basis=LegalBasis.values[0], starts_on=date(2026, 1, 1),
        )
        for n in range(AGREEMENTS)
    ))  # fmt: skip
    consumer = Agreement.consumers.through
    _bulk(
        consumer,
        (consumer(agreement=one, organization=random.choice(tree[-len(tree) // 2 : -1])) for one in agreements),
    )
    _bulk(Grant, (
        Grant(audience="group", group=random.choice(groups), dataset=one.uid, reason="Étude")
        for one in random.sample(list(made), min(500, len(made)))
    ))  # fmt: skip


def _publish(dataset: Dataset) -> None:
    """A hundred rows, for the pages that open a version."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lignes.csv"
        file.write_text("code;places\n" + "".join(f"c{n};{n}\n" for n in range(100)), encoding="utf-8")
        staged = stage(file, filename=file.name, directory=Path(folder))
        publish_version(viewer=OPERATOR, dataset=dataset, staged=staged)
