"""“Check a file”: the page, its report, a proposal accepted, the corrected file. Without an account nor a script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage.check.models import Schema, SchemaVersion
from bocage.check.vocabulary import SchemaStatus
from bocage.pipeline.checking import bounds
from tests.portal.conftest import ATTACK

DESCRIPTOR: dict[str, Any] = {
    "name": "lieux",
    "title": "Lieux",
    "version": "1.0.0",
    "fields": [
        {"name": "nom", "type": "string", "constraints": {"required": True}},
        {"name": "date_maj", "type": "date", "format": "%Y-%m-%d"},
    ],
}
FILE = "nom,date_maj\nA,05/07/2021\n,2021-07-06\nB,31/02/2021\nC,2021-07-08\n"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def schema(db: None) -> Schema:
    made = Schema.objects.create(name="test/lieux", title="Lieux")
    SchemaVersion.objects.create(schema=made, number="1.0.0", status=SchemaStatus.ADOPTED, descriptor=DESCRIPTOR)
    return made


def send(client: Client, content: str, **fields: Any) -> Any:
    file = SimpleUploadedFile(fields.pop("name", "lieux.csv"), content.encode())
    return client.post("/check/", {"schema": "test/lieux", "file": file} | fields)


def test_the_form_lists_the_schemas(client: Client, schema: Schema) -> None:
    page = client.get("/check/?schema=test/lieux").content.decode()
    assert '<option value="test/lieux" selected>Lieux (test/lieux)</option>' in page


def test_a_file_gets_a_report(client: Client, schema: Schema) -> None:
    answer = send(client, FILE)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    said = page.content.decode()
    assert "2 problems to mend on 4 rows" in said
    assert "Wrong date format" in said
    assert "<td>2021-07-05</td>" in said
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_proposal_accepted_mends_the_wrong_cells_only(client: Client, schema: Schema) -> None:
    address = send(client, FILE).headers["Location"]
    page = client.get(address).content.decode()
    key = re.search(r'name="mend" value="(\d+-french_date)"', page)[1]  # type: ignore[index]
    mended = client.post(f"{address}mend/", {"mend": key})
    assert mended.status_code == 302
    after = client.get(mended.headers["Location"]).content.decode()
    assert "1 proposal accepted" in after
    answer = client.get(f"{mended.headers['Location']}mended.csv")
    assert "lieux-corrige.csv" in answer.headers["Content-Disposition"]
    content = b"".join(answer.streaming_content).decode("utf-8-sig").replace('"', "")
    assert content.splitlines() == ["nom;date_maj", "A;2021-07-05", ";2021-07-06", "B;31/02/2021", "C;2021-07-08"]


def test_a_renamed_column_is_checked_under_its_new_name(client: Client, schema: Schema) -> None:
    address = send(client, "NOM,date_maj\nA,2021-07-05\n").headers["Location"]
    page = client.get(address).content.decode()
    key = re.search(r'name="mend" value="(\d+-renamed)"', page)[1]  # type: ignore[index]
    after = client.get(client.post(f"{address}mend/", {"mend": key}).headers["Location"]).content.decode()
    assert "Everything is right on 1 row." in after


def test_an_unknown_proposal_changes_nothing(client: Client, schema: Schema) -> None:
    address = send(client, FILE).headers["Location"]
    after = client.post(f"{address}mend/", {"mend": ["99-french_date", "'; DROP TABLE"]}).headers["Location"]
    assert "2 problems to mend" in client.get(after).content.decode()


def test_what_a_file_holds_never_becomes_a_page(client: Client, schema: Schema) -> None:
    attack = ATTACK.replace('"', '""')
    content = f'nom,date_maj,"{attack}"\nA,"{attack}",1\n'
    address = send(client, content, name=f"{ATTACK}.csv").headers["Location"]
    page = client.get(address).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "14" not in re.findall(r"\{\{.*?\}\}", page)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"schema": ""}, "Against which schema?"),
        ({"schema": "test/absent"}, "does not exist"),
        ({"schema_url": "http://127.0.0.1:1/s.json"}, ""),
        ({"url": "https://example.org/a.csv"}, "There is nothing to check"),
    ],
)
def test_a_refusal_is_said_on_the_form(client: Client, schema: Schema, fields: dict[str, str], words: str) -> None:
    answer = send(client, FILE, **fields)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert words in answer.content.decode()


def test_the_script_gets_its_answer_in_json(client: Client, schema: Schema) -> None:
    file = SimpleUploadedFile("lieux.csv", FILE.encode())
    answer = client.post("/check/", {"schema": "test/lieux", "file": file}, headers={"accept": "application/json"})
    assert answer.json()["next"].startswith("/check/ck_")
    refused = client.post("/check/", {"schema": "test/lieux"}, headers={"accept": "application/json"})
    assert refused.json()["error"]


def test_asking_too_often_is_refused(client: Client, schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bounds.RATES, "check", "1/m/ip")
    assert send(client, FILE).status_code == 302
    assert send(client, FILE).status_code == 429


def test_an_absent_report_is_not_found(client: Client, db: None) -> None:
    for end in ("", "mended.csv"):
        assert client.get(f"/check/ck_{'a' * 26}/{end}").status_code == 404
    assert client.post(f"/check/ck_{'a' * 26}/mend/").status_code == 404


def test_a_token_against_forgery_is_not_asked(schema: Schema) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert send(strict, FILE).status_code == 302
