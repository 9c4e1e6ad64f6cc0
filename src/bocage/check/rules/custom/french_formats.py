"""Names and codes of French territory (`commune`, `code-commune-insee`, `region`…), from the lists that `frformat` keeps.

Rules `custom.<name>`, code `custom-check-error`; field `cog`, the edition of the official geographic code, a parameter of all
but `code-postal`, `code-fantoir` and `id-rnb`; note: the official spelling, when only case, accents or signs differ.
The lists are compared exactly, as the reference does. `code-departement`, `id-rnb` and `code-rna` are ours beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any

import pyarrow as pa

from bocage.check.rules.custom import parameters
from bocage.check.rules.custom.value_rule import Refusal, ValueRule
from bocage.check.rules.kinds import RULES, Bench

# name in a schema → class of frformat
OF_AN_EDITION = {
    "canton": "Canton", "code-commune-insee": "CodeCommuneInsee", "code-departement": "CodeDepartement",
    "code-pays-iso2": "CodePaysISO2", "code-pays-iso3": "CodePaysISO3", "code-region": "CodeRegion",
    "commune": "Commune", "departement": "Departement", "pays": "Pays", "region": "Region",
}  # fmt: skip
OF_ANY_TIME = {"code-fantoir": "CodeFantoir", "code-postal": "CodePostal"}
EDITIONS = ("latest", *(str(year) for year in range(2015, 2031)))


@cache
def values_of(name: str, edition: str) -> frozenset[str] | None:
    """The official list; None when there is none of this edition."""
    frformat: Any = import_module("frformat")  # 0.4 s: only for the schemas that ask

    if name in OF_ANY_TIME:
        kind = getattr(frformat, OF_ANY_TIME[name])
        return frozenset(kind().get_valid_values_set())
    kind = getattr(frformat, OF_AN_EDITION[name])
    try:
        return frozenset(kind(edition).get_valid_values_set())
    except ValueError:
        return None


def _review(name: str, params: Mapping[str, Any]) -> None:
    edition = parameters.text(name, params, "cog")
    if edition not in EDITIONS or values_of(name, edition) is None:
        known = [one for one in EDITIONS if values_of(name, one) is not None]
        raise parameters.unknown_value(name, "cog", edition, known)


def _in_list(name: str, bench: Bench, text: str, params: Mapping[str, Any]) -> Refusal:
    edition = params["cog"] if name in OF_AN_EDITION else ""
    table = f"_list_{name.replace('-', '_')}_{edition}"
    bench.workshop.register(table, pa.table({"value": sorted(values_of(name, edition) or ())}))
    near = f"(SELECT min(value) FROM {table} WHERE {_plain('value')} = {_plain(text)})"
    return Refusal(f"{text} NOT IN (SELECT value FROM {table})", near, {"cog": edition} if edition else None)


def _plain(text: str) -> str:
    """Without case, accents nor signs."""
    return f"regexp_replace(lower(strip_accents({text})), '[^a-z0-9]+', '', 'g')"


def _matches(pattern: str, _bench: Bench, text: str, _params: Mapping[str, Any]) -> Refusal:
    return Refusal(f"NOT regexp_full_match({text}, '{pattern}')")


def _register() -> None:
    rule = partial(ValueRule, code="custom-check-error")
    for name in OF_AN_EDITION:
        RULES.register(
            name, rule(name, f"custom.{name}", decide=partial(_in_list, name), review=partial(_review, name))
        )
    for name in OF_ANY_TIME:
        RULES.register(name, rule(name, f"custom.{name}", decide=partial(_in_list, name)))
    # Twelve characters without those that are mistaken for others (0, I, L, O, U).
    for name, said, pattern in (
        ("id-rnb", "id-rnb", "[1-9A-HJ-KM-NP-TV-Z]{12}"), ("code-rna", "rna", "W[0-9]{9}"),
    ):  # fmt: skip
        RULES.register(name, rule(name, f"custom.{said}", decide=partial(_matches, pattern)))


_register()
