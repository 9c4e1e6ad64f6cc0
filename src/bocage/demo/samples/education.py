"""Childhood and education."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import FIRST_NAMES
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import write_csv


@sample(
    "prenoms", "nantes", "Prénoms des nouveau-nés déclarés à Nantes",
    "Nombre de naissances par prénom et par année, au schéma SCDL (moins de cinq occurrences : non publié).", Theme.EDUCATION,
    Theme.CITIZENSHIP, keywords=("prénoms", "état civil", "SCDL"), conforms_to="https://schema.data.gouv.fr/scdl/prenoms/1.1.6/",
)  # fmt: skip
def names(random: Random, folder: Path) -> Path:
    rows = [
        {"COMMUNE_NOM": "Nantes", "COLL_INSEE": "44109", "ENFANT_SEXE": random.choice("FM"), "ENFANT_PRENOM": name.upper(),
         "NOMBRE_OCCURRENCES": random.randint(5, 90), "ANNEE": year}
        for year in range(2010, 2026) for name in FIRST_NAMES
    ]  # fmt: skip
    return write_csv(folder / "prenoms.csv", rows)


@sample(
    "frequentation-cantines", "nantes", "Fréquentation des restaurants scolaires",
    "Repas prévus et repas servis, par site et par jour d’école.", Theme.EDUCATION, keywords=("cantines", "écoles", "repas"),
    frequency=Frequency.WEEKLY, key=("date", "site"),
)  # fmt: skip
def canteens(random: Random, folder: Path) -> Path:
    rows = []
    sizes = {f"Restaurant scolaire {n:02d}": random.randint(60, 320) for n in range(1, 81)}
    day = date(2024, 9, 2)
    while day < date(2026, 11, 20):
        if day.weekday() in (0, 1, 3, 4) and day.month not in (7, 8):
            for site, size in sizes.items():
                served = round(size * random.uniform(0.82, 1.0))
                rows.append(
                    {
                        "date": day.isoformat(),
                        "site": site,
                        "prevus": round(served * random.uniform(0.97, 1.06)),
                        "servis": served,
                    }
                )
        day += timedelta(days=1)
    return write_csv(folder / "cantines.csv", rows)


@sample(
    "menus-cantines", "bouguenais", "Menus des restaurants scolaires de Bouguenais",
    "Le menu de chaque jour, avec labels et allergènes, au schéma SCDL des menus collectifs.", Theme.EDUCATION,
    keywords=("menus", "cantine", "SCDL"), frequency=Frequency.WEEKLY, conforms_to="https://schema.data.gouv.fr/scdl/menus-collectifs/1.2.3/",
)  # fmt: skip
def menus(random: Random, folder: Path) -> Path:
    dishes = {"entrée": ("Carottes râpées", "Betteraves", "Potage"), "plat principal": ("Lasagnes", "Poisson du marché", "Dahl de lentilles"),
              "accompagnement": ("Riz", "Haricots verts", "Purée"), "dessert": ("Compote", "Yaourt fermier", "Pomme")}  # fmt: skip
    rows = []
    for offset in range(120):
        day = date(2026, 9, 1) + timedelta(days=offset)
        if day.weekday() in (0, 1, 3, 4):
            for kind, choice in dishes.items():
                rows.append({
                    "menuCollNom": "Ville de Bouguenais", "menuCollSiret": "21440020200010", "menuRestaurantNom": "Restaurant municipal",
                    "menuRestaurantInsee": "44020", "menuDate": day.isoformat(), "menuRepasType": "déjeuner", "menuPlatType": kind,
                    "menuPlatNom": random.choice(choice), "menuPlatLabel": random.choice(("AB", "", "Label Rouge")),
                })  # fmt: skip
    return write_csv(folder / "menus.csv", rows)


@sample(
    "places-creches", "nantes-metropole", "Places en crèche par commune",
    "Nombre de places et taux de couverture des besoins.", Theme.EDUCATION, Theme.SOCIAL, keywords=("petite enfance", "crèches"),
    key=("code_insee",),
)  # fmt: skip
def nurseries(random: Random, folder: Path) -> Path:
    rows = [
        {"code_insee": c.insee, "commune": c.name, "places": round(c.population * random.uniform(0.006, 0.012)),
         "taux_couverture": round(random.uniform(38, 74), 1)}
        for c in TERRITORY.communes
    ]  # fmt: skip
    return write_csv(folder / "creches.csv", rows, delimiter=";", decimal=",", encoding="cp1252",
                     preamble=["Places d'accueil du jeune enfant", "Source : enquête 2025", ""])  # fmt: skip


@sample(
    "lycees", "pays-de-la-loire", "Effectifs des lycées",
    "Nombre d’élèves par lycée et par filière dans les communes de la métropole.", Theme.EDUCATION, keywords=("lycées", "effectifs"),
)  # fmt: skip
def high_schools(random: Random, folder: Path) -> Path:
    rows = [
        {"uai": f"044{random.randint(0, 9999):04d}{random.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}", "lycee": f"Lycée {rank}", "commune": c.name,
         "filiere": track, "annee": year, "eleves": random.randint(60, 620)}
        for rank, c in enumerate((TERRITORY.pick(random) for _ in range(26)), 1)
        for track in ("générale", "technologique", "professionnelle") for year in (2023, 2024, 2025)
    ]  # fmt: skip
    return write_csv(folder / "lycees.csv", rows, delimiter=";")
