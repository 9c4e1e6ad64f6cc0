"""Water: what the delegate brings, some of it shared only with the group."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import feature, write_csv, write_geojson

DELEGATE = "eaux-du-bocage"


@sample(
    "qualite-eau-potable", DELEGATE, "Qualité de l’eau potable",
    "Les analyses du contrôle sanitaire : paramètre, valeur, limite, conformité.", Theme.WATER, Theme.SOCIAL,
    keywords=("eau potable", "analyses", "santé"), frequency=Frequency.MONTHLY,
)  # fmt: skip
def quality(random: Random, folder: Path) -> Path:
    limits = (
        ("Nitrates (mg/L)", 50, 22),
        ("Chlore libre (mg/L)", 0.5, 0.2),
        ("Turbidité (NFU)", 2, 0.4),
        ("pH", 9, 7.6),
    )
    rows = []
    for week in range(150):
        day = date(2024, 1, 3) + timedelta(days=7 * week)
        for commune in random.sample(TERRITORY.communes, 8):
            for name, limit, usual in limits:
                value = round(max(0, random.gauss(usual, usual * 0.2)), 2)
                rows.append({"commune": commune.name, "code_insee": commune.insee, "preleve_le": day.strftime("%d/%m/%Y"),
                             "parametre": name, "valeur": value, "limite": limit, "conforme": "oui" if value <= limit else "non"})  # fmt: skip
    return write_csv(folder / "eau.csv", rows, delimiter=";", decimal=",")


@sample(
    "reseau-eau-potable", DELEGATE, "Réseau d’eau potable",
    "Les canalisations : matériau, diamètre, année de pose. Partagé avec les communes, non public.", Theme.WATER, Theme.ROADS,
    keywords=("réseau", "canalisations"), visibility="shared", key=("id_troncon",),
)  # fmt: skip
def network(random: Random, folder: Path) -> Path:
    return write_geojson(folder / "reseau.geojson", (
        feature("LineString", s.line, id_troncon=f"T{rank:05d}", materiau=random.choice(("fonte", "PVC", "PEHD", "acier")),
                diametre_mm=random.choice((60, 80, 100, 150, 200)), annee_pose=random.randint(1952, 2025), commune=s.commune.name)
        for rank, s in enumerate(streets(), 1)
    ))  # fmt: skip


@sample(
    "fuites", DELEGATE, "Interventions sur fuites",
    "Chaque intervention du délégataire. Privé : réservé à l’exploitant.", Theme.WATER, keywords=("fuites", "interventions"),
    visibility="private", frequency=Frequency.WEEKLY, key=("intervention",),
)  # fmt: skip
def leaks(random: Random, folder: Path) -> Path:
    rows = [
        {"intervention": f"I{rank:05d}", "commune": TERRITORY.pick(random).name, "date": f"2026-{random.randint(1, 10):02d}-{random.randint(1, 28):02d}",
         "volume_perdu_m3": random.randint(2, 900), "duree_h": round(random.uniform(1, 30), 1)}
        for rank in range(1, 301)
    ]  # fmt: skip
    return write_csv(folder / "fuites.csv", rows)


@sample(
    "consommations-eau", DELEGATE, "Consommations d’eau par commune et par usage",
    "Volumes relevés chaque trimestre, par usage : logements, écoles, stades, commerces, industrie. Sur demande : dites ce que vous "
    "voulez en faire.",
    Theme.WATER, keywords=("eau", "consommation", "relevés"), visibility="request", frequency=Frequency.QUARTERLY,
    key=("code_insee", "trimestre", "usage"),
)  # fmt: skip
def uses_of_water(random: Random, folder: Path) -> Path:
    shares = {"logements": 34.0, "écoles": 1.2, "stades": 0.9, "commerces": 4.5, "industrie": 6.0}
    rows = [
        {"code_insee": commune.insee, "commune": commune.name, "trimestre": f"{year}-T{quarter}", "usage": use,
         "volume_m3": round(commune.population * share / 4 * random.uniform(0.8, 1.2) * (1.25 if quarter == 3 else 1))}
        for commune in TERRITORY.communes for year in (2025, 2026) for quarter in (1, 2, 3) for use, share in shares.items()
    ]  # fmt: skip
    return write_csv(folder / "consommations.csv", rows, delimiter=";")


@sample(
    "fontaines", "reze", "Fontaines à eau de Rezé",
    "Où remplir sa gourde : position, accès, accessibilité. Au schéma national des fontaines à eau.", Theme.WATER,
    keywords=("eau", "fontaines"), key=("id",), conforms_to="https://schema.data.gouv.fr/datagouv/schema-fontaine-eau/0.1.0/", updates=2,
)  # fmt: skip
def fountains(random: Random, folder: Path) -> Path:
    commune = next(c for c in TERRITORY.communes if c.insee == "44143")
    rows = []
    for rank in range(1, random.randint(40, 46)):
        lon, lat = TERRITORY.place(random, commune, spread=0.8)
        rows.append({"id": f"F{rank:03d}", "type_fontaine": "robinet", "gestionnaire": "Ville de Rezé", "siren_gestionnaire": "214401432",
                     "latitude": lat, "longitude": lon, "code_commune_insee": "44143", "conditions_acces": "aucune",
                     "accessible_pmr": random.choice(("true", "false")), "remplissage_contenant_possible": "true"})  # fmt: skip
    return write_csv(folder / "fontaines.csv", rows)
