"""Codes are never numbers: which columns hold codes, by their name and by their values."""

from __future__ import annotations

from collections.abc import Iterable

from bocage.capture.inference.names import ascii_words
from bocage.catalog.vocabulary import FieldType

# A word that makes the column a code, whatever its values look like.
_CODES = frozenset(
    [
        "code",
        "codes",
        "cod",
        "codgeo",
        "codepostal",
        "codeinsee",
        "insee",
        "cog",
        "siren",
        "siret",
        "nic",
        "siretisation",
        "rna",
        "rup",
        "uai",
        "rne",
        "finess",
        "naf",
        "ape",
        "nace",
        "cp",
        "cpville",
        "postal",
        "postale",
        "postcode",
        "zip",
        "zipcode",
        "tel",
        "telephone",
        "telephones",
        "phone",
        "fax",
        "mobile",
        "portable",
        "gsm",
        "iban",
        "bic",
        "rib",
        "ean",
        "gtin",
        "isbn",
        "issn",
        "nir",
        "fantoir",
        "rivoli",
        "depcom",
        "numcom",
        "numdep",
        "numepci",
        "numreg",
        "numdepartement",
        "coddep",
        "codcom",
        "codreg",
        "codepci",
        "dep_code",
        "reg_code",
        "parcelle",
        "cadastre",
        "iris",
        "immatriculation",
        "barcode",
    ]
)
# Places: a code when the column is named after the place alone (`departement: 44`), or its number.
_PLACES = frozenset(
    {
        "dep", "dept", "departement", "reg", "region", "com", "commune", "canton", "arrondissement", "epci", "ept",
        "quartier", "pays"
    }
)  # fmt: skip
_NEUTRAL = frozenset(
    {
        "num", "numero", "no", "n", "id", "ident", "identifiant", "ref", "reference", "de", "du", "la", "le", "l", "d"
    }
)  # fmt: skip
# A word that says a quantity: `nb_communes`, `population_region`, `longueur_tel` are not codes.
_QUANTITIES = frozenset(
    [
        "nb",
        "nbr",
        "nbre",
        "nombre",
        "nbe",
        "total",
        "totale",
        "part",
        "taux",
        "tx",
        "pct",
        "pourcentage",
        "ratio",
        "population",
        "pop",
        "montant",
        "cout",
        "prix",
        "tarif",
        "surface",
        "superficie",
        "longueur",
        "largeur",
        "hauteur",
        "distance",
        "duree",
        "moyenne",
        "moy",
        "somme",
        "sum",
        "effectif",
        "volume",
        "poids",
        "count",
        "min",
        "max",
        "latitude",
        "longitude",
        "lat",
        "lon",
        "lng",
        "long",
    ]
)


def named_as_code(label: str, kind: FieldType) -> bool:
    """Does the name of the column say that its numbers are codes? `kind`: the type that the values alone would give."""
    words = ascii_words(label)
    squeezed = "".join(words)
    if any(word in _QUANTITIES for word in words):
        return False
    if any(word in _CODES or word.startswith("code") for word in words) or squeezed in _CODES:
        return True
    if kind is not FieldType.INTEGER:
        return False
    telling = [word for word in words if word not in _NEUTRAL]
    return bool(telling) and all(word in _PLACES for word in telling)


def valued_as_code(texts: Iterable[str]) -> bool:
    """SIREN (9 digits) and SIRET (14), recognised by their check digit; 14 digits are never a quantity."""
    digits = ["".join(text.split()) for text in texts]
    if not digits or not all(text.isdigit() for text in digits):
        return False
    lengths = {len(text) for text in digits}
    if lengths == {14}:
        return True
    return lengths <= {9, 14} and all(_luhn(text) for text in digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
