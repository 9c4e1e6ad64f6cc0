"""The theme, the landscape, and which portal answers which host."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from bocage.organizations.models import Organization, Portal
from bocage.organizations.rules import DEFAULT_THEME
from bocage.portal.landscape import draw


def test_the_sheet_gives_every_token(client: Client, portal: Portal) -> None:
    Portal.objects.filter(pk=portal.pk).update(theme={"color-accent": "#004488"})
    sheet = client.get(f"/theme/{portal.uid}.css").content.decode()
    assert sheet.startswith("@layer theme{:root{")
    assert "--color-accent:#004488;" in sheet
    for token in DEFAULT_THEME:
        assert f"--{token}:" in sheet


@pytest.mark.parametrize("value", ["red;}body{display:none", "#12345", "url(//evil)", None, 5, "#12345g"])
def test_a_stored_theme_cannot_write_css(client: Client, portal: Portal, value: object) -> None:
    Portal.objects.filter(pk=portal.pk).update(theme={"color-accent": value, "x;}*{color:red": "#000000"})
    sheet = client.get(f"/theme/{portal.uid}.css").content.decode()
    assert f"--color-accent:{DEFAULT_THEME['color-accent']};" in sheet
    assert sheet.count("{") == sheet.count("}") == 2


def test_the_address_of_the_sheet_changes_with_the_theme(client: Client, portal: Portal) -> None:
    before = client.get("/help/").content.decode()
    Portal.objects.filter(pk=portal.pk).update(theme={"color-accent": "#004488"})
    after = client.get("/help/").content.decode()
    assert before.split(".css?v=")[2][:12] != after.split(".css?v=")[2][:12]


def test_each_portal_has_its_own_landscape_and_keeps_it() -> None:
    one = draw("po_a", "#12372a", "#1f6b4a")
    assert one == draw("po_a", "#12372a", "#1f6b4a")
    assert one != draw("po_b", "#12372a", "#1f6b4a")
    tree = ET.fromstring(one)
    assert len(tree) > 50
    assert "style" not in one
    assert len(one) < 150_000


def test_the_host_chooses_the_portal(client: Client, portal: Portal, organization: Organization) -> None:
    Portal.objects.create(organization=organization, domain="eau.example.fr", name="Portail de l’eau")
    assert "Portail de l’eau" in client.get("/help/", headers={"host": "eau.example.fr:8443"}).content.decode()
    assert "Portail de l’eau" not in client.get("/help/", headers={"host": "other.example.fr"}).content.decode()


@pytest.mark.django_db
def test_a_platform_without_portal_still_has_a_face(client: Client) -> None:
    assert "Territorial data" in client.get("/").content.decode()
    assert client.get("/theme/default.svg").status_code == 200
    assert client.get("/theme/unknown.css").status_code == 404


@pytest.mark.django_db
def test_without_outlines_the_base_map_is_empty(client: Client) -> None:
    assert client.get("/basemap/communes.geojson").json() == {"type": "FeatureCollection", "features": []}
