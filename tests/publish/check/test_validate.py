"""POST /api/check/v1/validate: a verdict, in the shape of the reference, without an account."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile

import jsonschema
import openpyxl
import pytest
from django.test import Client

from bocage.pipeline.checking import bounds, kept
from tests.publish.check.conftest import HEADER, INVALID, ROOT, VALID


def test_a_valid_file(send) -> None:
    answer = send(VALID)
    assert answer.status_code == 200
    report = answer.json()["report"]
    assert report["valid"] is True
    assert report["errors"] == []
    assert report["stats"]["rows"] == 2


def test_an_invalid_file_says_where_and_how(send) -> None:
    said = send(INVALID).json()
    report = said["report"]
    assert report["valid"] is False
    found = {(one["type"], one["rowNumber"], one["fieldName"]) for one in report["errors"]}
    assert found == {
        ("type-error", 2, "date_maj"), ("type-error", 3, "date_maj"), ("type-error", 4, "date_maj"),
        ("constraint-error", 3, "insee"), ("constraint-error", 3, "type"), ("constraint-error", 4, "places"),
    }  # fmt: skip
    dates = next(family for family in said["families"] if family["rule"] == "type.date")
    assert dates["count"] == 3
    [mend] = dates["mends"]
    assert (mend["mended"], mend["left"]) == (2, 1)
    assert ["05/07/2021", "2021-07-05"] in mend["examples"]
    assert dates["examples"][0]["proposed"] == "2021-07-05"
    assert dates["examples"][2]["proposed"] is None


def test_the_answer_is_what_the_openapi_document_promises(send, client: Client) -> None:
    document = client.get(f"{ROOT}/openapi.json").json()
    promised = document["paths"][f"{ROOT}/validate"]["post"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    jsonschema.validate(send(INVALID).json(), promised)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"report": {}}, promised)


def test_the_keys_of_the_reference_are_there(send, shared_data) -> None:
    sample = json.loads(
        (shared_data / "schemas/validata-api-samples/validata_with_opening_hours_error.json").read_text()
    )
    said = send(INVALID).json()
    assert sample.keys() <= said.keys()
    assert sample["report"].keys() <= said["report"].keys()
    assert sample["report"]["stats"].keys() <= said["report"]["stats"].keys()
    assert sample["report"]["errors"][0].keys() <= said["report"]["errors"][0].keys()


@pytest.mark.parametrize(("language", "title"), [("fr", "Format de date incorrect"), ("en", "Wrong date format")])
def test_sentences_come_in_the_language_asked(send, language: str, title: str) -> None:
    said = send(INVALID, lang=language).json()
    assert title in {one["title"] for one in said["report"]["errors"]}


def test_the_report_is_given_in_three_forms(send, client: Client) -> None:
    links = send(INVALID).json()["links"]
    whole = json.loads(b"".join(client.get(links["json"]).streaming_content))
    assert len(whole["errors"]) == whole["stats"]["errors"] == 6
    listed = b"".join(client.get(links["csv"]).streaming_content).decode("utf-8-sig")
    assert len(listed.splitlines()) == 7
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(links["xlsx"]).streaming_content)))
    assert book.worksheets[0]["B2"].comment.text.startswith("« 05/07/2021 »".replace(" ", "\u00a0"))
    assert "Cookie" not in client.get(links["csv"]).headers.get("Vary", "") or not client.cookies


def test_a_report_is_gone_after_an_hour(send, client: Client, folders) -> None:
    answer = send(INVALID)
    link = answer.json()["links"]["json"]
    [folder] = [one for one in folders() if one.name in link]
    facts = json.loads((folder / kept.FACTS).read_text())
    facts["created_at"] -= 3601
    (folder / kept.FACTS).write_text(json.dumps(facts))
    old = time.time() - 3601
    os.utime(folder, (old, old))
    assert client.get(link).status_code == 404
    kept.sweep()
    assert folder not in folders()


def test_nothing_of_the_file_remains_but_the_report(send, folders) -> None:
    link = send(INVALID).json()["links"]["json"]
    [folder] = [one for one in folders() if one.name in link]
    assert {one.name for one in folder.iterdir()} <= {kept.FACTS, kept.FAULTS, kept.ROWS, kept.LAYOUT}
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("uid", ["ck_", "ck_" + "a" * 26, "../../etc", "ck_" + "../" * 8, "x", "ck_" + "A" * 26])
def test_an_identifier_cannot_be_guessed_nor_escape(client: Client, db: None, uid: str) -> None:
    assert client.get(f"{ROOT}/report/{uid}.json").status_code == 404


def test_a_refused_request_leaves_nothing(send, folders) -> None:
    before = len(folders())
    assert send(VALID, schema="test/absent").status_code == 404
    assert send(b"\x00\x01\x02" * 500, name="photo.jpg").status_code in (200, 400)
    assert send(None or "", schema="").status_code == 400
    assert len(folders()) <= before + 1


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"schema": ""}, 400, "checking.schema-not-named"),
        ({"schema": "test/absent"}, 404, "not-found"),
        ({"file": None}, 400, "checking.nothing-to-check"),
        ({"url": "https://example.org/a.csv"}, 400, "checking.nothing-to-check"),
        ({"schema": "http://127.0.0.1/schema.json"}, 400, None),
        ({"file": None, "url": "http://169.254.169.254/latest/meta-data"}, 400, None),
        ({"file": None, "url": "file:///etc/passwd"}, 400, None),
        ({"schema": "file:///etc/passwd"}, 404, "not-found"),
        ({"schema": "/etc/passwd"}, 404, "not-found"),
    ],
)
def test_a_refusal_says_why(send, fields, status: int, code: str | None) -> None:
    answer = send(VALID, **fields)
    assert answer.status_code == status, answer.content
    error = answer.json()["error"]
    assert error["message"]
    assert error["type"] == error["code"]
    if code:
        assert error["code"] == code


def test_an_address_is_not_asked_too_often(send, monkeypatch) -> None:
    monkeypatch.setitem(bounds.RATES, "check", "2/m/ip")
    assert [send(VALID).status_code for _attempt in range(3)] == [200, 200, 429]
    answer = send(VALID)
    assert answer.headers["Retry-After"] == "60"
    assert answer.json()["error"]["code"] == "checking.too-often"


def test_a_file_past_the_limit_is_not_read(send, monkeypatch) -> None:
    monkeypatch.setattr(bounds, "LIMIT_MB", 0)
    answer = send("x" * 70_000)
    assert answer.status_code == 413


def test_checks_at_once_are_bounded(send, monkeypatch) -> None:
    monkeypatch.setattr(bounds, "PATIENCE_SECONDS", 0.01)
    with bounds.slot(), bounds.slot():
        assert send(VALID).status_code == 503
    assert send(VALID).status_code == 200


def test_a_check_that_lasts_is_stopped(send, monkeypatch) -> None:
    monkeypatch.setattr(bounds, "SECONDS", 0.0)
    answer = send(VALID)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "checking.too-long"


# Hostile files ------------------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused(send) -> None:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("a.csv", "w") as inside,
    ):
        for _piece in range(64):
            inside.write(b"0" * 1024 * 1024)
    started = time.monotonic()
    answer = send(held.getvalue(), name="a.zip")
    assert time.monotonic() - started < 20
    assert answer.status_code in (400, 422) or answer.json()["report"]["valid"] is False


def test_ten_thousand_columns(send) -> None:
    content = ",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join("1" for _n in range(10_000)) + "\n"
    started = time.monotonic()
    answer = send(content)
    assert time.monotonic() - started < 20
    assert answer.status_code in (200, 400)
    assert answer.json()["report"]["valid"] is False if answer.status_code == 200 else answer.json()["error"]["message"]


def test_a_huge_cell_is_cut_in_the_answer(send) -> None:
    answer = send(HEADER + f'44109,"{"x" * 3_000_000}",1,Parking\n')
    assert answer.status_code in (200, 400)
    assert len(answer.content) < 100_000


def test_formulas_in_cells_are_texts(send, client: Client) -> None:
    links = send(HEADER + '"=HYPERLINK(""http://x"")",2021-07-05,1,Parking\n').json()["links"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(links["xlsx"]).streaming_content)))
    assert book.worksheets[0]["A2"].data_type == "s"
    assert "'=HYPERLINK" in b"".join(client.get(links["csv"]).streaming_content).decode()


def test_an_empty_file(send) -> None:
    answer = send("")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert [one["type"] for one in answer.json()["report"]["errors"]] == ["source-error"]


def test_anybodys_page_may_ask(client: Client, db: None) -> None:
    answer = client.options(f"{ROOT}/validate", headers={"origin": "https://example.org"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert not client.get(f"{ROOT}/schemas").cookies


def test_the_list_of_schemas(client: Client, schema) -> None:
    [one] = client.get(f"{ROOT}/schemas?q=covoit").json()["schemas"]
    assert one["name"] == "test/lieux"
    assert one["versions"] == ["1.2.0"]
    assert client.get(f"{ROOT}/schemas?q=absent").json()["schemas"] == []


def test_the_badge_of_a_report(send, client: Client) -> None:
    link = send(INVALID).json()["links"]["badge"]
    answer = client.get(link)
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "6 défauts" in answer.content.decode()
    assert client.get(f"{ROOT}/badge.svg?report=ck_{'a' * 26}").status_code == 404
