"""`select` on catalogue items: columns that the engine computes, and the parts of an item that are none."""

from __future__ import annotations

import pytest

from bocage.access.vocabulary import Visibility

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bocage.publish.urls")]
BASE = "/api/explore/v2.1/catalog/datasets"


def chosen(client, address=BASE, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_dataset_answers_what_is_selected_of_it_in_this_order(client, lieux):
    whole = chosen(client, f"{BASE}/lieux")
    found = chosen(client, f"{BASE}/lieux", select="metas, dataset_id, length(title) as n, fields as f, has_records")
    assert list(found) == ["metas", "dataset_id", "n", "f", "has_records"]
    assert found["metas"] == whole["metas"]
    assert found["f"] == whole["fields"]
    assert (found["dataset_id"], found["n"]) == ("lieux", len(whole["metas"]["default"]["title"]))
    assert chosen(client, f"{BASE}/lieux", select=" * ") == whole
    assert chosen(client, f"{BASE}/lieux", select="dataset_id") == {"dataset_id": "lieux"}
    assert chosen(client, f"{BASE}/lieux", select="attachments") == {"attachments": []}


def test_the_list_answers_the_same_parts(client, lieux):
    found = chosen(client, select="title, metas, `fields`", order_by="title")
    whole = chosen(client, f"{BASE}/lieux")
    assert found == {
        "total_count": 1,
        "results": [{"title": whole["metas"]["default"]["title"], "metas": whole["metas"], "fields": whole["fields"]}],
    }
    parts = chosen(client, select="include(dataset_i*), data_visible")["results"]
    assert parts == [{"dataset_id": "lieux", "data_visible": True}]


def test_what_is_selected_has_a_validator_of_its_own(client, lieux):
    tags = {client.get(f"{BASE}/lieux", {"select": one})["ETag"] for one in ("", "metas", "fields", "dataset_id")}
    assert len(tags) == 4


@pytest.mark.parametrize(
    ("select", "code"), [("nope", "ODSQLError"), ("metas,", "ODSQLSyntaxError"), ("lower(metas)", "ODSQLError")]
)
@pytest.mark.parametrize("address", [BASE, f"{BASE}/lieux"])
def test_what_cannot_be_selected_is_a_clean_error(client, lieux, address, select, code):
    answer = client.get(address, {"select": select})
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)


def test_nobody_selects_what_is_hidden(client, publish):
    publish("agents", visibility=Visibility.PRIVATE)
    hidden, absent = (client.get(f"{BASE}/{slug}", {"select": "metas"}) for slug in ("agents", "absents"))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content.replace(b"agents", b"absents") == absent.content
    assert chosen(client, select="metas")["total_count"] == 0
