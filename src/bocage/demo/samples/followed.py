"""What communes publish in the schemas that they wrote together: right, right with remarks, with rows aside, with errors, in an
older version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.check.vocabulary import Policy
from bocage.demo.local_schemas import DAYS
from bocage.demo.sample import Follows, sample
from bocage.demo.streets import Street, streets
from bocage.demo.territory import COMMUNES, Commune
from bocage.demo.writing import Row, write_csv, write_xlsx

COMPOSTERS, AGENDA, COLLECTION = (
    f"nantes-metropole/{name}" for name in ("composteurs-collectifs", "agenda-communal", "jours-de-collecte")
)
_BY_SLUG = {commune.slug: commune for commune in COMMUNES}
Write = Callable[[Random, Path, Commune], Path]


def _followed(slug: str, schema: str, policy: Policy, number: str, about: dict[str, Any], write: Write) -> None:
    commune = _BY_SLUG[slug]
    name = schema.rpartition("/")[2]
    title, description, theme = about["title"], about["description"], about["theme"]
    register = sample(
        f"{name}-{slug}", slug, f"{title} : {commune.name}", description, theme, frequency=Frequency.QUARTERLY,
        follows=Follows(schema, number, policy), keywords=about["keywords"], key=about["key"],
    )  # fmt: skip
    register(lambda random, folder: write(random, folder, commune))


def _of(commune: Commune, count: int, random: Random) -> list[Street]:
    return random.choices([one for one in streets() if one.commune is commune], k=count)


# Composters ---------------------------------------------------------------------------------------------------------

ABOUT_COMPOSTERS = {
    "title": "Composteurs collectifs", "theme": Theme.WASTE, "key": ("id_composteur",),
    "description": "Où déposer ses biodéchets près de chez soi, dans le schéma commun aux vingt-quatre communes.",
    "keywords": ("biodéchets", "compost"),
}  # fmt: skip


def _composters(random: Random, commune: Commune) -> list[dict[str, Any]]:
    rows = []
    for rank, street in enumerate(_of(commune, max(12, commune.population // 1200), random), start=1):
        lon, lat = street.at(random.random())
        rows.append({
            "id_composteur": f"{commune.insee}-C{rank:03d}", "code_insee": commune.insee,
            "nom": f"Composteur {street.name.partition(' ')[2]}", "type": random.choice(("PARTAGE", "PIED", "JARDIN", "ECOLE", "PAV")),
            "adresse": f"{random.randint(1, 60)} {street.name}", "longitude": lon, "latitude": lat,
            "date_mise_en_service": f"{random.randint(2019, 2025)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}",
            "foyers": random.randint(8, 120), "ouvert_a_tous": random.choice(("true", "false")),
            "permanence": random.choice(("Sa 10:30-12:00", "We 17:30-19:00", "Mo-Fr 18:00-19:00", "")),
            "contact": f"compost.{commune.slug}@example.org",
        })  # fmt: skip
    return rows


def _right(random: Random, folder: Path, commune: Commune) -> Path:
    return write_csv(folder / "composteurs.csv", _composters(random, commune), delimiter=";")


def _with_more_columns(random: Random, folder: Path, commune: Commune) -> Path:
    rows = [row | {"service": "Espaces verts", "observations": ""} for row in _composters(random, commune)]
    return write_xlsx(folder / "composteurs.xlsx", rows)


def _with_mistakes(random: Random, folder: Path, commune: Commune) -> Path:
    rows = _composters(random, commune)
    mistakes: tuple[dict[str, Any], ...] = (
        {"date_mise_en_service": "13/04/2024"}, {"foyers": -3}, {"type": "COMPOST"}, {"longitude": ""},
        {"contact": "voir la mairie"}, {"code_insee": commune.insee[1:]}, {"permanence": "le samedi matin"},
        {"id_composteur": rows[0]["id_composteur"], "nom": ""},
    )  # fmt: skip
    for place, mistake in zip(random.sample(range(1, len(rows)), len(mistakes)), mistakes, strict=True):
        rows[place] |= mistake
    return write_csv(folder / "composteurs.csv", rows, delimiter=";", encoding="cp1252")


def _in_house(random: Random, folder: Path, commune: Commune) -> Path:
    """Days as they are said, types in words."""
    words = {"PARTAGE": "quartier", "PIED": "résidence", "JARDIN": "jardin", "ECOLE": "école", "PAV": "borne"}
    rows = _composters(random, commune)
    for row in rows:
        row["type"] = words[row["type"]]
        row["date_mise_en_service"] = "/".join(reversed(row["date_mise_en_service"].split("-")))
    return write_csv(folder / "composteurs.csv", rows, delimiter=";", encoding="cp1252")


def _as_before(random: Random, folder: Path, commune: Commune) -> Path:
    later = ("ouvert_a_tous", "permanence")
    rows: list[Row] = [
        {name: value for name, value in row.items() if name not in later} for row in _composters(random, commune)
    ]
    return write_csv(folder / "composteurs.csv", rows)


for _slug, _policy, _number, _write in (
    ("nantes", Policy.BLOCK, "", _right), ("reze", Policy.BLOCK, "", _right), ("orvault", Policy.WARN, "", _with_more_columns),
    ("vertou", Policy.QUARANTINE, "", _with_mistakes), ("saint-herblain", Policy.WARN, "", _in_house),
    ("bouguenais", Policy.BLOCK, "1.0.0", _as_before),
):  # fmt: skip
    _followed(_slug, COMPOSTERS, _policy, _number, ABOUT_COMPOSTERS, _write)

# Events -------------------------------------------------------------------------------------------------------------

ABOUT_AGENDA = {
    "title": "Agenda communal", "theme": Theme.CULTURE, "key": ("uid",),
    "description": "Les événements ouverts au public, pour l’agenda commun aux vingt-quatre communes.",
    "keywords": ("événements", "agenda"),
}  # fmt: skip
KINDS = (
    ("Concert", "concert"),
    ("Exposition", "exposition"),
    ("Marché", "marché"),
    ("Atelier", "atelier"),
    ("Fête", "fête"),
)


def _events(random: Random, commune: Commune) -> list[dict[str, Any]]:
    rows = []
    for rank, street in enumerate(_of(commune, 40, random), start=1):
        said, kind = random.choice(KINDS)
        start = datetime(2026, 11, 1, 9) + timedelta(days=random.randint(0, 120), hours=random.randint(0, 11))
        lon, lat = street.at(0.5)
        rows.append({
            "uid": f"EV-{commune.insee}-{rank:04d}", "titre": f"{said} {street.name.partition(' ')[2]}", "description": "",
            "debut": f"{start:%Y-%m-%dT%H:%M:%SZ}", "fin": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}",
            "code_insee": commune.insee, "lieu": f"Salle {street.name.partition(' ')[2]}", "longitude": lon, "latitude": lat,
            "gratuit": random.choice(("true", "false")), "accessible_pmr": "true", "categorie": kind, "url": "",
        })  # fmt: skip
    return rows


def _agenda(random: Random, folder: Path, commune: Commune) -> Path:
    return write_csv(folder / "agenda.csv", _events(random, commune))


def _agenda_upside_down(random: Random, folder: Path, commune: Commune) -> Path:
    """Some events end before they begin, and one has a category of its own."""
    rows = _events(random, commune)
    for row in rows[::13]:
        row["debut"], row["fin"] = row["fin"], row["debut"]
    rows[5]["categorie"] = "vide-grenier"
    return write_csv(folder / "agenda.csv", rows)


for _slug, _policy, _write in (
    ("saint-herblain", Policy.BLOCK, _agenda), ("reze", Policy.BLOCK, _agenda), ("nantes", Policy.WARN, _agenda_upside_down),
):  # fmt: skip
    _followed(_slug, AGENDA, _policy, "", ABOUT_AGENDA, _write)

# Days of collection -------------------------------------------------------------------------------------------------

ABOUT_COLLECTION = {
    "title": "Jours de collecte", "theme": Theme.WASTE, "key": ("code_insee", "voie", "flux"),
    "description": "Pour chaque voie : quel flux, quel jour, quelles semaines.",
    "keywords": ("collecte", "déchets", "voirie"),
}  # fmt: skip


def _rounds(random: Random, folder: Path, commune: Commune) -> Path:
    names = dict.fromkeys(one.name for one in streets() if one.commune is commune)
    rows = [
        {
            "code_insee": commune.insee, "voie": name, "flux": flow, "jour": random.choice(DAYS),
            "semaines": "toutes" if flow == "ordures ménagères" else random.choice(("paires", "impaires")),
            "sortie_des_bacs": "la veille après 19 h",
        }
        for name in names
        for flow in ("ordures ménagères", "emballages")
    ]  # fmt: skip
    return write_csv(folder / "collecte.csv", rows, delimiter=";")


for _slug in ("basse-goulaine", "reze", "sautron"):
    _followed(_slug, COLLECTION, Policy.BLOCK, "", ABOUT_COLLECTION, _rounds)
