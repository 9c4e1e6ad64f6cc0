"""Reference layers: outlines, communes, addresses."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import feature, write_csv, write_geojson, write_xlsx

METROPOLE = "nantes-metropole"


@sample(
    "contours-communes", METROPOLE, "Contours schématiques des 24 communes",
    "Le contour de chaque commune de la métropole, dessiné de façon **schématique** pour servir de fond de carte. "
    "Pour les limites officielles, voir Admin Express de l’IGN.",
    Theme.TERRITORY, keywords=("communes", "limites", "fond de carte"), frequency=Frequency.ANNUAL, key=("code_insee",),
)  # fmt: skip
def outlines(random: Random, folder: Path) -> Path:
    return write_geojson(
        folder / "contours-communes.geojson",
        (
            feature(
                "Polygon", [[*(ring := TERRITORY.outline(c)), ring[0]]], code_insee=c.insee, nom=c.name, siren=c.siren,
                population=c.population,
            )
            for c in TERRITORY.communes
        ),
    )  # fmt: skip


@sample(
    "communes", METROPOLE, "Les 24 communes de Nantes Métropole",
    "Nom, code INSEE, SIREN, codes postaux et population municipale de chaque commune membre (INSEE, DGCL).",
    Theme.TERRITORY, Theme.CITIZENSHIP, keywords=("communes", "population", "référentiel"), key=("code_insee",),
)  # fmt: skip
def communes(random: Random, folder: Path) -> Path:
    return write_xlsx(
        folder / "communes.xlsx",
        [
            {
                "Code INSEE": c.insee, "Nom": c.name, "SIREN": c.siren, "Codes postaux": ", ".join(c.postcodes),
                "Population municipale": c.population, "Latitude": c.lat, "Longitude": c.lon,
            }
            for c in TERRITORY.communes
        ],
        title="Nantes Métropole : communes membres",
    )  # fmt: skip


@sample(
    "base-adresse-locale", METROPOLE, "Base Adresse Locale de la métropole",
    "Chaque adresse de la métropole : numéro, voie, commune, position. Au format BAL, comme l’attend la Base Adresse Nationale.",
    Theme.TERRITORY, Theme.PLANNING, keywords=("adresses", "BAL", "voies", "référentiel"), frequency=Frequency.WEEKLY,
    key=("cle_interop",), conforms_to="https://schema.data.gouv.fr/BaseAdresseNationale/bal-1.4/", updates=2,
)  # fmt: skip
def addresses(random: Random, folder: Path) -> Path:
    rows = []
    for rank, street in enumerate(streets()):
        houses = max(4, street.length // 22)
        for house in range(1, houses + 1):
            lon, lat = street.at(house / (houses + 1))
            rows.append({
                "cle_interop": f"{street.commune.insee}_{rank % 10_000:04d}_{house:05d}",
                "commune_insee": street.commune.insee, "commune_nom": street.commune.name, "voie_nom": street.name,
                "numero": house, "suffixe": random.choice(("", "", "", "", "", "bis")), "position": "entrée",
                "long": lon, "lat": lat, "source": "commune", "date_der_maj": f"2026-{random.randint(1, 10):02d}-15",
                "certification_commune": int(random.random() < 0.8),
            })  # fmt: skip
    return write_csv(folder / "base-adresse-locale.csv", rows, delimiter=";")


@sample(
    "quartiers", "nantes", "Quartiers de Nantes",
    "Les onze quartiers de la ville, avec leur population estimée.", Theme.TERRITORY, keywords=("quartiers",),
    key=("code_quartier",),
)  # fmt: skip
def districts(random: Random, folder: Path) -> Path:
    nantes = next(c for c in TERRITORY.communes if c.insee == "44109")
    names = ("Centre-ville", "Bellevue – Chantenay", "Dervallières – Zola", "Hauts-Pavés – Saint-Félix", "Île de Nantes",
             "Malakoff – Saint-Donatien", "Breil – Barberie", "Nantes Nord", "Nantes Erdre", "Doulon – Bottière", "Nantes Sud")  # fmt: skip
    ring = TERRITORY.outline(nantes)
    cuts = [round(i * len(ring) / 11) for i in range(12)]
    features = []
    for rank, name in enumerate(names):
        arc = ring[cuts[rank] : cuts[rank + 1] + 1] if rank < 10 else [*ring[cuts[10] :], ring[0]]
        cell = [(nantes.lon, nantes.lat), *arc, (nantes.lon, nantes.lat)]
        people = round(nantes.population / 11 * random.uniform(0.7, 1.3))
        features.append(
            feature("Polygon", [cell], code_quartier=f"{rank + 1:02d}", nom=name, population_estimee=people)
        )
    return write_geojson(folder / "quartiers.geojson", features)


@sample(
    "bureaux-de-vote", "reze", "Bureaux de vote de Rezé",
    "Le lieu de vote de chaque bureau : adresse, nombre d’électeurs inscrits, accessibilité.",
    Theme.CITIZENSHIP, keywords=("élections", "vote"), key=("code_bureau",),
)  # fmt: skip
def polling_stations(random: Random, folder: Path) -> Path:
    reze = next(c for c in TERRITORY.communes if c.insee == "44143")
    local = [s for s in streets() if s.commune is reze]
    rows = []
    for number in range(1, 33):
        street = random.choice(local)
        lon, lat = street.at(random.random())
        rows.append({
            "Code bureau": f"44143_{number:04d}", "Bureau": number, "Lieu": f"Groupe scolaire n° {math.ceil(number / 3)}",
            "Adresse": f"{random.randint(1, 90)} {street.name}", "Électeurs inscrits": random.randint(620, 1180),
            "Accessible PMR": random.choice(("oui", "oui", "oui", "non")), "Geo Point": f"{lat}, {lon}",
        })  # fmt: skip
    return write_csv(folder / "bureaux-de-vote.csv", rows, delimiter=";", encoding="cp1252")


@sample(
    "elus", "vertou", "Élus du conseil municipal de Vertou",
    "Composition du conseil municipal : fonction, délégation, date de prise de fonction.",
    Theme.CITIZENSHIP, keywords=("élus", "conseil municipal"), frequency=Frequency.IRREG,
)  # fmt: skip
def council(random: Random, folder: Path) -> Path:
    from bocage.demo.streets import person

    roles = ["Maire", *(f"{i}e adjoint" for i in range(1, 10)), *["Conseiller municipal"] * 25]
    rows = [
        {"Nom": person(random), "Fonction": role, "Date de prise de fonction": "22/03/2026",
         "Indemnité brute mensuelle": round(random.uniform(90, 2400), 2)}
        for role in roles
    ]  # fmt: skip
    return write_csv(folder / "elus.csv", rows, delimiter=";", encoding="cp1252", decimal=",",
                     preamble=["Ville de Vertou ; conseil municipal", ""])  # fmt: skip
