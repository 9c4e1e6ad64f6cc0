"""A small territory, its people from the stranger to the operator, and datasets of each visibility, really published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from bocage.access.models import (
    AccessRequest,
    Agreement,
    AgreementDocument,
    DataRule,
    Grant,
    Group,
    ProtectionOfficer,
)
from bocage.access.services import create_key
from bocage.access.viewer import OPERATOR, Viewer
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset, ReferenceLayer, ReferenceLink
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.check.models import CodeList, CodeListEdition, Remark, Schema, SchemaVersion
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, Organization, Portal, User
from bocage.organizations.notices.mailing import token_of
from bocage.organizations.portals.blocks import Block, written
from bocage.organizations.portals.pictures import read_logo
from bocage.organizations.portals.proposals import propose
from bocage.organizations.portals.services import set_logo
from bocage.organizations.portals.vocabulary import BlockKind
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.pipeline.models import Draft, Run, Source
from bocage.pipeline.pushes.addresses import open_address
from bocage.pipeline.pushes.keys import new_key
from bocage.query.relation import DatasetRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from bocage.store.documents import attach
from bocage.store.selectors import current_version
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.console.checked import checked
from tests.organizations.test_portals import png
from tests.security.exchanges import exchanges_of
from tests.store.making import staged

PASSWORD = "correct horse battery staple"

PLACES = {
    "nom": T.STRING, "quartier": T.STRING, "places": T.INTEGER, "taux": T.NUMBER, "ouvert": T.BOOLEAN, "jour": T.DATE,
    "maj": T.DATETIME, "tags": T.ARRAY, "brut": T.OBJECT, "centre": T.GEOPOINT, "contour": T.GEOMETRY,
}  # fmt: skip
ROWS = """
('Gare', 'Nord', 12::BIGINT, 0.5::DOUBLE, true, DATE '2026-01-02', TIMESTAMPTZ '2026-05-04 08:00:00Z', ['bus', 'vélo'],
 '{"a": 1}', ST_Point(-1.55, 47.22), ST_GeomFromText('POLYGON ((-1.6 47.2, -1.5 47.2, -1.5 47.3, -1.6 47.2))')),
('Port', 'Sud', 0, 'nan'::DOUBLE, false, DATE '9999-12-31', TIMESTAMPTZ '1899-12-31 23:59:59Z', [], 'not json',
 ST_Point(179.99, -89.9), ST_GeomFromText('LINESTRING (0 0, 1 1)')),
('=1+1', NULL, 9223372036854775807, 'infinity'::DOUBLE, NULL, DATE '0001-01-01', NULL, NULL, NULL, NULL, NULL),
(NULL, 'Nord', NULL, -1e308, true, NULL, TIMESTAMPTZ '2026-05-04 08:00:00.123456Z', ['é'], '[]', ST_Point(0, 0),
 ST_GeomFromText('POINT (5 5)'))
"""


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch) -> Iterator[None]:
    """Archives of tiles have two zooms, counters of attempts are this test's own, nothing of it stays in the data folder."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr("bocage.publish.tiles.archive.DEEPEST", 1)
    yield
    for folder in ("incoming", "cache/exports", "cache/archives"):
        shutil.rmtree(Path(settings.DATA_DIR) / folder, ignore_errors=True)


@pytest.fixture
def publish(tmp_path) -> Callable[..., Dataset]:
    """`publish(organization, slug, visibility, **metadata)`: a dataset with one version of ROWS."""

    def make(organization: Organization, slug: str, visibility: Visibility, rows: str = ROWS, **metadata) -> Dataset:
        metadata.setdefault("title", f"Titre de {slug}")
        dataset = create_dataset(
            viewer=OPERATOR, organization=organization, slug=slug, visibility=visibility, **metadata
        )
        names = ", ".join(f'"{name}"' for name in PLACES)
        fields = tuple(Field(name, kind, label=name.title()) for name, kind in PLACES.items())
        file = staged(
            tmp_path, f"SELECT * FROM (VALUES {rows}) t({names})", fields,
            geometry=StagedGeometry("centre", ("Point",), (-1.6, -89.9, 179.99, 47.3)),
        )  # fmt: skip
        publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
        dataset.refresh_from_db()
        return dataset

    return make


@dataclass
class Territory:
    """A region over a métropole over two communes, and a delegate beside. `here` keeps the datasets."""

    region: Organization
    metropole: Organization
    here: Organization
    elsewhere: Organization
    viewers: dict[str, Client] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    private: Dataset | None = None
    shared: Dataset | None = None
    open: Dataset | None = None


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def organizations(db) -> Territory:
    def make(slug: str, kind: OrganizationKind, parent: Organization | None = None) -> Organization:
        return create_organization(slug=slug, name=slug.title(), kind=kind, parent=parent)

    region = make("region", OrganizationKind.REGION)
    metropole = make("metropole", OrganizationKind.EPCI, region)
    return Territory(
        region,
        metropole,
        make("ici", OrganizationKind.COMMUNE, metropole),
        make("ailleurs", OrganizationKind.COMMUNE, metropole),
    )


@pytest.fixture
def territory(organizations) -> Territory:
    """Every kind of viewer, as a signed-in client."""
    it = organizations

    def person(name: str, *roles: tuple[Organization, Role], **extra) -> None:
        user = User.objects.create_user(f"{name.replace(' ', '.')}@example.org", PASSWORD, **extra)
        for organization, role in roles:
            add_member(organization=organization, user=user, role=role)
        it.people[name], it.viewers[name] = user, signed_in(user)

    it.viewers["stranger"] = Client()
    person("nobody")  # an account without any organisation
    person("member elsewhere", (it.elsewhere, Role.MEMBER))
    person("coordinator elsewhere", (it.elsewhere, Role.COORDINATOR))
    person("coordinator above", (it.metropole, Role.COORDINATOR))  # only administrators inherit
    person("member here", (it.here, Role.MEMBER))
    person("contributor here", (it.here, Role.CONTRIBUTOR))
    person("steward here", (it.here, Role.STEWARD))
    person("coordinator here", (it.here, Role.COORDINATOR))
    person("administrator above", (it.region, Role.ADMINISTRATOR))
    person("operator", is_superuser=True)
    person("suspended", (it.here, Role.COORDINATOR))
    it.people["suspended"].is_active = False
    it.people["suspended"].save()
    return it


def things_of_checks(territory: Territory, dataset: Dataset, words: str = "Vélos") -> dict[str, str]:
    """A report and rows aside of `dataset`; a schema with its draft and a remark; a code list. `words` are what people wrote."""
    aside = checked(dataset)
    schema = Schema.objects.create(
        name="ici/velos", kind="local", title=words[:300], organization=territory.here, description=words
    )
    fields = {"title": words, "fields": [{"name": "code", "title": words, "description": words, "example": words}]}
    SchemaVersion.objects.create(schema=schema, number="1.0.0", status="adopted", descriptor=fields)
    written = SchemaVersion.objects.create(schema=schema, number="1.1.0", status="draft", descriptor=fields)
    remark = Remark.objects.create(version=written, body=words, author=territory.people["steward here"])
    codes = CodeList.objects.create(name="couleurs", title=words[:300], organization=territory.here, description=words)
    CodeListEdition.objects.create(code_list=codes, number="1", codes=[{"code": "r", "fr": words, "en": words}])
    return {
        "report": str(aside.report_id), "conformity": str(aside.conformity_id), "aside": aside.uid, "remark": str(remark.pk),
        "stop": token_of(territory.people["member here"]), **exchanges_of(territory, dataset, words),
    }  # fmt: skip


def agreement_of(territory: Territory, dataset: Dataset, state: str) -> str:
    """Uid of one by which those elsewhere would use `dataset` one day."""
    agreement = Agreement.objects.create(
        number=state, title="Crues", producer=territory.here, purpose="Étude", legal_basis="public-task", state=state,
        starts_on=now().date() + timedelta(days=400),
    )  # fmt: skip
    agreement.consumers.add(territory.elsewhere)
    agreement.datasets.create(dataset=dataset.uid)
    paper = b"%PDF-1.7"
    AgreementDocument.objects.create(
        agreement=agreement, filename="crues.pdf", media_type="application/pdf", size_bytes=len(paper), sha256="ab" * 32,
        content=paper, created_at=now(),
    )  # fmt: skip
    agreement.events.create(step="propose", state=state, organization=territory.here, name="Anne", at=now())
    return str(agreement.uid)


def request_of(territory: Territory, dataset: Dataset, purpose: str = "Étude") -> str:
    """Uid of one by “nobody”, for the data of `dataset`."""
    asked = AccessRequest.objects.create(
        dataset=dataset.uid, title=dataset.title, asker=territory.people["nobody"], purpose=purpose,
        asked_at=now(), due_on=now().date() + timedelta(days=15),
    )  # fmt: skip
    return str(asked.uid)


@pytest.fixture
def names(territory: Territory, publish, settings, tmp_path) -> dict[str, str]:
    """One of each thing that an address names, here."""
    dataset = publish(territory.here, "secret", Visibility.PRIVATE)
    source = Source.objects.create(dataset=dataset, kind="url", url="https://example.org/a.csv")
    run = Run.objects.create(dataset=dataset, source=source, status="failed", due_at=now())
    draft = Draft.objects.create(
        organization=territory.here,
        user=territory.people["contributor here"],
        filename="a.csv",
        size_bytes=4,
        created_at=now(),
    )
    folder = Path(settings.DATA_DIR) / "incoming" / draft.uid
    folder.mkdir(parents=True)
    (folder / "content").write_bytes(b"\x00\x01\x02\x03")
    portal = Portal.objects.create(
        organization=territory.here, domain="donnees.example.org", name="Portail",
        blocks=written([Block("mot", BlockKind.TEXT, title="Mot")]),
    )  # fmt: skip
    logo = set_logo(portal=portal, picture=read_logo(png())).logo
    above = Portal.objects.create(organization=territory.metropole, domain="metropole.example.org", name="Au-dessus")
    texts = [propose(portal=one, title="Mot", body="", about_territory=False).uid for one in (portal, above)]
    member = Membership.objects.get(user=territory.people["member here"])
    key = create_key(viewer=Viewer(member.user_id), owner=member.user, name="Carnet")[0]
    of_checks = things_of_checks(territory, dataset)
    notice = tmp_path / "notice.txt"
    notice.write_text("À lire.", encoding="utf-8")
    attach(viewer=OPERATOR, dataset=dataset, title="Notice", file=notice)
    address = open_address(viewer=OPERATOR, dataset=dataset, name="realtime")
    new_key(viewer=OPERATOR, address=address)
    group = Group.objects.create(name="Crues", organization=territory.here)
    grant = Grant.objects.create(audience="group", group=group, dataset=dataset.uid, reason="Étude")
    rule = DataRule.objects.create(dataset=dataset.uid, audience="group", group=group, reason="RGPD", grid_m=100)
    agreed = agreement_of(territory, dataset, "signed")
    officer = ProtectionOfficer.objects.create(organization=territory.here, person=territory.people["contributor here"])
    pointed = publish(territory.here, "territoire", Visibility.PRIVATE)
    layer = ReferenceLayer.objects.create(dataset=pointed, kind="other", key="nom", marked_at=now())
    link = ReferenceLink.objects.create(dataset=dataset, field="nom", reference=layer, declared_at=now())
    return {
        "link": str(link.pk),
        "access_request": request_of(territory, dataset),
        "officer": str(officer.pk), "agreement": agreed, "written": agreement_of(territory, dataset, "drafted"),
        "rule": str(rule.pk), "group": group.uid, "grant": str(grant.pk),
        "address": address.uid, "push_key": str(address.keys.get().pk),
        "slug": "secret", "run": run.uid, "draft": draft.uid, "portal": portal.uid, "member": str(member.pk),
        "logo": logo, "proposal": texts[0], "offered": texts[1],
        "key": str(key.pk), "record": record_of(dataset),
    } | of_checks  # fmt: skip


def record_of(dataset: Dataset) -> str:
    """The identifier of its first row."""
    version = current_version(dataset)
    assert version is not None
    found = records(OPERATOR, DatasetRelation(dataset, version), OdsqlRequest(select="_id", limit=1)).rows[0]["_id"]
    return str(found)


@pytest.fixture
def places(organizations, publish) -> Dataset:
    """One open dataset with a value of every type, and the odd ones."""
    return publish(organizations.here, "lieux", Visibility.OPEN)


def consumed(answer) -> bytes:
    """The whole body; an answer that streams holds the engine until it is read or closed."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
