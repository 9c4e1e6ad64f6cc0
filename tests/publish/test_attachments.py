"""Documents of a dataset through the interface: the two shapes of the standard, and bytes that never run in a browser."""

from __future__ import annotations

import pytest

from bocage.access.viewer import OPERATOR
from bocage.store.documents import attach, remove_attachment

ROOT = "/api/explore/v2.1/catalog/datasets/lieux"


@pytest.fixture
def notice(dataset, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    file = tmp_path / "sent"
    file.write_bytes(b"%PDF-1.7 content")
    return attach(viewer=OPERATOR, dataset=dataset, title="Notice", file=file, filename="Notice é.pdf")


def test_the_list_and_the_catalogue_item(client, notice):
    answer = client.get(f"{ROOT}/attachments").json()
    (item,) = answer["attachments"]
    assert item["href"].endswith("/catalog/datasets/lieux/attachments/notice_e_pdf")
    assert item["metas"] == {
        "mime-type": "application/pdf", "title": "Notice", "url": "odsfile://Notice é.pdf", "id": "notice_e_pdf",
    }  # fmt: skip
    told = {"mimetype": "application/pdf", "url": "odsfile://Notice é.pdf", "id": "notice_e_pdf", "title": "Notice"}
    assert client.get(ROOT).json()["attachments"] == [told]
    assert client.get("/api/explore/v2.1/catalog/datasets").json is not None


@pytest.mark.parametrize(
    "address", [f"{ROOT}/attachments/notice_e_pdf", "/api/datasets/1.0/lieux/attachments/notice_e_pdf/"]
)
def test_the_document_itself(client, notice, address):
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 content"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == "16"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Notice%20%C3%A9.pdf")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    head = client.head(address)
    assert (head.status_code, head["Content-Length"]) == (200, "16")


def test_a_picture_may_be_shown(client, dataset, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    file = tmp_path / "sent.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    attach(viewer=OPERATOR, dataset=dataset, title="Photo", file=file)
    answer = client.get(f"{ROOT}/attachments/sent_png")
    answer.close()
    assert answer["Content-Disposition"].startswith("inline")


def test_removed_or_absent_is_404_and_validators_move(client, notice):
    before = client.get(f"{ROOT}/attachments")["ETag"], client.get(ROOT)["ETag"]
    remove_attachment(viewer=OPERATOR, attachment=notice)
    answer = client.get(f"{ROOT}/attachments/notice_e_pdf")
    assert answer.status_code == 404
    assert answer.json()["error_code"] == "NotFoundResource"
    assert client.get(f"{ROOT}/attachments").json()["attachments"] == []
    after = client.get(f"{ROOT}/attachments")["ETag"], client.get(ROOT)["ETag"]
    assert before[0] != after[0]
    assert before[1] != after[1]
