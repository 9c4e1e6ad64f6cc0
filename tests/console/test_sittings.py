"""The page of versions shows a sitting as one line, that opens on its steps."""

from __future__ import annotations

import pytest
from django.utils import translation

from bocage.access.viewer import OPERATOR
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, User
from bocage.organizations.services import create_organization
from bocage.store.models import Version
from bocage.store.services import publish_version
from tests.store.making import table

pytestmark = pytest.mark.django_db


def test_a_sitting_is_one_line_that_opens_on_its_steps(client, data_folder):
    organization = create_organization(slug="metropole", name="Métropole", kind="epci")
    dataset = create_dataset(viewer=OPERATOR, organization=organization, slug="bancs", title="Bancs")
    publish_version(viewer=OPERATOR, dataset=dataset, staged=table(data_folder / "staging", "('a')", id=T.STRING))
    keeper = User.objects.create_user("ana@example.org", "a long enough password")
    Membership.objects.create(user=keeper, organization=organization, role="administrator")
    for number in (2, 3, 4):
        Version.objects.create(
            dataset=dataset, number=number, sha256="0" * 64, size_bytes=1, row_count=1, schema=[], geometry={},
            provenance={"edited": {"at": now().isoformat()}}, changes={}, created_at=now(), created_by=keeper,
        )  # fmt: skip
    client.force_login(keeper)
    with translation.override("fr"):
        page = client.get("/console/datasets/bancs/versions/", headers={"Accept-Language": "fr"}).content.decode()
    assert page.count("2 étapes précédentes de la même séance") == 1
    for number in (2, 3):
        assert page.count(f"/versions/{number}/restore/") == 1
        assert page.index("étapes précédentes") < page.index(f"/versions/{number}/restore/")
