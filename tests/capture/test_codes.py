import pytest

from bocage.capture.inference.codes import named_as_code, valued_as_code
from bocage.catalog.vocabulary import FieldType


@pytest.mark.parametrize(
    "label",
    ["code_postal", "CP", "Code INSEE", "codeCommuneEtablissement", "SIRET", "num_siret", "téléphone", "Tel.", "IBAN",
     "COLL_INSEE", "NUMDEP", "num dep", "depcom", "Fax", "n° finess", "code"],
)  # fmt: skip
def test_names_that_say_code_refuse_numbers(label):
    assert named_as_code(label, FieldType.INTEGER)
    assert named_as_code(label, FieldType.NUMBER)


@pytest.mark.parametrize("label", ["département", "région", "EPCI", "commune"])
def test_places_are_codes_when_they_are_whole_numbers(label):
    assert named_as_code(label, FieldType.INTEGER)
    assert not named_as_code(label, FieldType.NUMBER)


@pytest.mark.parametrize(
    "label",
    ["nb_communes", "population de la région", "montant", "numero", "id", "année", "capacité", "TXCOUVGLO_COM_2014",
     "nombre de codes", "latitude", "rang"],
)  # fmt: skip
def test_quantities_and_plain_numbers_stay_numbers(label):
    assert not named_as_code(label, FieldType.NUMBER)
    assert not named_as_code(label, FieldType.INTEGER) or label == "TXCOUVGLO_COM_2014"


def test_siren_and_siret_are_known_by_their_check_digit():
    assert valued_as_code(["244400404", "225300011"])
    assert valued_as_code(["24440040400129"])
    assert valued_as_code(["244 400 404"])
    assert not valued_as_code(["244400405"])
    assert not valued_as_code(["100", "2000"])
    assert not valued_as_code(["-10000000"])
    assert not valued_as_code([])
