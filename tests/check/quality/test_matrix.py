"""Who has adopted what: what each cell says, what it costs, who sees it."""

from __future__ import annotations

import pytest
from django.test import Client

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.catalog.models import Dataset
from bocage.check.models import Adoption, Conformity, Report, Schema, SchemaVersion
from bocage.check.quality.adoption import AdoptionPage
from bocage.check.quality.matrix import State, matrix, organizations_below, schemas_in_use
from bocage.kernel.clock import now
from bocage.organizations.models import Organization
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.store.models import Head, Version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(settings):
    """What is kept depends on the revision of the catalogue, which these rows, made in bulk, do not move."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture
def metropole(db):
    return create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)


def communes(metropole, count):
    start = Organization.objects.count()
    rows = Organization.objects.bulk_create(
        Organization(slug=f"c{start + n}", name=f"Commune {start + n:03d}", kind="commune", parent=metropole)
        for n in range(count)
    )
    for row in rows:
        row.path = f"{metropole.path}{row.pk}/"
    Organization.objects.bulk_update(rows, ["path"])
    return list(rows)


def schemas(count):
    start = Schema.objects.count()
    made = Schema.objects.bulk_create(
        Schema(name=f"s/{start + n}", title=f"Schéma {start + n:02d}") for n in range(count)
    )
    return [
        [SchemaVersion.objects.create(schema=schema, number=number, descriptor={}) for number in ("1.0.0", "1.1.0")]
        for schema in made
    ]


def publish(organizations, versions, *, valid=True, visibility="open"):
    """Every organisation publishes each version of schema; in bulk."""
    pairs = [(organization, version) for organization in organizations for version in versions]
    start = Dataset.objects.count()
    datasets = Dataset.objects.bulk_create(
        Dataset(slug=f"d{start + n}", title="D", organization=organization, visibility=visibility, version_number=1)
        for n, (organization, _version) in enumerate(pairs)
    )
    stored = Version.objects.bulk_create(
        Version(dataset=one, number=1, sha256="0" * 64, size_bytes=1, row_count=1, created_at=now()) for one in datasets
    )
    Head.objects.bulk_create(
        Head(dataset=one, version=version, moved_at=now()) for one, version in zip(datasets, stored, strict=True)
    )
    Conformity.objects.bulk_create(
        Conformity(dataset=one, schema_version=version) for one, (_o, version) in zip(datasets, pairs, strict=True)
    )
    if valid is not None:
        Report.objects.bulk_create(
            Report(dataset=one, version=kept, schema_version=version, valid=valid, error_count=0 if valid else 7)
            for one, kept, (_o, version) in zip(datasets, stored, pairs, strict=True)
        )
    return datasets


def states(made):
    return [[cell.state for cell in row.cells] for row in made.rows]


def test_each_cell_says_what_remains_to_be_done(metropole):
    old, new = schemas(1)[0]
    a, b, c, d, e, _f = rows = communes(metropole, 6)
    publish([a], [new])
    publish([b], [old])
    publish([c], [new], valid=False)
    publish([d], [new], valid=None)
    publish([e], [new], visibility="private")
    Adoption.objects.create(schema=new.schema, organization=metropole, required_below=True)
    made = matrix(ANONYMOUS, rows, [new.schema])
    assert states(made) == [
        [State.VALID], [State.OUTDATED], [State.ERRORS], [State.UNCHECKED], [State.ABSENT], [State.ABSENT],
    ]  # fmt: skip
    assert made.rows[2].cells[0].errors == 7
    assert all(row.cells[0].required for row in made.rows)
    assert (made.columns[0].valid, made.columns[0].published) == (1, 4)
    assert states(matrix(OPERATOR, [e], [new.schema])) == [[State.VALID]]


def test_the_best_of_several_datasets_answers(metropole):
    _old, new = schemas(1)[0]
    rows = communes(metropole, 1)
    publish(rows, [new], valid=False)
    publish(rows, [new])
    assert states(matrix(ANONYMOUS, rows, [new.schema])) == [[State.VALID]]


def test_a_verdict_on_an_older_version_of_the_dataset_does_not_count(metropole):
    _old, new = schemas(1)[0]
    rows = communes(metropole, 1)
    [dataset] = publish(rows, [new])
    later = Version.objects.create(
        dataset=dataset, number=2, sha256="1" * 64, size_bytes=1, row_count=1, created_at=now()
    )
    Head.objects.filter(dataset=dataset).update(version=later)
    assert states(matrix(ANONYMOUS, rows, [new.schema])) == [[State.UNCHECKED]]


def test_a_requirement_holds_below_and_not_beside(metropole):
    _old, new = schemas(1)[0]
    inside = communes(metropole, 1)
    outside = create_organization(slug="ailleurs", name="Ailleurs", kind=OrganizationKind.COMMUNE)
    Adoption.objects.create(schema=new.schema, organization=metropole, required_below=True)
    made = matrix(ANONYMOUS, [*inside, outside], [new.schema])
    assert [row.cells[0].required for row in made.rows] == [True, False]


def test_as_many_statements_for_one_as_for_hundreds(metropole, django_assert_num_queries):
    rows, versions = communes(metropole, 3), [pair[1] for pair in schemas(2)]
    publish(rows, versions)
    with django_assert_num_queries(10):
        matrix(ANONYMOUS, rows, [one.schema for one in versions])
    rows += communes(metropole, 120)
    versions += [pair[1] for pair in schemas(8)]
    publish(rows[3:], versions)
    with django_assert_num_queries(10):
        made = matrix(ANONYMOUS, rows, [one.schema for one in versions])
    assert len(made.rows) == 123
    assert made.columns[0].published == 123


def test_the_page_is_cut_and_the_totals_are_not(metropole, client: Client):
    rows, versions = communes(metropole, 60), [pair[1] for pair in schemas(1)]
    publish(rows, versions)
    page = AdoptionPage.read({"page": "2", "below": metropole.slug}, ANONYMOUS)
    assert len(page.matrix.rows) == 20
    assert page.matrix.columns[0].valid == 60
    assert len(page.csv().splitlines()) == 61
    html = client.get("/adoption/?page=9999").content.decode()
    assert html.count('class="mark mark--valid"') == 20 + 1
    for query in ("?page=-1", "?page=a", "?schema=%00", "?below=%27"):
        assert client.get(f"/adoption/{query}").status_code == 200


def test_only_schemas_in_use_are_columns(metropole):
    first, second = (pair[1] for pair in schemas(2))
    publish(communes(metropole, 1), [first], visibility="private")
    assert schemas_in_use(ANONYMOUS) == []
    assert schemas_in_use(OPERATOR) == [first.schema]
    Adoption.objects.create(schema=second.schema, organization=metropole)
    assert schemas_in_use(ANONYMOUS) == [second.schema]
    assert organizations_below(metropole) == organizations_below()
