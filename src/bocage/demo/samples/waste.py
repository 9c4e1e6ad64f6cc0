"""Waste."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import feature, write_csv, write_geojson, write_json, write_xlsx

METROPOLE = "nantes-metropole"


@sample(
    "colonnes-apport-volontaire", METROPOLE, "Colonnes de tri : où déposer verre, papier, textile",
    "L’emplacement de chaque colonne d’apport volontaire, le flux accepté, le volume, l’accessibilité.",
    Theme.WASTE, Theme.ENVIRONMENT, keywords=("tri", "verre", "conteneurs", "déchets"), frequency=Frequency.QUARTERLY,
    key=("id_colonne",), updates=2,
)  # fmt: skip
def containers(random: Random, folder: Path) -> Path:
    features = []
    for rank in range(1, 1801):
        street = random.choice(streets())
        features.append(feature(
            "Point", street.at(random.random()), id_colonne=f"CAV{rank:05d}", commune=street.commune.name,
            code_insee=street.commune.insee, voie=street.name, flux=random.choice(("Verre", "Verre", "Papier", "Textile",
            "Biodéchets", "Emballages")), volume_m3=random.choice((2.5, 3.0, 4.0)), enterree=random.random() < 0.3,
            accessible_pmr=random.random() < 0.7,
        ))  # fmt: skip
    return write_geojson(folder / "colonnes.geojson", features)


@sample(
    "remplissage-colonnes-verre", METROPOLE, "Taux de remplissage de 50 colonnes à verre",
    "Deux relevés par jour et par capteur, sur un an. Sert à préparer les tournées de collecte.",
    Theme.WASTE, keywords=("capteurs", "remplissage", "verre", "tournées"), frequency=Frequency.DAILY,
    key=("capteur", "releve_le"),
)  # fmt: skip
def fill_levels(random: Random, folder: Path) -> Path:
    rows = []
    end = datetime(2026, 11, 20, 6)
    for sensor in range(1, 51):
        level, speed = random.uniform(5, 60), random.uniform(1.2, 5)
        for step in range(730):
            moment = end - timedelta(hours=12 * (730 - step))
            weekend = 1.6 if moment.weekday() in (5, 6) else 1.0
            level += speed * weekend * random.uniform(0.4, 1.5)
            if level > random.uniform(78, 98):
                level = random.uniform(1, 4)
            rows.append({
                "capteur": f"VERRE-{sensor:03d}", "releve_le": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "remplissage_pct": round(level, 1), "temperature_c": round(12 + 9 * math.sin((step - 500) / 116) + random.gauss(0, 2), 1),
                "batterie_v": round(3.6 - step / 4000 + random.gauss(0, 0.01), 2),
            })  # fmt: skip
    return write_csv(folder / "remplissage.csv", rows)


@sample(
    "tonnages-dechets", METROPOLE, "Tonnages de déchets collectés par commune et par mois",
    "Ordures ménagères, tri, verre, biodéchets et déchèteries, en tonnes et en kilogrammes par habitant.",
    Theme.WASTE, keywords=("tonnages", "collecte", "indicateurs"), frequency=Frequency.MONTHLY,
    key=("code_insee", "mois", "flux"),
)  # fmt: skip
def tonnages(random: Random, folder: Path) -> Path:
    rows = []
    for commune in TERRITORY.communes:
        habit = random.uniform(0.9, 1.1)
        for month in range(60):
            label = f"{2022 + month // 12}-{month % 12 + 1:02d}"
            for flow, base in (("Ordures ménagères", 16.5 - month * 0.04), ("Emballages", 4.1), ("Verre", 2.9),
                               ("Biodéchets", 0.4 + month * 0.03), ("Déchèterie", 15)):  # fmt: skip
                per_head = base * habit * random.uniform(0.9, 1.1)
                rows.append({
                    "code_insee": commune.insee, "commune": commune.name, "mois": label, "flux": flow,
                    "tonnes": round(per_head * commune.population / 1000, 2), "kg_par_habitant": round(per_head, 2),
                })  # fmt: skip
    return write_csv(folder / "tonnages.csv", rows, delimiter=";", encoding="cp1252", decimal=",")


@sample(
    "decheteries", METROPOLE, "Déchèteries et écopoints",
    "Adresse, horaires et déchets acceptés dans chaque déchèterie.", Theme.WASTE, keywords=("déchèteries", "horaires"),
    key=("identifiant",),
)  # fmt: skip
def recycling_centres(random: Random, folder: Path) -> Path:
    rows = []
    for rank, commune in enumerate(random.sample(TERRITORY.communes, 15), 1):
        lon, lat = TERRITORY.place(random, commune)
        rows.append({
            "identifiant": f"D{rank:02d}", "nom": f"Déchèterie de {commune.name}", "commune": commune.name,
            "code_postal": commune.postcodes[0], "telephone": f"024000{random.randint(0, 9999):04d}",
            "horaires": "Mo-Sa 09:00-12:00,14:00-18:00", "dechets": ["Gravats", "Végétaux", "Bois", "Métaux"][: random.randint(2, 4)],
            "lat": lat, "lon": lon,
        })  # fmt: skip
    return write_json(folder / "decheteries.json", rows)


@sample(
    "calendrier-collecte", "orvault", "Jours de collecte par rue, Orvault",
    "Pour chaque rue : le jour des ordures ménagères et celui du tri.", Theme.WASTE, keywords=("collecte", "calendrier"),
)  # fmt: skip
def collection_days(random: Random, folder: Path) -> Path:
    days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
    rows = [
        {"Rue": s.name, "Code postal": s.commune.postcodes[0], "Ordures ménagères": random.choice(days),
         "Tri": f"{random.choice(days)} semaine {random.choice(('paire', 'impaire'))}"}
        for s in streets() if s.commune.insee == "44114"
    ]  # fmt: skip
    return write_xlsx(folder / "calendrier.xlsx", rows, title="Calendrier de collecte 2026")
