"""The subject of an act in the ACTES nomenclature (`nomenclature-acte`): a family, a slash, the rest.

Rule `custom.nomenclature-acte`, code `custom-check-error`, no field; note: `missing-slash`, `space`, `prefix`, `space prefix`.
The family is compared without its accents nor its case. Without a slash the reference still reads the text but its last
character: “Urbanismex” passes, and so does it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bocage.check.rules.custom.value_rule import Refusal, ValueRule
from bocage.check.rules.kinds import RULES, Bench
from bocage.store.engine import literal

FAMILIES = (
    "commande publique", "urbanisme", "domaine et patrimoine", "fonction publique", "institutions et vie politique",
    "libertes publiques et pouvoirs de police", "finances locales", "domaines de competences par themes",
    "autres domaines de competences",
)  # fmt: skip
_ACCENTED = "èéêëàáâãäåìíîïòóôõöùúûü"
_PLAIN = "eeeeaaaaaaiiiiooooouuuu"


def _decide(_bench: Bench, text: str, _params: Mapping[str, Any]) -> Refusal:
    family = (
        f"CASE WHEN contains({text}, '/') THEN split_part({text}, '/', 1) ELSE left({text}, length({text}) - 1) END"
    )
    plain = f"translate(lower({family}), {literal(_ACCENTED)}, {literal(_PLAIN)})"
    known = f"({', '.join(literal(one) for one in FAMILIES)})"
    refused = f"(contains({text}, '/ ') OR {plain} NOT IN {known})"
    spaced = f"(contains({text}, '/ ') OR contains({text}, ' /'))"
    note = (
        f"CASE WHEN NOT contains({text}, '/') THEN 'missing-slash' "
        f"WHEN {spaced} AND trim({plain}) NOT IN {known} THEN 'space prefix' WHEN {spaced} THEN 'space' ELSE 'prefix' END"
    )
    return Refusal(refused, note)


for _name, _instead in (("nomenclature-acte", ""), ("nomenclature-actes-value", "nomenclature-acte")):
    RULES.register(_name, ValueRule(_name, "custom.nomenclature-acte", "custom-check-error", _decide, instead=_instead))
