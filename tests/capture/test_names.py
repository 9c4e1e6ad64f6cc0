import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.capture.inference.names import LONGEST, technical_names


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Code INSEE", "code_insee"),
        ("dateCréationÉtablissement", "date_creation_etablissement"),
        ("N° de SIRET", "n_de_siret"),
        ("Cœur d’îlot", "coeur_d_ilot"),
        ("coordonneesXY", "coordonnees_xy"),
        ("2019", "n_2019"),
        ("_row", "row"),
        ("人口", "column_1"),
        ("", "column_1"),
    ],
)
def test_a_label_becomes_a_plain_name(label, name):
    assert technical_names([label]) == [name]


def test_names_are_numbered_when_they_meet():
    assert technical_names(["id", "ID", "Id 2", "id_2"]) == ["id", "id_2", "id_2_2", "id_2_3"]


@given(st.lists(st.text(max_size=200), max_size=30))
def test_names_are_always_unique_short_and_never_reserved(labels):
    names = technical_names(labels)
    assert len(set(names)) == len(names) == len(labels)
    assert all(re.fullmatch(rf"[a-z][a-z0-9_]{{0,{LONGEST - 1}}}", name) for name in names)
    assert not {"record_id", "recordid", "_row"} & set(names)
