"""Payloads that mean harm, or nonsense: a clear refusal, never a fault of ours, and nothing kept."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from bocage.pipeline.models import Push
from bocage.pipeline.pushes.payload import LIMIT_BYTES
from bocage.publish.push.views import push

pytestmark = pytest.mark.django_db


def padded(size: int) -> bytes:
    return b'[{"id":"' + b"a" * (size - 11) + b'"}]'


HOSTILE = {
    "one byte too many": (padded(LIMIT_BYTES + 1), 413),
    "ten thousand lists": (b"[" * 10_000 + b"]" * 10_000, 400),
    "ten thousand objects": (b'{"id":' * 10_000 + b"1" + b"}" * 10_000, 400),
    "a million open lists": (b"[" * 1_000_000, 400),
    "quotes that never end": (b'["' + b'\\"' * 1_000_000, 400),
    "NaN": (b'{"id": "a", "n": NaN}', 400),
    "infinity": (b'{"id": "a", "n": -Infinity}', 400),
    "a huge integer": (b'{"id": "a", "n": ' + b"9" * 5_000 + b"}", 400),
    "beyond 64 bits": (b'{"id": "a", "n": 9223372036854775808}', 400),
    "a huge exponent": (b'{"id": "a", "n": 1e999}', 400),
    "a decimal where whole numbers are": (b'{"id": "a", "n": 1.5}', 400),
    "a hundred thousand keys": (b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}", 400),
    "a key twice": (b'{"id": "a", "id": "b"}', 400),
    "a lone surrogate": (b'{"id": "\\ud800"}', 400),
    "a lone surrogate in a name": (b'{"\\udc00": 1}', 400),
    "a null character": (b'{"id": "a\\u0000b"}', 400),
    "not UTF-8": (b'{"id": "\xff"}', 400),
    "UTF-16": ('{"id": "a"}'.encode("utf-16"), 400),
    "nothing": (b"", 400),
    "a text": (b'"a"', 400),
    "a number": (b"1", 400),
    "a list of numbers": (b"[1, 2]", 400),
    "an empty record": (b"{}", 400),
    "text after the end": (b'{"id": "a"} x', 400),
    "SQL": (b'{"id": "a", "n\\"); DROP TABLE x; --": 1}', 400),
    "a date of the thirteenth month": (b'{"id": "a", "at": "2026-13-01"}', 400),
    "a date before all dates": (b'{"id": "a", "at": "0001-01-01T00:00:00+14:00"}', 400),
    "a list where a text is": (b'{"id": ["a"]}', 400),
    "a boolean where a number is": (b'{"id": "a", "n": true}', 400),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_payload_is_refused(running, name):
    body, status = HOSTILE[name]
    answer = running.post(body)
    assert answer.status_code == status, answer.content[:300]
    told = answer.json()
    assert told["errorcode"] == status
    assert 10 < len(told["error"]) < 1500
    assert not Push.objects.exists()


@pytest.mark.parametrize("name", ["NaN", "beyond 64 bits", "a huge exponent", "a lone surrogate", "an empty record"])
def test_the_first_payload_of_a_dataset_is_no_less_strict(sensor, name):
    body, status = HOSTILE[name]
    assert sensor.post(body).status_code == status
    assert not Push.objects.exists()


def test_just_under_the_limit_is_accepted(running):
    assert running.post(padded(LIMIT_BYTES)).json() == {"status": "OK"}


def test_a_stranger_is_refused_before_the_payload_is_read(running):
    class Untouchable:
        def read(self, *_):
            raise AssertionError("the payload was read")

        readline = read

    request = RequestFactory().post("/", CONTENT_LENGTH="100", **{"wsgi.input": Untouchable()})
    assert push(request, dataset="niveaux", resource="realtime").status_code == 401


def test_a_length_is_asked_for(running):
    answer = Client().generic(
        "POST", f"{running.root}/push/?pushkey={running.secret}", headers={"Transfer-Encoding": "chunked"}
    )
    assert answer.status_code == 411


def test_compression_is_refused(running):
    assert running.post(b"\x1f\x8b", **{"Content-Encoding": "gzip"}).status_code == 415


def test_an_empty_list_is_nothing_to_do(running):
    assert running.post([]).json() == {"status": "OK"}
    assert not Push.objects.exists()
