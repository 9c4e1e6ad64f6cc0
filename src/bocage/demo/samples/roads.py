"""Roads and public space."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bocage.catalog.vocabulary import Frequency, Licence, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import feature, write_csv, write_geojson

METROPOLE = "nantes-metropole"
TODAY = date(2026, 11, 20)


@sample(
    "voies", METROPOLE, "Voies de la métropole",
    "Le filaire des voies : nom, classe, largeur, vitesse autorisée, gestionnaire.",
    Theme.ROADS, Theme.TERRITORY, keywords=("voirie", "filaire", "rues", "vitesse"), frequency=Frequency.MONTHLY,
    key=("id_voie",), licence=Licence.ODBL, updates=2,
)  # fmt: skip
def roads(random: Random, folder: Path) -> Path:
    features = []
    for rank, street in enumerate(streets(), 1):
        main = street.name.startswith(("boulevard", "avenue", "route"))
        features.append(feature(
            "LineString", street.line, id_voie=f"V{rank:05d}", nom=street.name, commune=street.commune.name,
            code_insee=street.commune.insee, classe="structurante" if main else "desserte",
            largeur_m=round(random.uniform(8, 16) if main else random.uniform(4, 8), 1),
            vitesse_kmh=random.choice((50, 30)) if main else random.choice((30, 30, 20)), longueur_m=street.length,
        ))  # fmt: skip
    return write_geojson(folder / "voies.geojson", features)


@sample(
    "chantiers", METROPOLE, "Chantiers en cours et à venir",
    "Les travaux sur l’espace public : où, quand, pour quoi faire, avec quelle gêne pour la circulation.",
    Theme.ROADS, Theme.MOBILITY, keywords=("travaux", "chantiers", "circulation"), frequency=Frequency.DAILY,
    key=("id_chantier",), updates=3,
)  # fmt: skip
def works(random: Random, folder: Path) -> Path:
    rows: list[dict[str, Any]] = []
    for rank in range(1, random.randint(240, 280)):
        street = random.choice(streets())
        lon, lat = street.at(random.random())
        start = TODAY + timedelta(days=random.randint(-60, 60))
        rows.append({
            "id_chantier": f"CH-2026-{rank:04d}", "objet": random.choice(("Réseau d’eau potable", "Assainissement",
            "Fibre optique", "Réfection de chaussée", "Piste cyclable", "Plantation d’arbres", "Réseau de chaleur")),
            "voie": street.name, "commune": street.commune.name, "code_insee": street.commune.insee,
            "debut": start.strftime("%d/%m/%Y"), "fin": (start + timedelta(days=random.randint(3, 120))).strftime("%d/%m/%Y"),
            "gene": random.choice(("faible", "moyenne", "forte", "route barrée")),
            "maitre_d_ouvrage": random.choice(("Nantes Métropole", "Eaux du Bocage", "Commune", "Opérateur")),
            "latitude": lat, "longitude": lon,
        })  # fmt: skip
    return write_csv(folder / "chantiers.csv", rows, delimiter=";", encoding="cp1252")


@sample(
    "eclairage-public", METROPOLE, "Points lumineux de l’éclairage public",
    "Chaque point lumineux : type de lampe, puissance, régime d’extinction nocturne.",
    Theme.ROADS, Theme.ENVIRONMENT, keywords=("éclairage", "énergie", "trame noire"), key=("id_point",),
)  # fmt: skip
def lighting(random: Random, folder: Path) -> Path:
    rows: list[dict[str, Any]] = []
    for street in streets():
        posts = max(2, street.length // 28)
        led = random.random() < 0.6
        for post in range(posts):
            lon, lat = street.at((post + 0.5) / posts)
            rows.append({
                "id_point": f"EP{len(rows) + 1:06d}", "commune": street.commune.name, "code_insee": street.commune.insee,
                "voie": street.name, "source": "LED" if led else random.choice(("sodium", "iodures")),
                "puissance_w": random.choice((28, 35, 42)) if led else random.choice((70, 100, 150)),
                "extinction": random.choice(("aucune", "23h-5h", "minuit-5h")), "longitude": lon, "latitude": lat,
            })  # fmt: skip
    return write_csv(folder / "eclairage-public.csv", rows, delimiter=";", decimal=".")


@sample(
    "signalements-voirie", "saint-herblain", "Signalements d’habitants sur l’espace public",
    "Nids-de-poule, dépôts sauvages, lampes éteintes : les signalements reçus, sans aucune donnée personnelle.",
    Theme.ROADS, Theme.CITIZENSHIP, keywords=("signalements", "habitants", "espace public"), frequency=Frequency.WEEKLY,
    key=("id_signalement",),
)  # fmt: skip
def reports(random: Random, folder: Path) -> Path:
    commune = next(c for c in TERRITORY.communes if c.insee == "44162")
    features = []
    for rank in range(1, 1451):
        day = TODAY - timedelta(days=random.randint(0, 365))
        delay = random.randint(1, 40)
        features.append(feature(
            "Point", TERRITORY.place(random, commune, spread=0.9), id_signalement=f"SIG{rank:05d}",
            categorie=random.choice(("Voirie", "Propreté", "Éclairage", "Espaces verts", "Mobilier urbain")),
            recu_le=day.isoformat(), clos_le=(day + timedelta(days=delay)).isoformat() if random.random() < 0.85 else None,
            delai_jours=delay,
        ))  # fmt: skip
    return write_geojson(folder / "signalements.geojson", features)


@sample(
    "routes-departementales", "loire-atlantique", "Trafic des routes départementales",
    "Trafic moyen journalier annuel par section de route départementale.",
    Theme.ROADS, Theme.MOBILITY, keywords=("trafic", "routes", "comptage"), key=("section",),
)  # fmt: skip
def traffic(random: Random, folder: Path) -> Path:
    rows = [
        {"section": f"RD{random.choice((723, 178, 965, 37, 751, 85, 117)):04d}-{i:03d}", "annee": 2025,
         "trafic_moyen_journalier": (total := round(random.lognormvariate(8.6, 0.7))),
         "poids_lourds": round(total * random.uniform(0.02, 0.12)), "vitesse_limite": random.choice((50, 70, 80, 110))}
        for i in range(1, 321)
    ]  # fmt: skip
    return write_csv(folder / "trafic.csv", rows, delimiter=";")
