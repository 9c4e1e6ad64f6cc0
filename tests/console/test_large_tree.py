"""Pages cost as many statements with two hundred organisations as with ten, and no statement grows with them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bocage.access.models import ApiKey
from bocage.access.narrowing import narrowed
from bocage.access.rules import administered_by, decide_in, visible_to
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.check.models import Adoption, Schema, SchemaVersion
from bocage.console.forms.named import MOST_LISTED
from bocage.organizations.models import Membership, Organization, Portal, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.pipeline.models import Run

PAGES = (
    "home", "publish", "organizations", "directory", "groups", "agreements", "agreement_new", "keys", "schemas", "schema_new",
    "code_lists", "code_list_new", "runs", "adoption", "notices", "reviews", "help_desk", "portals",
)  # fmt: skip
PAGES_OF_ROOT = ("organization", "organization_standards", "organization_merger", "members", "organization_new")
MOST_STATEMENTS, LONGEST_SQL = 30, 9_000


@pytest.fixture
def root(db):
    return create_organization(slug="region", name="Région", kind=OrganizationKind.REGION)


def signed_in(email: str, **fields) -> Client:
    client = Client()
    client.user = User.objects.create_user(email, **fields)
    client.force_login(client.user)
    return client


def grow(root: Organization, count: int) -> None:
    """So many communes more, each with a member, a dataset that runs, a portal and a schema adopted."""
    first = Organization.objects.count()
    made = [
        Organization(
            slug=f"c{n}", name=f"Commune {n}", kind=OrganizationKind.COMMUNE, parent=root, insee_code=f"{n:05d}"
        )
        for n in range(first, first + count)
    ]
    Organization.objects.bulk_create(made)
    for one in made:
        one.path = f"{root.path}{one.pk}/"
    Organization.objects.bulk_update(made, ["path"])
    users = User.objects.bulk_create(User(email=f"{one.slug}@example.fr", password="!") for one in made)
    Membership.objects.bulk_create(
        Membership(user=user, organization=one, role=Role.COORDINATOR) for user, one in zip(users, made, strict=True)
    )
    datasets = Dataset.objects.bulk_create(
        Dataset(organization=one, slug=f"d-{one.slug}", title=f"D {one.name}", visibility="shared", version_number=1)
        for one in made
    )
    Run.objects.bulk_create(Run(dataset=one, status="failed", due_at="2026-01-01T00:00:00Z") for one in datasets)
    Portal.objects.bulk_create(Portal(organization=one, domain=f"{one.slug}.example.fr", name=one.name) for one in made)
    schema, _created = Schema.objects.get_or_create(name="region/composteurs", kind="local", organization=root)
    SchemaVersion.objects.get_or_create(schema=schema, number="1.0.0", status="adopted")
    Adoption.objects.bulk_create(Adoption(schema=schema, organization=one) for one in made)


def costs(client: Client, root: Organization) -> dict[str, tuple[int, int]]:
    """Page → statements, and the length of the longest."""
    found = {}
    addresses = {name: reverse(f"console:{name}") for name in PAGES}
    addresses |= {name: reverse(f"console:{name}", args=[root.slug]) for name in PAGES_OF_ROOT}
    addresses |= {"schema": reverse("console:schema", args=["region", "composteurs"])}
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code in (200, 403), (name, answer.status_code)
        found[name] = (len(captured), max(len(query["sql"]) for query in captured))
    return found


@pytest.mark.parametrize("who", ["operator", "administrator", "coordinator"])
def test_statements_do_not_grow(root, who):
    grow(root, 2 * MOST_LISTED)
    client = signed_in("p@example.fr", is_superuser=who == "operator")
    if who == "administrator":
        add_member(organization=root, user=client.user, role=Role.ADMINISTRATOR)
    if who == "coordinator":
        add_member(organization=Organization.objects.get(slug="c5"), user=client.user, role=Role.COORDINATOR)
    before = costs(client, root)
    grow(root, 200)
    after = costs(client, root)
    for name, (statements, longest) in after.items():
        assert statements <= before[name][0], name
        assert statements <= MOST_STATEMENTS, name
        assert longest < LONGEST_SQL, (name, longest)


def test_what_an_administrator_sees_is_said_by_its_branch(root):
    grow(root, 50)
    user = User.objects.create_user("p@example.fr")
    add_member(organization=root, user=user, role=Role.ADMINISTRATOR)
    viewer = viewer_of(user)
    assert len(str(Dataset.objects.filter(visible_to(viewer, Action.READ)).values("pk").query)) < 600
    assert Organization.objects.filter(administered_by(viewer, Action.ADMINISTER)).count() == 51
    assert Dataset.objects.visible_to(viewer, Action.MANAGE).count() == 50


def test_a_limited_key_is_not_widened_to_the_branch(root):
    """A key for one organisation, which has another below that its owner administers too, by another membership."""
    here = create_organization(slug="here", name="Ici", kind=OrganizationKind.EPCI, parent=root)
    below = create_organization(slug="below", name="Dessous", kind=OrganizationKind.COMMUNE, parent=here)
    user = User.objects.create_user("p@example.fr")
    add_member(organization=here, user=user, role=Role.ADMINISTRATOR)
    add_member(organization=below, user=user, role=Role.ADMINISTRATOR)
    owner = viewer_of(user)
    assert set(Organization.objects.filter(administered_by(owner, Action.ADMINISTER))) == {here, below}
    limited = narrowed(owner, ApiKey(owner=user, organization=here, read_only=False), [])
    assert set(Organization.objects.filter(administered_by(limited, Action.ADMINISTER))) == {here}
    assert not decide_in(limited, Action.READ, below.pk)
    reading = narrowed(owner, ApiKey(owner=user, read_only=True), [])
    assert set(Organization.objects.filter(administered_by(reading, Action.READ))) == {here, below}
    assert not Organization.objects.filter(administered_by(reading, Action.PUBLISH)).exists()


def test_a_name_is_written_where_a_list_would_be_too_long(root):
    grow(root, MOST_LISTED + 5)
    client = signed_in("p@example.fr", is_superuser=True)
    for name in ("home", "publish", "agreement_new", "keys", "schema_new", "code_list_new", "groups"):
        assert 'value="c7"' not in client.get(reverse(f"console:{name}")).content.decode(), name
    assert client.get("/console/?organization=commune 7").context["chosen"].slug == "c7"
    assert client.get("/console/?organization=nowhere").context["chosen"] is None
    group = {"name": "Groupe", "organization": "00007"}
    assert client.post("/console/groups/", group).status_code == 302
    assert Organization.objects.get(slug="c7").groups.count() == 1
    assert client.post("/console/groups/", group | {"organization": "nowhere"}).status_code == 200
    page = client.get("/console/organization/c7/merger/?into=Commune 8")
    assert page.context["into"].slug == "c8"
    schema = {"organization": "", "named": "Commune 9", "version": ""}
    client.post("/console/schemas/region/composteurs/adoption/", schema | {"required_below": "on"})
    assert Adoption.objects.get(organization__slug="c9").required_below


def test_nobody_chooses_what_they_do_not_run(root):
    grow(root, MOST_LISTED + 5)
    outside = create_organization(slug="outside", name="Ailleurs", kind=OrganizationKind.COMMUNE)
    client = signed_in("p@example.fr")
    add_member(organization=root, user=client.user, role=Role.ADMINISTRATOR)
    for text in ("outside", "Ailleurs"):
        assert client.post("/console/groups/", {"name": "Groupe", "organization": text}).status_code == 200
    assert not outside.groups.exists()
