"""`odsclient`, unmodified: pushes a table, and understands refusals."""

from __future__ import annotations

import csv
import io

import pytest

from tests.publish.push.conftest import Sensor, publish_pushes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(live_server):
    odsclient = pytest.importorskip("odsclient", reason="odsclient is absent: pip install odsclient")
    return odsclient.ODSClient(base_url=live_server.url, use_keyring=False)


def test_a_table_is_pushed_then_replaced_and_read_back(client, dataset):
    sensor = Sensor(dataset, key=["capteur"])
    client.push_dataset_realtime("niveaux", "capteur;niveau\na;x\nb;y\n", sensor.secret)
    publish_pushes()
    client.push_dataset_realtime("niveaux", "capteur;niveau\nb;z\nc;é\n", sensor.secret)
    publish_pushes()
    rows = list(csv.reader(io.StringIO(client.get_whole_dataset("niveaux"), newline=""), delimiter=";"))
    assert rows == [["capteur", "niveau"], ["a", "x"], ["b", "z"], ["c", "é"]]


def test_a_data_frame_is_pushed(client, dataset):
    pandas = pytest.importorskip("pandas", reason="pandas is absent: pip install pandas")
    sensor = Sensor(dataset)
    frame = pandas.DataFrame({"capteur": ["a", "b"], "niveau": [1.5, None]})
    client.push_dataset_realtime("niveaux", frame, sensor.secret, format="pandas")
    publish_pushes()
    rows = list(csv.reader(io.StringIO(client.get_whole_dataset("niveaux"), newline=""), delimiter=";"))
    assert rows == [["capteur", "niveau"], ["a", "1.5"], ["b", ""]]


def test_a_wrong_key_and_a_wrong_value_are_understood(client, running):
    odsclient = pytest.importorskip("odsclient")
    with pytest.raises(odsclient.ODSException) as refusal:
        client.push_dataset_realtime("niveaux", "id;n\nz;1\n", "0" * 64)
    assert refusal.value.status_code == 401
    with pytest.raises(odsclient.ODSException) as refusal:
        client.push_dataset_realtime("niveaux", "id;n\nz;un\n", running.secret)
    assert (refusal.value.status_code, refusal.value.details["code"]) == (400, "push.refused")
