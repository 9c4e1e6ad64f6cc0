"""Forms: no change without the token of a page, no redirect to another site, no file where none is expected, no double."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from bocage.access.viewer import viewer_of
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError, NotFound
from bocage.kernel.http import MASK, masked, unmasked
from bocage.pipeline.drafts import publish_draft
from bocage.pipeline.models import Draft, Run, Source
from tests.project.test_addresses import documented, example
from tests.security.conftest import PASSWORD, Territory
from tests.security.test_rights_matrix import WRITE, names

__all__ = ["names"]

ABROAD = (
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "javascript:alert(1)", "http://testserver@evil.example/", "http:///evil.example", "\thttps://evil.example", " //evil.example",
    "https://testserver.evil.example/", "data:text/html,x", "/\t/evil.example",
)  # fmt: skip


@pytest.mark.parametrize("route", sorted(documented()))
def test_nothing_is_changed_without_the_token_of_a_page(territory: Territory, route: str) -> None:
    """Every address of the product, posted from another site by the browser of a coordinator."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(territory.people["coordinator here"])
    address = example(route).replace("//*", "/").replace("+", "").replace("/*", "/")
    answer = client.post(address, {"title": "x", "paused": "1"}, headers={"origin": "https://evil.example"})
    assert answer.status_code in (403, 404, 405), (route, answer.status_code)


def test_the_page_that_takes_files_checks_the_token_too(territory: Territory) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(territory.people["coordinator here"])
    given = {"organization": "ici", "file": SimpleUploadedFile("a.csv", b"a;b\n1;2\n")}
    assert client.post("/console/publish/", given).status_code == 403
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("target", ABROAD)
def test_no_page_sends_to_another_site(territory: Territory, target: str) -> None:
    def is_ours(answer) -> bool:
        location = answer.headers.get("Location", "/")
        return (
            location.startswith("/") and not location.startswith(("//", "/\\", "/\t"))
        ) or location == "http://testserver"

    user = territory.people["coordinator here"]
    signing_in = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD, "next": target})
    assert signing_in.status_code == 302
    assert is_ours(signing_in), signing_in.headers["Location"]
    client = territory.viewers["coordinator here"]
    for address in ("/language/", "/accounts/logout/"):
        answer = client.post(address, {"language": "en", "next": target}, headers={"referer": target})
        assert is_ours(answer), (address, answer.headers["Location"])


@pytest.mark.parametrize(
    "address", ["/", "/language/", "/accounts/login/", "/explore/", "/api/explore/v2.1/", "/console/", "/absent/"]
)
def test_a_file_sent_where_none_is_expected_is_not_received(
    client, tmp_path, settings, monkeypatch, db, address
) -> None:
    """Otherwise anybody fills the disk: the body is read for the token against forgery, before any page can say no."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    token = "a" * 32
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["csrftoken"] = token
    file = SimpleUploadedFile("big.csv", b"x" * (3 * 1024 * 1024))
    answer = browser.post(address, {"csrfmiddlewaretoken": token, "file": file})
    assert answer.status_code in (400, 403, 405, 413), answer.status_code
    assert list(tmp_path.iterdir()) == []


def test_a_member_who_may_not_publish_leaves_nothing_on_the_disk(territory: Territory, settings) -> None:
    given = {"organization": "ici", "file": SimpleUploadedFile("a.csv", b"a;b\n1;2\n")}
    assert territory.viewers["member here"].post("/console/publish/", given).status_code == 403
    incoming = Path(settings.DATA_DIR) / "incoming"
    assert not incoming.exists() or list(incoming.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x", "..\\..\\x.csv", "/etc/passwd", "a\r\nX-Evil: 1.csv", "\u202egpj.csv", "é" * 400 + ".csv",
        ".csv", "~", "<svg onload=alert(1)>.csv",
    ],
)  # fmt: skip
def test_the_name_of_a_file_is_a_label_never_a_path(territory: Territory, settings, tmp_path, name) -> None:
    client = territory.viewers["contributor here"]
    file = SimpleUploadedFile("x.csv", b"code;places\n01004;12\n")
    file._name = name  # what a hostile client writes in the form
    answer = client.post("/console/publish/", {"organization": "ici", "file": file})
    assert answer.status_code in (302, 400), answer.status_code
    incoming = Path(settings.DATA_DIR) / "incoming"
    assert {path.name for path in incoming.rglob("*") if path.is_file()} <= {"content", "inspection.json"}
    assert all(path.resolve().is_relative_to(incoming.resolve()) for path in incoming.rglob("*"))
    if answer.status_code == 302:
        page = client.get(answer.headers["Location"]).content.decode()
        assert "<svg onload" not in page


@pytest.mark.django_db(transaction=True)
def test_a_draft_published_twice_at_once_is_published_once(settings) -> None:
    """Two tabs, or a double click: one run, and a plain word to the other."""
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.services import create_dataset
    from bocage.organizations.models import User
    from bocage.organizations.services import add_member, create_organization

    here = create_organization(slug="ici", name="Ici", kind="commune")
    user = User.objects.create_user("a@example.org", PASSWORD)
    add_member(organization=here, user=user, role="contributor")
    dataset = create_dataset(viewer=OPERATOR, organization=here, slug="lieux", title="Lieux")
    draft = Draft.objects.create(
        organization=here, dataset=dataset, user=user, filename="a.csv", size_bytes=8, created_at=now()
    )
    folder = Path(settings.DATA_DIR) / "incoming" / draft.uid
    folder.mkdir(parents=True)
    (folder / "content").write_bytes(b"a;b\n1;2\n")
    ready, faults = threading.Barrier(2), []

    def click() -> None:
        mine = Draft.objects.select_related("organization", "dataset").get(pk=draft.pk)
        ready.wait()
        try:
            publish_draft(viewer=viewer_of(user), draft=mine)
        except Exception as error:  # noqa: BLE001  that is what is looked at
            faults.append(error)
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert Run.objects.count() == 1
    assert [type(fault) for fault in faults] == [NotFound]
    assert all(isinstance(fault, BocageError) for fault in faults)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a.csv", "https://example.org/a.csv"),
        ("https://anne@example.org/a.csv?x=1", "https://anne@example.org/a.csv?x=1"),
        ("https://anne:s3cret@example.org:8443/a.csv?x=1", f"https://anne:{MASK}@example.org:8443/a.csv?x=1"),
        ("https://anne:p%40ss@[2001:db8::1]/a", f"https://anne:{MASK}@[2001:db8::1]/a"),
    ],
)
def test_the_password_of_an_address_is_masked_and_kept(url: str, shown: str) -> None:
    assert masked(url) == shown
    assert unmasked(shown, url) == url
    assert unmasked(shown.replace("/a", "/b"), url) == url.replace("/a", "/b")


@pytest.mark.parametrize(
    "changed",
    [
        f"https://anne:{MASK}@evil.example/a.csv", f"http://anne:{MASK}@example.org/a.csv", f"https://eve:{MASK}@example.org/a.csv",
        f"https://anne:{MASK}@example.org:444/a.csv", f"https://anne:{MASK}@example.org@evil.example/a.csv", "https://[",
    ],
)  # fmt: skip
def test_a_masked_password_never_goes_to_another_door(changed: str) -> None:
    """A colleague who may change the address, but was not told the password, cannot have it sent to a server of theirs."""
    assert "s3cret" not in unmasked(changed, "https://anne:s3cret@example.org/a.csv")


def test_the_page_of_a_source_does_not_show_its_password(territory: Territory, publish) -> None:
    from bocage.access.vocabulary import Visibility

    dataset = publish(territory.here, "lieux", Visibility.OPEN)
    url = "https://anne:s3cret@example.org/a.csv?key=k3y"
    Source.objects.update_or_create(dataset=dataset, defaults={"kind": "url", "url": url})
    client = territory.viewers["contributor here"]
    page = client.get("/console/datasets/lieux/source/").content.decode()
    assert "s3cret" not in page
    client.post("/console/datasets/lieux/source/", {"url": masked(url), "rhythm": "1h"})
    assert Source.objects.get().url == url
    for page in ("/console/datasets/lieux/runs/", "/console/runs/", "/explore/dataset/lieux/history/"):
        assert "s3cret" not in client.get(page).content.decode()


def test_every_form_that_writes_is_tried() -> None:
    """The list of what is posted, in the matrix of rights, is the list of the addresses of the console that accept it."""
    written = SimpleNamespace(routes=set(WRITE))
    assert all(route in documented() for route in written.routes)
