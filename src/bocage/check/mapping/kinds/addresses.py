"""Positions of addresses, from an address dataset kept in Bocage (a Base Adresse Locale for instance)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bocage.check.mapping import reference_tables
from bocage.check.mapping.kinds.base import Kind, Param, StepBench, registered
from bocage.check.mapping.normal import normal_sql
from bocage.store.engine import quoted

_SHORT = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard", "r": "rue", "pl": "place",
    "imp": "impasse", "rte": "route", "ch": "chemin", "che": "chemin", "all": "allee", "sq": "square", "crs": "cours",
    "st": "saint", "ste": "sainte", "dr": "docteur", "gal": "general", "mal": "marechal", "pdt": "president", "fg": "faubourg",
}  # fmt: skip
_NEAR = 0.92
_LABEL, _INSEE, _LON, _LAT = ["numero", "rep", "nom_voie"], "code_insee", "lon", "lat"
"""Fields of the Base Adresse Nationale: what is meant when nothing is said."""

_BAN = _("That of the Base Adresse Nationale when nothing is said.")
_WANTED = (
    ("lonlat", _("longitude,latitude")),
    ("lon", _("the longitude")),
    ("lat", _("the latitude")),
    ("label", _("the address as the dataset writes it")),
)


def address_sql(text: str) -> str:
    """SQL: an address as it is compared: abbreviations spelled out, small words and postcodes left out."""
    plain = normal_sql(text)
    for short, whole in _SHORT.items():
        plain = f"regexp_replace({plain}, '\\b{short}\\b', '{whole}', 'g')"
    plain = f"regexp_replace({plain}, ' [0-9]{{5}}( .*)?$', '')"
    return f"trim(regexp_replace(regexp_replace({plain}, '\\b(de|du|des|la|le|les|l|d)\\b', '', 'g'), ' +', ' ', 'g'))"


@registered
class Geocode(Kind):
    """Sources: the address, then (better) the INSEE code of the commune. Each distinct address is looked for once: the same
    label first, else the nearest label of the same number in the same commune, over the score. Two different answers are none."""

    name = "geocode"
    label = _("Find the position of an address")
    params = {
        "dataset": Param(_("Dataset of addresses"), "dataset", required=True),
        "label": Param(_("Fields that make the address (number, suffix, street)"), "list", hint=_BAN),
        "insee": Param(_("Field of the INSEE code"), "field"),
        "lon": Param(_("Field of the longitude"), "field", hint=_BAN),
        "lat": Param(_("Field of the latitude"), "field", hint=_BAN),
        "score": Param(_("Least likeness, from 0.80 to 1"), "number", hint=_("0.92 when nothing is said.")),
        "to": Param(_("Keep"), "choice", choices=_WANTED),
    }
    arity = (1, 2)

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        raise self.refused(gettext("it is only made while a file is read."))

    def prepared(self, inputs: Sequence[str], params: Mapping[str, Any], bench: StepBench) -> str:
        said, insee = self.texts(params, "label", 6), self.text(params, "insee")
        label, insee = said or _LABEL, insee or ("" if said else _INSEE)
        lon, lat = self.text(params, "lon") or _LON, self.text(params, "lat") or _LAT
        fields = list(dict.fromkeys([*label, *([insee] if insee else []), lon, lat]))
        version, table = reference_tables.read(bench.viewer, self.text(params, "dataset"), fields)
        asked = f"{version.uid} {sorted(params.items(), key=str)} {inputs} {bench.relation}"
        name = "addresses_" + hashlib.sha256(asked.encode()).hexdigest()[:20]
        bench.workshop.register(f"{name}_raw", table)
        written = f"concat_ws(' ', {', '.join(f'CAST({quoted(one)} AS VARCHAR)' for one in label)})"
        kept = {"lon": quoted(lon), "lat": quoted(lat), "label": written}
        value = kept.get(self.choice(params, "to", "lonlat"), f"{quoted(lon)} || ',' || {quoted(lat)}")
        with_town = bool(insee) and len(inputs) == 2
        town = f"CAST({quoted(insee)} AS VARCHAR)" if with_town else "''"
        known = f"SELECT {address_sql(written)} AS label, {town} AS town, CAST({value} AS VARCHAR) AS written FROM {name}_raw"
        reference_tables.register(bench.workshop, f"{name}_known", known)
        self._decide(bench, name, inputs, with_town, self._score(params))
        return f"(SELECT found.written FROM {name} AS found WHERE found.said = {self._said(inputs, with_town)})"

    @staticmethod
    def _said(inputs: Sequence[str], with_town: bool) -> str:
        town = f"lpad(trim({inputs[1]}), 5, '0')" if with_town else "''"
        return f"{address_sql(inputs[0])} || '|' || coalesce({town}, '')"

    def _decide(self, bench: StepBench, name: str, inputs: Sequence[str], with_town: bool, score: float) -> None:
        """Register `said` → `written`. Fuzzy pairs share the commune and the number: few, whatever the dataset."""
        asked = (
            "SELECT said, split_part(said, '|', 1) AS label, split_part(said, '|', 2) AS town FROM "
            f"(SELECT DISTINCT {self._said(inputs, with_town)} AS said FROM ({bench.relation}) AS read) WHERE said IS NOT NULL"
        )
        number = "regexp_extract({0}.label, '^([0-9]+)( (?:bis|ter|quater|[a-z]))?\\b', 0)"
        likeness = "jaro_winkler_similarity(asked.label, known.label)"
        select = (
            f"WITH asked AS ({asked}), "
            f"exact AS (SELECT said, min(written) AS low, max(written) AS high FROM asked JOIN {name}_known AS known "
            "USING (label, town) GROUP BY ALL), "
            f"near AS (SELECT said, written, {likeness} AS likeness FROM asked JOIN {name}_known AS known ON "
            f"asked.town = known.town AND {number.format('asked')} = {number.format('known')} "
            f"WHERE {number.format('asked')} <> '' AND {likeness} >= {score!r} AND said NOT IN (SELECT said FROM exact)), "
            "best AS (SELECT said, min(written) AS low, max(written) AS high FROM "
            "(SELECT *, max(likeness) OVER (PARTITION BY said) AS top FROM near) WHERE likeness = top GROUP BY ALL) "
            "SELECT said, CASE WHEN low = high THEN low END AS written FROM "
            "(SELECT * FROM exact UNION ALL SELECT * FROM best)"
        )
        reference_tables.register(bench.workshop, name, select)

    def _score(self, params: Mapping[str, Any]) -> float:
        try:
            score = float(str(params.get("score") or _NEAR).replace(",", "."))
        except ValueError:
            raise self._wrong("score") from None
        if not 0.8 <= score <= 1:
            raise self._wrong("score")
        return score
