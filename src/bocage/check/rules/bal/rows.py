"""The faults between the cells of one row of a BAL, and between its rows: code → SQL boolean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bocage.check.rules.bal.projection import ZONES, Zone, is_in, is_projected, metres
from bocage.check.rules.bal.reading import NOWHERE, Address, plain_name
from bocage.check.rules.kept import kept_values
from bocage.check.rules.kinds import Bench
from bocage.store.engine import literal

TOLERANCE = 10  # metres between x, y and the projection of long, lat


def row_faults(bench: Bench, address: Address) -> Iterator[tuple[str, str]]:
    """(code, SQL boolean) on one row."""
    number, key_number = address.number, address.key_part(3)
    numbered = f"({number} IS NOT NULL AND {number} <> {NOWHERE})"
    yield (
        "row.incoherence_numero",
        f"{number} <> 0 AND ({key_number}) IS NOT NULL AND TRY_CAST({key_number} AS HUGEINT) IS DISTINCT FROM {number}",
    )
    yield "row.commune_manquante", f"({key_number}) IS NULL AND ({address.own_commune}) IS NULL"
    yield "row.position_manquante", f"{numbered} AND {address.raw.get('position', literal(''))} = ''"
    yield "row.adresse_incomplete", f"({number} IS NULL OR {address.street} IS NULL)"
    complement = address.text("lieudit_complement_nom")
    same = f"COALESCE({plain_name(address.street)}, '') = COALESCE({plain_name(complement)}, '')"
    yield "row.voie_nom_have_same_lieudit_complement_nom", same
    yield from _positions(bench, address, numbered)
    yield from _communes(bench, address)
    yield "row.lack_of_id_ban", _lacks_identifier(address)


def _positions(bench: Bench, address: Address, numbered: str) -> Iterator[tuple[str, str]]:
    empty = " OR ".join(f"{address.raw.get(name, literal(''))} = ''" for name in ("long", "lat"))
    lon, lat = address.coordinate("long"), address.coordinate("lat")
    x, y = address.coordinate("x"), address.coordinate("y")
    missing = f"({numbered} AND ({empty}))"
    yield "row.longlat_vides", missing
    # Read once, in a list of one: the formulas name each coordinate many times.
    inside = f"list_transform([{{'lon': {lon}, 'lat': {lat}}}], lambda p: {is_projected('p.lon', 'p.lat')})[1]"
    yield "row.longlat_invalides", f"NOT {missing} AND {address.number} IS DISTINCT FROM {NOWHERE} AND NOT {inside}"
    if not {"x", "y"} <= set(address.texts) or not (zones := _zones(bench, lon, lat)):
        return
    east, north = metres("p.lon", "p.lat", zones)
    away = (
        f"list_transform([{{'lon': {lon}, 'lat': {lat}, 'x': {x}, 'y': {y}}}], "
        f"lambda p: sqrt(pow(p.x - {east}, 2) + pow(p.y - {north}, 2)) > {TOLERANCE})[1]"
    )
    yield "row.longlat_xy_incoherents", f"NOT {missing} AND {away}"


def _zones(bench: Bench, lon: str, lat: str) -> list[Zone]:
    """Those in which the file has a position: nearly always one."""
    asked = ", ".join(f"bool_or({is_in(zone, 'lon', 'lat')})" for zone in ZONES)
    sql = f"SELECT {asked} FROM (SELECT {lon} AS lon, {lat} AS lat FROM ({bench.table.sql}) AS t)"
    return [zone for zone, some in zip(ZONES, bench.workshop.execute(sql)[0], strict=True) if some]


def _communes(bench: Bench, address: Address) -> Iterator[tuple[str, str]]:
    if given := bench.resources.get("communes"):
        name = address.text("commune_nom")
        named = f"FROM ({given}) AS c WHERE code = actuelle AND nom IS NOT NULL"  # a reference may know some names only
        pairs = f"SELECT code || ':' || nom {named}"
        code = address.commune
        present = f"{code} IN ({address.known_communes})"
        yield (
            "row.commune_nom_invalide",
            f"{name} IS NOT NULL AND {code} IN (SELECT code {named}) AND ({code} || ':' || {name}) NOT IN ({pairs})",
        )
        delegated, former = (
            f"upper({address.text('commune_deleguee_insee')})",
            f"SELECT actuelle || ':' || code FROM ({given}) AS c",
        )
        known = f"NOT {address.is_unknown(delegated)}"
        yield (
            "row.chef_lieu_invalide",
            f"{known} AND {present} AND ({code} || ':' || {delegated}) NOT IN ({former})",
        )
    if issued := bench.resources.get("ban_communes"):
        said = f"({address.commune} || ':' || {address.ban_id('commune')})"
        asked = f"{address.commune} IN (SELECT code FROM ({issued}) AS b)"
        known = f"{said} IN (SELECT code || ':' || id FROM ({issued}) AS b)"
        yield "row.cog_no_match_id_ban_commune", f"{asked} AND NOT {known}"


def _lacks_identifier(address: Address) -> str:
    commune, place, own = (address.ban_id(name) for name in ("commune", "toponyme", "adresse"))
    used = f"COALESCE({commune}, {place}, {own}) IS NOT NULL"
    return (
        f"{used} AND ({commune} IS NULL OR {place} IS NULL "
        f"OR ({own} IS NULL AND {address.number} IS DISTINCT FROM {NOWHERE}))"
    )


def grouped_faults(bench: Bench, address: Address) -> Iterator[tuple[str, str]]:
    """(code, SQL boolean): rows that are told from others by something that should be the same. The groups are looked for at
    once; most files have no such fault, and no test."""
    if complement := address.texts.get("lieudit_complement_nom"):
        declared = (
            f"SELECT {address.street} FROM ({bench.table.sql}) AS t "
            f"WHERE {address.number} = {NOWHERE} AND {address.street} IS NOT NULL"
        )
        yield (
            "row.lieudit_complement_nom_not_declared",
            f"{complement} IS NOT NULL AND {complement} NOT IN ({declared})",
        )
    if not {"uid_adresse", "id_ban_toponyme", "id_ban_adresse"} & set(address.texts):
        return
    number = address.number
    facts = {
        "place": address.ban_id("toponyme"),
        "own": address.ban_id("adresse"),
        "street": f"concat({plain_name(address.street)}, '#', upper({address.key_part(2)}))",
        "hamlet": f"({number} IS NOT DISTINCT FROM {NOWHERE})",
        "address": f"concat({number}, '#', {address.text('suffixe')}, '#', {plain_name(address.street)}, '#', "
        f"{address.text('commune_deleguee_insee')})",
    }
    said = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    bench.workshop.execute(f"CREATE OR REPLACE TEMP TABLE _bal_facts AS SELECT {said} FROM ({bench.table.sql}) AS t")
    for code, group, value, where in _GROUPS:
        # The value counts even when there is none: an identifier here, none there.
        groups = bench.workshop.execute(
            f"SELECT {group} FROM _bal_facts WHERE {where} GROUP BY ALL HAVING count(DISTINCT COALESCE({value}, '')) > 1"
        )
        if groups:
            kept = kept_values(bench.workshop, ((one[0], None) for one in groups), "bal")
            inside = f"SELECT value FROM {kept}"
            yield code, f"({_spelled(where, facts)}) AND {_spelled(group, facts)} IN ({inside})"
    bench.workshop.execute("DROP TABLE _bal_facts")


def _spelled(sql: str, facts: dict[str, str]) -> str:
    """The same expression over the columns of the file."""
    return re.sub(r"\b(?:place|own|street|hamlet|address)\b", lambda found: f"({facts[found[0]]})", sql)


# code, what makes the group, what must be the same in it, which rows
_GROUPS = (
    ("row.different_voie_nom_with_same_id_ban_toponyme", "place", "street", "place IS NOT NULL"),
    ("row.different_id_ban_toponyme_with_same_voie_nom", "concat(street, hamlet)", "place", "place IS NOT NULL"),
    ("row.different_adresse_with_same_id_ban_adresse", "own", "address", "own IS NOT NULL AND NOT hamlet"),
    ("row.different_id_ban_adresses_with_same_adresse", "address", "own", "NOT hamlet"),
)


def whole_faults(bench: Bench, address: Address) -> Iterator[str]:
    """Codes of what is wrong with the table as a whole: one statement."""
    commune, place, own = (address.ban_id(name) for name in ("commune", "toponyme", "adresse"))
    numbered = f"({own} IS NOT NULL OR {address.number} IS NOT DISTINCT FROM {NOWHERE})"
    complete = f"{commune} IS NOT NULL AND {place} IS NOT NULL AND {numbered}"
    rows, identified, communes = bench.workshop.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {complete}), count(DISTINCT {commune}) FILTER (WHERE {complete}) "
        f"FROM ({bench.table.sql}) AS t"
    )[0]
    if not rows:
        yield "rows.empty"
    elif identified == rows and communes > 1:
        yield "rows.multi_id_ban_commune"
    elif 0 < identified < rows:
        yield "rows.every_line_required_id_ban"
