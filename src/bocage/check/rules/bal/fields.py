"""The faults of one cell of a BAL: for each field, code → SQL boolean on its trimmed text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bocage.check.rules.bal import reading
from bocage.check.rules.bal.reading import Address, is_float, is_french_float, matches
from bocage.store.engine import literal

Faults = Mapping[str, str]
_LETTERS = "a-zA-ZàáâãäåæçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸ"
_SUFFIX = rf"[{_LETTERS}0-9\s]+"
POSITIONS = (
    "entrée", "bâtiment", "cage d’escalier", "logement", "service technique", "délivrance postale", "parcelle", "segment",
)  # fmt: skip


def _key(text: str, address: Address) -> Faults:
    parts = f"string_split({text}, '_')"
    broken = f"(len({parts}) < 3 OR list_contains({parts}, ''))"
    commune, street, number = f"upper({parts}[1])", f"{parts}[2]", f"{parts}[3]"
    no_street = f"(upper({street}) = 'XXXX' OR {street} = '0000')"
    wrong_number = f"NOT {matches(number, '[0-9]+')}"
    return {
        "casse_invalide": f"lower({text}) <> {text}",
        "structure_invalide": broken,
        "commune_invalide": f"NOT {broken} AND {address.is_unknown(commune)}",
        "commune_ancienne": f"NOT {broken} AND {address.is_former(commune)}",
        "voie_invalide": f"NOT {broken} AND length({street}) <> 4",
        "voie_non_renseignee": f"NOT {broken} AND {no_street}",
        "numero_invalide": f"NOT {broken} AND {wrong_number}",
        "numero_prefixe_manquant": f"NOT {broken} AND NOT {wrong_number} AND length({number}) <> 5",
    }


def _street(text: str, _address: Address) -> Faults:
    readable = f"length({text}) BETWEEN 3 AND 200 AND NOT contains({text}, '\ufffd')"
    return {
        "trop_court": f"length({text}) < 3",
        "trop_long": f"length({text}) > 200",
        "caractere_invalide": f"length({text}) BETWEEN 3 AND 200 AND contains({text}, '\ufffd')",
        "contient_tiret_bas": f"{readable} AND contains({text}, '_')",
        "casse_incorrecte": f"{readable} AND upper({text}) = {text}",
    }


def _number(text: str, _address: Address) -> Faults:
    digits = matches(text, "[0-9]+")
    short = f"{digits} AND length(ltrim({text}, '0')) <= 5"
    return {
        "type_invalide": f"NOT {digits}",
        "trop_grand": f"{digits} AND length(ltrim({text}, '0')) > 5",
        "not_to_be_zero": f"{digits} AND ltrim({text}, '0') = ''",
        "contient_prefixe": f"{short} AND starts_with({text}, '0') AND ltrim({text}, '0') <> ''",
    }


def _suffix(text: str, _address: Address) -> Faults:
    starts = matches(f"left({text}, 1)", "[0-9a-zA-Z]")
    return {
        "debut_invalide": f"NOT {starts}",
        "trop_long": f"{starts} AND length({text}) > 9",
        "caractere_invalide": f"{starts} AND length({text}) <= 9 AND NOT {matches(text, _SUFFIX)}",
    }


def _commune(text: str, address: Address) -> Faults:
    code = f"upper({text})"
    return {"commune_invalide": address.is_unknown(code), "commune_ancienne": address.is_former(code)}


def _commune_name(text: str, _address: Address) -> Faults:
    return {"casse_incorrecte": f"(lower({text}) = {text} OR upper({text}) = {text})"}


def _delegated_commune(text: str, address: Address) -> Faults:
    return {"commune_invalide": address.is_unknown(f"upper({text})")}


def _position(text: str, _address: Address) -> Faults:
    # An apostrophe, typographic or not, counts as a space.
    folded = f"trim(regexp_replace(lower(strip_accents({text})), '[^a-z0-9_]+', ' ', 'g'))"
    known = ", ".join(literal(one) for one in POSITIONS)
    near = ", ".join(
        f"trim(regexp_replace(strip_accents({literal(one)}), '[^a-z0-9_]+', ' ', 'g'))" for one in POSITIONS
    )
    return {
        "enum_fuzzy": f"nfc_normalize({text}) NOT IN ({known}) AND {folded} IN ({near})",
        "valeur_invalide": f"{folded} NOT IN ({near})",
    }


def _coordinate(text: str, _address: Address) -> Faults:
    return {
        "separateur_decimal_invalide": f"NOT {is_float(text)} AND {is_french_float(text)}",
        "valeur_invalide": f"NOT {is_float(text)} AND NOT {is_french_float(text)}",
    }


def _parcels(text: str, _address: Address) -> Faults:
    bare = f"trim({text}, '|')"
    wrong = f"len(list_filter(string_split({bare}, '|'), lambda p: length(p) NOT IN (14, 15))) > 0"
    return {"pipe_debut_fin": f"{bare} <> {text}", "valeur_invalide": f"({bare} = '' OR {wrong})"}


def _updated_on(text: str, _address: Address) -> Faults:
    day = f"CASE WHEN {matches(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}')} THEN TRY_CAST({text} AS DATE) END"
    return {
        "date_invalide": f"({day}) IS NULL",
        "date_ancienne": f"({day}) < DATE '2010-01-01'",
        "date_future": f"({day}) > current_date",
    }


def _certified(text: str, _address: Address) -> Faults:
    return {"valeur_invalide": f"{text} NOT IN ('0', '1')"}


def _identifier(text: str, _address: Address) -> Faults:
    return {"type_invalide": f"NOT {matches(text, reading.UUID4)}"}


def _whole_identifier(_text: str, address: Address) -> Faults:
    return {"type_invalide": f"NOT ({address.uid_readable})"}


PARSERS: dict[str, Callable[[str, Address], Faults]] = {
    "cle_interop": _key, "uid_adresse": _whole_identifier, "id_ban_commune": _identifier, "id_ban_toponyme": _identifier,
    "id_ban_adresse": _identifier, "voie_nom": _street, "toponyme": _street, "numero": _number, "suffixe": _suffix,
    "commune_insee": _commune, "commune_nom": _commune_name, "commune_deleguee_insee": _delegated_commune,
    "position": _position, "x": _coordinate, "y": _coordinate, "long": _coordinate, "lat": _coordinate,
    "cad_parcelles": _parcels, "date_der_maj": _updated_on, "certification_commune": _certified,
}  # fmt: skip
