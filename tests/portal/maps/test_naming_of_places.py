"""Which field calls a place by its name: that of the thing, not of those who keep many of them."""

from __future__ import annotations

import pytest

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.portal.places import _details, naming_field


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["coll_nom", "coll_siret", "equip_uid", "equip_theme", "equip_nom", "adr_commune"], "equip_nom"),
        (["nom_amenageur", "nom_operateur", "nom_enseigne", "id_station", "nom_station"], "nom_station"),
        (["gid", "nom", "com_nom"], "nom"),
        (["siret", "enseigne", "code_postal"], "enseigne"),
        (["siret", "denomination_usuelle_etablissement", "libelle_commune"], "denomination_usuelle_etablissement"),
        (["id", "nom_college"], "nom_college"),
        (["id", "NOM-GESTIONNAIRE"], "NOM-GESTIONNAIRE"),
        (["code", "essence"], "code"),
    ],
)
def test_a_place_has_the_name_of_the_thing(names: list[str], expected: str) -> None:
    found = naming_field([Field(name, FieldType.STRING) for name in names])
    assert found is not None
    assert found.name == expected


def test_what_is_told_beside_the_name_is_not_the_same_for_all() -> None:
    names = ["coll_nom", "coll_siret", "contact_amenageur", "equip_code", "equip_nom", "equip_type", "adresse"]
    fields = [Field(name, FieldType.STRING) for name in names]
    assert [field.name for field in _details(fields, naming_field(fields))] == ["equip_type", "adresse"]
