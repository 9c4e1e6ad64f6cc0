"""What an agreement does not open: columns, rows, versions, and everything once it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bocage.access.models import Agreement
from bocage.access.viewer import OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.services import touch_catalogue
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.clock import now
from bocage.store.services import publish_version
from tests.security.hidden.test_columns import ATTEMPTS as COLUMNS
from tests.security.hidden.world import KEPT, MINE, THEIRS, World, attempt, v1, v2
from tests.store.making import staged

pytestmark = pytest.mark.django_db
NEEDED = ("convention",)
ASKED = {
    name: COLUMNS[name].replace("colonnes", "convention") for name in list(COLUMNS)[::3] if not name.startswith("page")
}
WHOLE = {
    "every row": v2("convention", limit="50"),
    "exported": v2("convention", "/exports/csv"),
    "exported as parquet": v2("convention", "/exports/parquet"),
    "exported as xlsx": v2("convention", "/exports/xlsx"),
    "facets": v2("convention", "/facets"),
    "one column that is not agreed": v2("convention", select="age"),
    "positions that are not agreed": v2("convention", select="bbox(centre)"),
    "first version": v1("convention", "search", rows="50"),
    "first version: bounds": v1("convention", "boundingbox"),
    "description": v2("convention", ""),
    "the page": "/explore/dataset/convention/",
    "the fields": "/explore/dataset/convention/schema/",
    "the table": "/explore/dataset/convention/table/",
    "the quality": "/explore/dataset/convention/quality/",
}
ALIKE = {"description", "the page", "the fields", "the quality", "facets"}


@pytest.mark.parametrize("name", ASKED)
def test_columns_that_are_not_agreed_do_not_exist(world: World, name: str) -> None:
    attempt(world, ASKED[name], "partner", steward=name != "description of the dataset")


@pytest.mark.parametrize("name", WHOLE)
def test_nor_when_everything_is_asked(world: World, name: str) -> None:
    attempt(world, WHOLE[name], "partner", "key of the partner", steward=name not in ALIKE)


@pytest.mark.parametrize(
    "where",
    ["", f"insee = '{THEIRS}'", f"insee != '{MINE}'", "not insee = '44002'", f"montant > 11 or insee = '{THEIRS}'"],
)
def test_rows_that_are_not_agreed_do_not_exist(world: World, where: str) -> None:
    """Twelve of sixteen."""
    for reader in ("partner", "key of the partner"):
        body = world.ask(reader, v2("convention", "/exports/csv", where=where))[1]
        assert THEIRS.encode() not in body
        assert body.count(MINE.encode()) == (0 if where else 12)
    assert THEIRS.encode() in world.ask("steward", v2("convention", "/exports/csv", where=where))[1]


def _suspended(agreement: Agreement) -> dict[str, object]:
    return {"state": "suspended"}


def _over(agreement: Agreement) -> dict[str, object]:
    return {"ends_on": now().date() - timedelta(days=1)}


def _to_come(agreement: Agreement) -> dict[str, object]:
    return {"starts_on": now().date() + timedelta(days=1)}


def _ended(agreement: Agreement) -> dict[str, object]:
    return {"state": "ended"}


def _proposed(agreement: Agreement) -> dict[str, object]:
    return {"state": "proposed"}


@pytest.mark.parametrize("change", [_suspended, _over, _to_come, _ended, _proposed])
def test_what_is_not_in_force_opens_nothing(world: World, change) -> None:
    """At once, and to those too who were given validators and files while it was."""
    addresses = [*WHOLE.values(), *list(ASKED.values())[:5], v2("convention", "/exports/geojson", select="insee")]
    known = {address: world.ask("partner", address)[2].get("ETag", "*") for address in addresses}
    assert world.ask("partner", WHOLE["every row"])[0] == 200
    Agreement.objects.filter(pk=world.agreement.pk).update(**change(world.agreement))
    touch_catalogue()
    for address in addresses:
        for reader in ("partner", "key of the partner"):
            status, body, _headers = world.ask(reader, address, **{"if-none-match": known[address]})
            assert status == 404, (reader, address)
            assert not any(value in body.decode() for value in (MINE, THEIRS, *KEPT)), address


@pytest.mark.parametrize("reader", ["stranger", "nobody", "member", "key of the member"])
def test_those_who_signed_nothing_see_that_nothing_is_there(world: World, reader: str) -> None:
    absent = world.ask(reader, v2("absent"))
    for address in [*WHOLE.values(), *list(ASKED.values())[:10]]:
        status, body, _headers = world.ask(reader, address)
        assert status == 404, address
        if address.startswith(v2("convention")):
            assert body.replace(b"convention", b"absent") == absent[1]


def test_a_column_that_came_later_is_not_opened_by_surprise(world: World, tmp_path) -> None:
    """Even when it takes the place of one that was agreed, under another name."""
    values = f"('Zacharie', '{MINE}', 'Nord', 1::BIGINT, '0699887')"
    fields = {"nom": T.STRING, "insee": T.STRING, "quartier": T.STRING, "montant": T.INTEGER, "nouveau": T.STRING}
    described = tuple(Field(name, kind, label=name) for name, kind in fields.items())
    file = staged(tmp_path, f"SELECT * FROM (VALUES {values}) t({', '.join(fields)})", described)
    publish_version(viewer=OPERATOR, dataset=world.datasets["convention"], staged=file)
    for address in WHOLE.values():
        body = world.ask("partner", address)[1]
        assert b"0699887" not in body
        assert b"nouveau" not in body
    assert b"0699887" in world.ask("steward", WHOLE["every row"])[1]


def test_a_condition_on_a_column_that_is_gone_shows_no_row(world: World, tmp_path) -> None:
    described = (Field("quartier", T.STRING, label="Quartier"), Field("montant", T.INTEGER, label="Montant"))
    file = staged(tmp_path, "SELECT 'Nord' AS quartier, 7654321::BIGINT AS montant", described)
    publish_version(viewer=OPERATOR, dataset=world.datasets["convention"], staged=file)
    assert world.ask("partner", WHOLE["exported"])[2]["X-Bocage-Row-Count"] == "0"
