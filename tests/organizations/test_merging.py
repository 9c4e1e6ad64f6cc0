"""Communes that become one, names that are left, many organisations planted at once."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from bocage.catalog.models import Dataset
from bocage.check.models import Adoption, CodeList, Schema
from bocage.organizations.bulk.cells import TableRefused
from bocage.organizations.bulk.planting import LinesRefused, plant
from bocage.organizations.bulk.reading import read_table
from bocage.organizations.merging import CannotMerge, merge_organizations
from bocage.organizations.models import FormerOrganization, Membership, Organization, User
from bocage.organizations.naming import NameTaken, rename_organization
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

pytestmark = pytest.mark.django_db


def planted(slug: str, parent: Organization | None = None) -> Organization:
    return create_organization(slug=slug, name=slug.title(), kind=OrganizationKind.COMMUNE, parent=parent)


@pytest.fixture
def metropole() -> Organization:
    return planted("metropole")


def test_a_merger_leaves_nothing_behind(metropole):
    left, into = planted("vritz", metropole), planted("vallons", metropole)
    below = planted("ecole", left)
    for name, role_left, role_into in (
        ("a", Role.ADMINISTRATOR, Role.MEMBER),
        ("b", Role.MEMBER, Role.COORDINATOR),
        ("c", Role.STEWARD, None),
    ):
        user = User.objects.create_user(f"{name}@example.org")
        Membership.objects.create(user=user, organization=left, role=role_left)
        if role_into:
            Membership.objects.create(user=user, organization=into, role=role_into)
    dataset = Dataset.objects.create(organization=left, slug="parkings", title="Parkings")
    both, one = (Schema.objects.create(name=name, title=name) for name in ("both", "one"))
    for schema, organization in ((both, left), (both, into), (one, left)):
        Adoption.objects.create(schema=schema, organization=organization, required_below=organization is left)
    CodeList.objects.create(name="codes", title="Codes", organization=left)

    merge_organizations(into=into, merged=[left])

    roles = {m.user.email: m.role for m in into.memberships.select_related("user")}
    assert roles == {"a@example.org": "administrator", "b@example.org": "coordinator", "c@example.org": "steward"}
    dataset.refresh_from_db()
    below.refresh_from_db()
    assert dataset.organization == into
    assert below.path == f"{into.path}{below.pk}/"
    kept = {adoption.schema.name: adoption.required_below for adoption in into.schema_adoptions.all()}
    assert kept == {"both": False, "one": True}
    former = FormerOrganization.objects.get()
    assert (former.slug, former.organization) == ("vritz", into)
    assert not Organization.objects.filter(slug="vritz").exists()


def test_every_table_that_refers_to_an_organisation_follows(metropole):
    """Also those of packages written after this test."""
    referring = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Organization and model is not Organization
    }
    assert {("catalog.Dataset", "organization"), ("check.Schema", "organization")} <= referring
    from bocage.organizations.merging import _relations

    assert {(model._meta.label, field) for model, field in _relations()} == referring


def test_a_chain_of_mergers_leads_to_the_last(metropole):
    one, two, three = (planted(name, metropole) for name in ("one", "two", "three"))
    merge_organizations(into=two, merged=[one])
    merge_organizations(into=three, merged=[two])
    assert {f.slug: f.organization.slug for f in FormerOrganization.objects.all()} == {"one": "three", "two": "three"}


def test_what_cannot_merge_moves_nothing(metropole):
    child, other = planted("child", metropole), planted("other", metropole)
    for into, merged in ((metropole, [metropole]), (child, [other, metropole])):
        with pytest.raises(CannotMerge):
            merge_organizations(into=into, merged=merged)
    assert Organization.objects.count() == 3


def test_a_name_left_is_never_given_to_another(metropole):
    commune = planted("angles", metropole)
    rename_organization(organization=commune, name="Les Angles", slug="les-angles")
    with pytest.raises(NameTaken):
        planted("angles", metropole)
    with pytest.raises(NameTaken):
        rename_organization(organization=metropole, name="M", slug="angles")
    rename_organization(organization=commune, name="Angles", slug="angles")
    assert {f.slug for f in FormerOrganization.objects.all()} == {"les-angles"}


TABLE = """Nom;Code INSEE;Type;Population;Coordonnateur;Parent;Couleur
Saint-Étienne;1001;;1 234;MAIRIE@example.org;;vert
Pays de Caux;;EPCI;;;;
Bolbec;76114;commune;11 300;;Pays de Caux;
Saint-Étienne;1002;;;;;
"""


def test_a_table_becomes_a_branch(metropole, django_assert_max_num_queries):
    table = read_table(TABLE, under=metropole)
    assert not table.problems
    assert table.ignored == ("Couleur",)
    with django_assert_max_num_queries(25):
        made = plant(table, under=metropole)
    by_code = {one.insee_code: one for one in Organization.objects.all()}
    assert by_code["01001"].slug == "saint-etienne"
    assert by_code["01002"].slug == "saint-etienne-01002"
    assert by_code["01001"].population == 1234
    caux = Organization.objects.get(name="Pays de Caux")
    assert caux.kind == OrganizationKind.EPCI
    assert by_code["76114"].path == f"{caux.path}{by_code['76114'].pk}/"
    assert by_code["76114"].parent == caux
    (invited,) = made.invited
    assert (invited.user.email, invited.role) == ("mairie@example.org", Role.COORDINATOR)
    assert not invited.user.has_usable_password()
    again = read_table(TABLE, under=metropole)
    assert not again.fresh
    assert len(again.known) == 4


def test_an_account_that_exists_is_not_invited(metropole):
    user = User.objects.create_user("mairie@example.org", "x" * 20)
    made = plant(read_table(TABLE, under=metropole), under=metropole)
    assert made.invited == ()
    assert user.memberships.get().role == Role.COORDINATOR


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ("A;77;commune;x;;", "nombre"),
        ("A;;royaume;;;", "royaume"),
        (";77;;;;", "nom"),
        ("A;;;;pas une adresse;", "valid"),
        ("A;;;;;Nulle part", "Nulle part"),
        ("A;;;;;B\nB;;;;;A", "parent"),
        ("A;;;;;B\nB;;xx;;;", "parent"),
        ("A;44001;;;;\nB;44001;;;;", "ligne 2"),
        ("A;123456;;;;", "5"),
        ("A" * 201 + ";;;;;", "200"),
    ],
)
def test_a_line_that_cannot_be_is_told(metropole, lines, word):
    with translation.override("fr"):
        table = read_table(f"nom;insee;type;population;coordinateur;parent\n{lines}", under=metropole)
        assert word in " ".join(line.problem for line in table.problems)
        with pytest.raises(LinesRefused):
            plant(table, under=metropole)
    assert Organization.objects.count() == 1


@pytest.mark.parametrize("text", ["", "nom", "nom\n\n", "code;type\n1;2", "nom\n" + "a\n" * 5001, "x" * 2_000_001])
def test_a_table_that_is_none_is_refused(metropole, text):
    with pytest.raises(TableRefused):
        read_table(text, under=metropole)


def test_a_parent_outside_the_branch_is_not_found(metropole):
    planted("ailleurs")
    table = read_table("nom;parent\nA;ailleurs", under=metropole)
    assert table.problems


def test_three_hundred_communes_in_a_few_queries(metropole, django_assert_max_num_queries):
    text = "nom;insee\n" + "\n".join(f"Commune {n};{44000 + n}" for n in range(323))
    with django_assert_max_num_queries(15):
        made = plant(read_table(text, under=metropole), under=metropole)
    assert len(made.organizations) == 323
    assert all(one.path == f"{metropole.path}{one.pk}/" for one in metropole.children.all())


def test_a_coordinator_keeps_a_role_held_before(metropole):
    user = User.objects.create_user("a@example.org")
    add_member(organization=metropole, user=user, role=Role.STEWARD)
    plant(read_table("nom;coordinateur\nA;a@example.org\nB;a@example.org", under=metropole), under=metropole)
    assert sorted(m.role for m in user.memberships.all()) == ["coordinator", "coordinator", "steward"]
