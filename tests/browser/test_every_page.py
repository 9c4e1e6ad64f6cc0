"""The pages beside the journeys: none breaks the content policy, asks another site, or shuts somebody out."""

from __future__ import annotations

import pytest

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

OF_A_STRANGER = {
    "/explore/?q=rien+de+tel": 200,
    "/explore/?theme=dechets": 200,
    "/explore/dataset/chantiers/table/?min_debut=hier&q=zzz": 200,
    "/explore/dataset/chantiers/api/": 200,
    "/explore/dataset/chantiers/history/": 200,
    "/explore/dataset/chantiers/schema/": 200,
    "/explore/dataset/chantiers/quality/": 200,
    "/check/": 200,
    "/check/ck_absent/": 404,
    "/schemas/": 200,
    "/schemas/nantes-metropole/composteurs-collectifs/": 200,
    "/schemas/absent/absent/": 404,
    "/code-lists/": 200,
    "/adoption/": 200,
    "/organizations/": 200,
    "/organizations/reze/": 200,
    "/help/": 200,
    "/licences/": 200,
    "/ogc/?f=html": 200,
    "/ogc/collections?f=html": 200,
    "/ogc/collections/chantiers?f=html": 200,
    "/ogc/collections/chantiers/schema?f=html": 200,
    "/ogc/collections/chantiers/items?f=html": 200,
    "/ogc/api?f=html": 200,
    "/accessibility/": 200,
    "/legal/": 200,
    "/sitemap/": 200,
    "/accounts/password/reset/": 200,
    "/accounts/signup/": 200,
    "/absent/": 404,
}
OF_AN_ADMINISTRATOR = {
    "/console/?q=colonnes": 200,
    "/console/runs/": 200,
    "/console/datasets/chantiers/": 200,
    "/console/datasets/chantiers/fields/": 200,
    "/console/datasets/chantiers/versions/": 200,
    "/console/datasets/chantiers/source/": 200,
    "/console/datasets/chantiers/runs/": 200,
    "/console/datasets/chantiers/quality/": 200,
    "/console/datasets/chantiers/conformity/": 200,
    "/console/datasets/chantiers/quarantine/": 200,
    "/console/schemas/": 200,
    "/console/schemas/new/": 200,
    "/console/schemas/nantes-metropole/composteurs-collectifs/": 200,
    "/console/code-lists/": 200,
    "/console/adoption/": 200,
    "/console/digest/": 200,
    "/console/organization/nantes-metropole/members/": 200,
    "/console/datasets/fuites/": 404,
    "/console/organization/eaux-du-bocage/members/": 403,
    "/accounts/2fa/": 200,
    "/accounts/identity/": 200,
    "/accounts/password/change/": 200,
    "/accounts/logout/": 200,
}


def test_public_pages(visit: Visit) -> None:
    for path, status in OF_A_STRANGER.items():
        assert visit.open(path) == status, path
        visit.look(path)


def test_pages_of_the_console(visit: Visit) -> None:
    visit.sign_in("administration.nantes-metropole")
    for path, status in OF_AN_ADMINISTRATOR.items():
        assert visit.open(path) == status, path
        visit.look(path)
    visit.open("/console/")
    visit.page.get_by_role("link", name="Données du bocage nantais", exact=True).last.click()
    visit.page.wait_for_url("**/home/")
    visit.look("home page of the portal")
    visit.follow_tab("Couleurs et logo")
    visit.look("look of the portal")
