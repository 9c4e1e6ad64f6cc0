"""Environment and energy."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bocage.catalog.vocabulary import Frequency, Licence, Theme
from bocage.demo.sample import sample
from bocage.demo.samples.planning import blob
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import feature, write_csv, write_geojson

METROPOLE = "nantes-metropole"
SPECIES = (
    "Platane",
    "Tilleul",
    "Érable champêtre",
    "Chêne pédonculé",
    "Charme",
    "Merisier",
    "Frêne",
    "Magnolia",
    "Ginkgo",
    "Bouleau",
)


@sample(
    "arbres", METROPOLE, "Arbres d’alignement",
    "Chaque arbre suivi par les services : essence, année de plantation, hauteur, position.", Theme.ENVIRONMENT,
    keywords=("arbres", "nature en ville", "biodiversité"), frequency=Frequency.QUARTERLY, key=("id_arbre",), updates=2,
)  # fmt: skip
def trees(random: Random, folder: Path) -> Path:
    rows: list[dict[str, Any]] = []
    for street in streets():
        if random.random() < 0.45:
            species = random.choice(SPECIES)
            for step in range(max(3, street.length // 14)):
                lon, lat = street.at((step + 0.5) / max(3, street.length // 14))
                year = random.randint(1950, 2026)
                rows.append({
                    "id_arbre": f"A{len(rows) + 1:06d}", "essence": species, "annee_plantation": year,
                    "hauteur_m": round(min(24.0, 2 + (2026 - year) * random.uniform(0.15, 0.35)), 1), "voie": street.name,
                    "commune": street.commune.name, "code_insee": street.commune.insee, "latitude": lat, "longitude": lon,
                })  # fmt: skip
    return write_csv(folder / "arbres.csv", rows, delimiter=";", encoding="cp1252", decimal=",")


@sample(
    "qualite-air", METROPOLE, "Qualité de l’air, mesures horaires",
    "Dioxyde d’azote, ozone et particules fines sur six stations, pendant un an.", Theme.ENVIRONMENT, Theme.SOCIAL,
    keywords=("air", "pollution", "capteurs"), frequency=Frequency.DAILY, key=("station", "mesure_le"), licence=Licence.ODBL,
)  # fmt: skip
def air(random: Random, folder: Path) -> Path:
    rows: list[dict[str, Any]] = []
    start = datetime(2025, 11, 20)
    for station in ("Bouteillerie", "Victor-Hugo", "Trentemoult", "Chauvinière", "Leclerc", "Crébillon"):
        for hour in range(365 * 24):
            moment = start + timedelta(hours=hour)
            traffic = math.exp(-((moment.hour - 8) ** 2) / 6) + math.exp(-((moment.hour - 18) ** 2) / 8)
            rows.append({
                "station": station, "mesure_le": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "no2": round(max(1, random.gauss(12 + 22 * traffic, 5)), 1),
                "o3": round(max(2, random.gauss(55 - 18 * traffic, 12)), 1), "pm2_5": round(max(1, random.gauss(9, 4)), 1),
            })  # fmt: skip
    return write_csv(folder / "air.csv", rows)


@sample(
    "ilots-fraicheur", METROPOLE, "Îlots de fraîcheur",
    "Parcs, bords de rivière et lieux climatisés ouverts à tous en cas de canicule.", Theme.ENVIRONMENT, Theme.SOCIAL,
    keywords=("canicule", "parcs", "fraîcheur"), key=("identifiant",),
)  # fmt: skip
def cool_places(random: Random, folder: Path) -> Path:
    features = []
    for rank in range(1, 161):
        commune = TERRITORY.pick(random)
        ring = blob(random, TERRITORY.place(random, commune), random.uniform(60, 260), 12)
        features.append(feature("Polygon", [ring], identifiant=f"IF{rank:03d}", nom=f"Parc {random.choice(SPECIES).lower()} {rank}",
                                commune=commune.name, type=random.choice(("Parc", "Jardin", "Bord de rivière", "Lieu climatisé")),
                                ouvert_la_nuit=random.random() < 0.4))  # fmt: skip
    return write_geojson(folder / "ilots-fraicheur.geojson", features)


@sample(
    "consommation-batiments", METROPOLE, "Consommation d’énergie des bâtiments publics",
    "Électricité, gaz et réseau de chaleur, bâtiment par bâtiment et mois par mois.", Theme.ENVIRONMENT, Theme.BUDGET,
    keywords=("énergie", "bâtiments", "sobriété"), frequency=Frequency.MONTHLY, key=("batiment", "mois"),
)  # fmt: skip
def energy(random: Random, folder: Path) -> Path:
    rows: list[dict[str, Any]] = []
    for building in range(1, 181):
        surface = random.randint(180, 9000)
        for month in range(36):
            cold = 1 + 0.8 * math.cos(month % 12 / 12 * math.tau)
            rows.append({
                "batiment": f"BAT{building:04d}", "surface_m2": surface, "mois": f"{2023 + month // 12}-{month % 12 + 1:02d}",
                "electricite_kwh": round(surface * random.uniform(2, 5)), "gaz_kwh": round(surface * cold * random.uniform(3, 8)),
                "cout_eur": round(surface * cold * random.uniform(0.6, 1.4), 2),
            })  # fmt: skip
    return write_csv(folder / "consommation.csv", rows, delimiter=";", decimal=",")


@sample(
    "zones-inondables", "loire-atlantique", "Zones inondables",
    "L’emprise des crues de référence, de façon schématique.", Theme.ENVIRONMENT, Theme.PLANNING, keywords=("inondation", "risques"),
    frequency=Frequency.IRREG, key=("id_zone",),
)  # fmt: skip
def floods(random: Random, folder: Path) -> Path:
    features = []
    for rank in range(1, 41):
        lon = -1.86 + rank * 0.0125
        lat = 47.205 + 0.012 * math.sin(rank / 5)
        ring = blob(random, (lon, lat), random.uniform(500, 900), 14)
        features.append(feature("MultiPolygon", [[ring]], id_zone=f"Z{rank:03d}", alea=random.choice(("faible", "moyen", "fort")),
                                hauteur_max_m=round(random.uniform(0.2, 3.5), 1)))  # fmt: skip
    return write_geojson(folder / "zones-inondables.geojson", features)
