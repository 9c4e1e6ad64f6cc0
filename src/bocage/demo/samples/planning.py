"""Town planning and housing."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY, Point
from bocage.demo.writing import feature, write_csv, write_geojson

METROPOLE = "nantes-metropole"


def blob(random: Random, centre: Point, metres: float, corners: int = 9) -> list[Point]:
    """A closed, irregular patch around a place, counter-clockwise."""
    start = random.random()
    ring = []
    for corner in range(corners):
        angle = (corner + start) / corners * math.tau
        reach = metres * random.uniform(0.6, 1.0)
        x = centre[0] + reach * math.cos(angle) / 75_700
        y = centre[1] + reach * math.sin(angle) / 111_200
        ring.append((round(x, 6), round(y, 6)))
    return [*ring, ring[0]]


@sample(
    "plu-zonage", METROPOLE, "Zonage du plan local d’urbanisme",
    "Les zones du PLU métropolitain : urbaines, à urbaniser, agricoles, naturelles.", Theme.PLANNING,
    keywords=("PLU", "zonage", "urbanisme"), frequency=Frequency.IRREG, key=("idzone",),
)  # fmt: skip
def zoning(random: Random, folder: Path) -> Path:
    kinds = (("UMa", "Zone urbaine mixte, centre"), ("UMc", "Zone urbaine pavillonnaire"), ("UE", "Zone d’activités"),
             ("2AU", "Zone à urbaniser"), ("A", "Zone agricole"), ("N", "Zone naturelle"))  # fmt: skip
    features: list[dict[str, Any]] = []
    for commune in TERRITORY.communes:
        for _ in range(max(12, commune.population // 1500)):
            code, label = random.choice(kinds)
            ring = blob(random, TERRITORY.place(random, commune), random.uniform(120, 420))
            features.append(feature("Polygon", [ring], idzone=f"Z{len(features) + 1:05d}", typezone=code, libelong=label,
                                    commune=commune.name, code_insee=commune.insee, datappro="2019-04-05"))  # fmt: skip
    return write_geojson(folder / "plu-zonage.geojson", features)


@sample(
    "autorisations-urbanisme", METROPOLE, "Autorisations d’urbanisme",
    "Permis de construire, d’aménager et déclarations préalables accordés : date, nature, logements, surface. Sans nom de personne.",
    Theme.PLANNING, keywords=("permis de construire", "logement", "construction"), frequency=Frequency.MONTHLY,
    key=("numero_dossier",), updates=2,
)  # fmt: skip
def permits(random: Random, folder: Path) -> Path:
    rows = []
    for rank in range(1, 6001):
        street = random.choice(streets())
        lon, lat = street.at(random.random())
        kind = random.choice(("DP", "DP", "DP", "PC", "PC", "PA"))
        homes = 0 if kind == "DP" else random.choice((1, 1, 1, 2, 12, 35, 80))
        rows.append({
            "numero_dossier": f"{kind}{street.commune.insee}{random.choice((24, 25, 26))}{rank:05d}", "type": kind,
            "commune": street.commune.name, "code_insee": street.commune.insee, "adresse": f"{random.randint(1, 120)} {street.name}",
            "date_decision": (date(2024, 1, 2) + timedelta(days=random.randint(0, 1040))).strftime("%d/%m/%Y"),
            "logements": homes, "surface_plancher_m2": round(homes * random.uniform(55, 95) if homes else random.uniform(5, 40), 1),
            "longitude": lon, "latitude": lat,
        })  # fmt: skip
    return write_csv(folder / "autorisations.csv", rows, delimiter=";", decimal=".")


@sample(
    "friches", METROPOLE, "Friches et sites à réemployer",
    "Anciens sites d’activité à reconvertir : surface, état, pollution connue.", Theme.PLANNING, Theme.ENVIRONMENT,
    keywords=("friches", "foncier", "reconversion"), key=("site_id",),
)  # fmt: skip
def brownfields(random: Random, folder: Path) -> Path:
    features: list[dict[str, Any]] = []
    for rank in range(1, 64):
        commune = TERRITORY.pick(random)
        ring = blob(random, TERRITORY.place(random, commune), random.uniform(40, 160), 7)
        features.append(feature("Polygon", [ring], site_id=f"{commune.insee}_{rank:04d}", site_nom=f"Ancien site {rank}",
                                commune=commune.name, comm_insee=commune.insee, site_type=random.choice(("friche industrielle",
                                "friche commerciale", "friche ferroviaire")), unite_fonciere_surface=random.randint(900, 45_000),
                                sol_pollution_existe=random.choice(("inconnu", "pollution avérée", "pollution supposée"))))  # fmt: skip
    return write_geojson(folder / "friches.geojson", features)


@sample(
    "logements-sociaux", METROPOLE, "Logements sociaux par commune",
    "Part de logements locatifs sociaux et objectif de chaque commune, année par année.", Theme.PLANNING, Theme.SOCIAL,
    keywords=("logement social", "SRU", "habitat"), key=("code_insee", "annee"),
)  # fmt: skip
def social_housing(random: Random, folder: Path) -> Path:
    rows = []
    for commune in TERRITORY.communes:
        share = random.uniform(9, 26)
        for year in range(2016, 2026):
            share += random.uniform(0.05, 0.7)
            rows.append({"code_insee": commune.insee, "commune": commune.name, "annee": year,
                         "residences_principales": round(commune.population / 2.1 * (1 + (year - 2020) * 0.008)),
                         "taux_logement_social": round(share, 2), "objectif": 25.0})  # fmt: skip
    return write_csv(folder / "logements-sociaux.csv", rows, delimiter=";", decimal=",")
