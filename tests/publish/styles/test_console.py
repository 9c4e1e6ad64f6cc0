"""The pages on which a steward makes styles, without writing one; what they may not do; what they undo."""

from __future__ import annotations

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from bocage.access.models import DataRule
from bocage.catalog.models import Style, StyleChange
from bocage.catalog.styles.choices import read_choices
from bocage.catalog.styles.services import MOST_UNDONE
from tests.publish.styles.documents import GEOSERVER

DESK = "/console/datasets/arbres/styles/"


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


@pytest.fixture
def steward(member, arbres) -> Client:
    member.memberships.update(role="steward")
    client = Client(headers={"accept-language": "fr"})
    client.force_login(member)
    return client


def asked(client: Client, **wish) -> str:
    response = client.get(f"{DESK}new/", {"asked": "1"} | wish)
    assert response.status_code == 200
    return response.content.decode()


def choices_in(page: str) -> str:
    return html.unescape(re.search(r'name="choices" value="([^"]*)"', page)[1])


def save(client: Client, page: str, title: str, address: str = f"{DESK}new/", **more):
    return client.post(address, {"choices": choices_in(page), "title": title, "is_default": "on", "do": "save"} | more)


def test_a_style_by_value_is_made_worded_saved_and_drawn(steward, ask):
    page = asked(steward, kind="category", field="kind", width="1")
    assert all(one in page for one in ("chêne", "hêtre", "frêne"))
    choices = read_choices(choices_in(page).encode())
    assert {one.value for one in choices.categories} == {"chêne", "hêtre", "frêne"}
    assert (choices.others.drawn, choices.missing.drawn) == (False, False)
    tried = save(steward, page, "", do="see", **{"title.0": "Le premier", "color.0": "#abcdef"})
    assert (tried.status_code, Style.objects.count()) == (200, 0)
    assert "Le premier" in tried.content.decode()
    saved = save(steward, tried.content.decode(), "Par essence")
    assert (saved.status_code, saved["Location"]) == (302, DESK)
    assert ask("/ogc/collections/arbres/styles")["default"] == "par-essence"
    drawn = ask.raw("/explore/dataset/arbres/map/").content.decode()
    assert "Le premier" in drawn
    assert 'fill="#abcdef"' in drawn


@pytest.mark.parametrize("method", ["quantile", "equal", "natural"])
@pytest.mark.parametrize("kind", ["class", "size"])
def test_classes_of_a_number(steward, kind, method):
    page = asked(steward, kind=kind, field="n", method=method, count="4", ramp="blue", color="#1f6b4a", width="1")
    bands = read_choices(choices_in(page).encode()).bands
    assert len(bands) == 4
    if method == "equal":
        assert [one.high for one in bands[:-1]] == pytest.approx([249, 498, 747], abs=2)
    sizes, colors = {one.size for one in bands}, {one.color for one in bands}
    assert (len(colors), len(sizes)) == ((4, 4) if kind == "class" else (1, 4))
    assert "Moins de" in page


def test_a_style_is_changed_where_it_is(steward):
    save(steward, asked(steward, kind="category", field="kind", width="1"), "Essences")
    page = steward.get(f"{DESK}essences/edit/").content.decode()
    assert 'value="Essences"' in page
    save(steward, page, "Nos essences", f"{DESK}essences/edit/", **{"title.1": "Deux"})
    style = Style.objects.get()
    assert (style.identifier, style.title, style.is_default) == ("essences", "Nos essences", True)
    assert read_choices(style.content.encode()).categories[1].title == "Deux"
    assert steward.get(f"{DESK}absent/edit/").status_code == 404


def test_two_styles_of_one_name_have_two_identifiers(steward):
    for _turn in range(2):
        save(steward, asked(steward, kind="one", color="#1144cc", width="1"), "Défaut usual")
    assert {one.identifier for one in Style.objects.all()} == {"defaut-usual", "defaut-usual-2"}
    assert Style.objects.get(is_default=True).identifier == "defaut-usual-2"


def undo(client: Client):
    page = client.get(DESK).content.decode()
    change = re.search(r'name="change" value="(\d+)"', page)
    return client.post(DESK, {"do": "undo", "change": change[1]}) if change else None


def test_everything_is_undone_one_after_the_other(steward):
    save(steward, asked(steward, kind="category", field="kind", width="1"), "A")
    save(steward, asked(steward, kind="one", color="#1144cc", width="1"), "B")
    steward.post(DESK, {"do": "default", "style": "usual"})
    steward.post(DESK, {"do": "remove", "style": "a"})
    states = []
    while (response := undo(steward)) is not None:
        assert response.status_code == 302
        states.append({one.identifier: one.is_default for one in Style.objects.all()})
    assert states == [{"a": False, "b": False}, {"a": False, "b": True}, {"a": True}, {}]


def test_another_change_is_not_undone_in_its_place(steward):
    save(steward, asked(steward, kind="one", color="#1144cc", width="1"), "A")
    first = StyleChange.objects.get().pk
    save(steward, asked(steward, kind="one", color="#1144cc", width="1"), "B")
    assert steward.post(DESK, {"do": "undo", "change": str(first)}).status_code == 404
    assert steward.post(DESK, {"do": "undo", "change": "x"}).status_code == 404
    assert Style.objects.count() == 2


def test_what_may_be_undone_is_bounded(steward):
    page = asked(steward, kind="one", color="#1144cc", width="1")
    save(steward, page, "A")
    for rank in range(MOST_UNDONE + 3):
        save(steward, page, f"A{rank}", f"{DESK}a/edit/")
    assert StyleChange.objects.count() == MOST_UNDONE


def test_a_file_is_imported_and_what_is_left_out_is_told(steward):
    def send(content: bytes, name: str):
        file = SimpleUploadedFile(name, content)
        return steward.post(f"{DESK}import/", {"file": file, "is_default": "on"}, follow=True).content.decode()

    page = send(GEOSERVER.encode(), "../../Essences & co.sld")
    assert "VendorOption" in page
    assert Style.objects.get().identifier == "essences-co"
    assert "QGIS" in send(b"<!DOCTYPE qgis><qgis version='3.22'/>", "a.qml")
    assert "JSON" in send(b"{", "a.json")
    for content in (
        b"",
        b"\xff\xfe",
        b"x" * 300_000,
        b'<!DOCTYPE a [<!ENTITY b "x">]><StyledLayerDescriptor>&b;</StyledLayerDescriptor>',
    ):
        send(content, "a.sld")
    assert Style.objects.count() == 1
    assert "Choisissez" in steward.post(f"{DESK}import/", {}, follow=True).content.decode()


@pytest.mark.parametrize("role", ["member", "contributor"])
def test_who_may_not_change_the_dataset_makes_no_style(member, arbres, role):
    member.memberships.update(role=role)
    client = Client()
    client.force_login(member)
    assert client.get(DESK).status_code == (200 if role == "contributor" else 403)
    for address in (f"{DESK}new/", f"{DESK}a/edit/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {"choices": "{}", "title": "x"}).status_code == 403
    for sent in (
        {"do": "undo", "change": "1"},
        {"do": "remove", "style": "usual"},
        {"do": "default", "style": "usual"},
    ):
        assert client.post(DESK, sent).status_code == 403
    assert client.post(f"{DESK}import/", {"file": SimpleUploadedFile("a.sld", GEOSERVER.encode())}).status_code == 403
    assert not Style.objects.exists()


def test_forged_requests_and_choices_are_refused(steward, member):
    page = asked(steward, kind="category", field="kind", width="1")
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(member)
    assert save(forged, page, "x").status_code == 403
    assert forged.post(f"{DESK}import/", {"file": SimpleUploadedFile("a.sld", GEOSERVER.encode())}).status_code == 403
    for choices in ("", "[]", '{"kind": "one", "label": "absent"}', '{"kind": "one", "color": "url(x)"}'):
        assert steward.post(f"{DESK}new/", {"choices": choices, "title": "x"}).status_code == 302
    assert not Style.objects.exists()


def test_a_contributor_from_whom_a_column_is_kept_is_told_of_no_style_by_it(steward, member, arbres):
    save(steward, asked(steward, kind="category", field="kind", width="1"), "Essences")
    member.memberships.update(role="contributor")
    rule = DataRule.objects.create(
        dataset=arbres.uid, audience="everyone", reason="RGPD", columns={"kind": {"mask": "hide"}}
    )
    listed = steward.get(DESK).content.decode()
    assert "Essences" not in listed
    assert "hêtre" not in listed
    rule.delete()
    assert "Essences" in steward.get(DESK).content.decode()


def test_what_cannot_be_classed_is_told(steward):
    assert 'name="choices"' not in asked(
        steward, kind="class", field="kind", method="equal", count="3", ramp="blue", width="1"
    )
    assert steward.get("/console/datasets/noms/styles/new/").status_code == 404
    assert "rien à dessiner" in steward.get("/console/datasets/noms/styles/").content.decode()
