"""What the console says of fields: filters, order, separators; and the filters that it proposes."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.urls import reverse

from bocage.access.viewer import OPERATOR
from bocage.catalog.annotations import Annotations
from bocage.catalog.fields import Field
from bocage.catalog.services import annotate_fields
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.errors import AccessDenied
from bocage.organizations.vocabulary import Role
from bocage.store.services import publish_version
from bocage.store.staged import StagedFile

ADDRESS = ("console:dataset_fields", ["parkings"])
FIELDS = (Field("kind", FieldType.STRING, "Kind"), Field("code", FieldType.STRING), Field("places", FieldType.INTEGER))


def publish(dataset, tmp_path, columns: dict[str, list], fields=FIELDS) -> None:
    path = tmp_path / f"{len(columns)}.parquet"
    pq.write_table(pa.table(columns), path)
    staged = StagedFile(path=path, row_count=len(next(iter(columns.values()))), fields=fields)
    publish_version(viewer=OPERATOR, dataset=dataset, staged=staged)


@pytest.fixture
def filled(dataset, tmp_path):
    rows = range(60)
    publish(
        dataset,
        tmp_path,
        {"kind": [f"k{i % 3}" for i in rows], "code": [f"{i:05}" for i in rows], "places": list(rows)},
    )
    return dataset


def said(dataset) -> dict[str, Annotations]:
    dataset.refresh_from_db()
    return {field.name: field.annotations for field in dataset.fields}


def test_what_the_form_says_is_kept(person, filled):
    given = {
        "said.kind": "1", "facet.kind": "on", "disjunctive.kind": "on", "sort.kind": "alphanum", "separator.kind": " / ",
        "multivalued.kind": "; ", "unit.kind": "m", "said.places": "1", "unit.places": "places", "sort.places": "worst",
        "precision.places": "day", "facet.code": "on",
    }  # fmt: skip
    assert person(Role.STEWARD).post(reverse(*ADDRESS[:1], args=ADDRESS[1]), given).status_code == 302
    kept = said(filled)
    assert kept["kind"] == Annotations(
        facet=True, disjunctive=True, facet_sort="alphanum", separator="/", multivalued=";"
    )
    assert kept["places"] == Annotations(unit="places"), "neither an unknown order, nor the precision of a number"
    assert kept["code"] == Annotations(), "what the form does not show of a field stays"


def test_unticking_takes_away(person, filled):
    annotate_fields(
        viewer=OPERATOR, dataset=filled, annotations={"kind": Annotations(facet=True), "code": Annotations(facet=True)}
    )
    person(Role.STEWARD).post(reverse(*ADDRESS[:1], args=ADDRESS[1]), {"said.kind": "1"})
    assert [name for name, one in said(filled).items() if one.facet] == ["code"]


def test_a_filter_is_proposed_where_values_come_back(person, filled):
    client = person(Role.STEWARD)
    page = client.get(reverse(*ADDRESS[:1], args=ADDRESS[1]))
    assert page.context["proposed"] == 1
    assert [row.values for row in page.context["rows"]] == [3, 0, 0]
    client.post(reverse(*ADDRESS[:1], args=ADDRESS[1]), {"accept": "1"})
    assert [name for name, one in said(filled).items() if one.facet] == ["kind"]
    assert client.get(reverse(*ADDRESS[:1], args=ADDRESS[1])).context["proposed"] == 0


def test_settings_wait_for_a_field_that_a_file_forgot(filled, tmp_path):
    annotate_fields(viewer=OPERATOR, dataset=filled, annotations={"kind": Annotations(facet=True)})
    publish(filled, tmp_path, {"code": ["1"], "places": [2]}, FIELDS[1:])
    assert "kind" not in said(filled)
    publish(filled, tmp_path, {"kind": ["a"], "code": ["1"], "places": [2]})
    assert said(filled)["kind"].facet


def test_only_those_who_manage_the_dataset_may_say(person, filled):
    viewer_client = person(Role.CONTRIBUTOR)
    assert viewer_client.post(reverse(*ADDRESS[:1], args=ADDRESS[1]), {"said.kind": "1"}).status_code == 403
    from bocage.access.viewer import ANONYMOUS

    with pytest.raises(AccessDenied):
        annotate_fields(viewer=ANONYMOUS, dataset=filled, annotations={"kind": Annotations(facet=True)})
