"""Social action and health."""

from __future__ import annotations

from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import write_csv, write_xlsx

METROPOLE = "nantes-metropole"


@sample(
    "mediation-numerique", METROPOLE, "Lieux de médiation numérique",
    "Où se faire aider pour ses démarches en ligne : services, publics, tarifs.", Theme.SOCIAL,
    keywords=("inclusion numérique", "aide", "démarches"), key=("id",),
    conforms_to="https://schema.data.gouv.fr/LaMednum/standard-mediation-num/1.0.1/",
)  # fmt: skip
def digital_help(random: Random, folder: Path) -> Path:
    rows = []
    for rank in range(1, 141):
        street = random.choice(streets())
        lon, lat = street.at(random.random())
        rows.append({
            "id": f"mediation-{rank:03d}", "nom": f"Espace numérique {street.commune.name} {rank}", "commune": street.commune.name,
            "code_postal": street.commune.postcodes[0], "code_insee": street.commune.insee, "adresse": f"{random.randint(1, 60)} {street.name}",
            "latitude": lat, "longitude": lon, "telephone": f"+3324000{random.randint(0, 9999):04d}",
            "services": "Aide aux démarches administratives|Maîtrise des outils numériques du quotidien", "frais_a_charge": "Gratuit",
        })  # fmt: skip
    return write_csv(folder / "mediation.csv", rows)


@sample(
    "defibrillateurs", "loire-atlantique", "Défibrillateurs accessibles au public",
    "La position et l’accès de chaque défibrillateur.", Theme.SOCIAL, keywords=("santé", "DAE", "urgence"),
    frequency=Frequency.QUARTERLY, key=("gid",),
)  # fmt: skip
def defibrillators(random: Random, folder: Path) -> Path:
    rows = []
    for rank in range(1, 741):
        street = random.choice(streets())
        lon, lat = street.at(random.random())
        rows.append({"gid": rank, "nom": f"DAE {street.commune.name}", "lat_coor1": lat, "long_coor1": lon,
                     "com_cp": street.commune.postcodes[0], "com_insee": street.commune.insee, "com_nom": street.commune.name,
                     "acc": random.choice(("intérieur", "extérieur")), "acc_lib": random.choice(("t", "f")),
                     "disp_j": "7j/7", "disp_h": random.choice(("24h/24", "heures ouvrables"))})  # fmt: skip
    return write_csv(folder / "dae.csv", rows, delimiter=";", encoding="cp1252")


@sample(
    "beneficiaires-aides", "loire-atlantique", "Bénéficiaires des aides sociales par commune",
    "Nombre de foyers par commune et par aide. Partagé entre les organisations de la plateforme, non public.",
    Theme.SOCIAL, keywords=("aides sociales", "RSA", "APA"), visibility="shared", key=("code_insee", "aide", "annee"),
)  # fmt: skip
def benefits(random: Random, folder: Path) -> Path:
    rows = [
        {"code_insee": c.insee, "commune": c.name, "aide": aide, "annee": year,
         "foyers": round(c.population * share * random.uniform(0.7, 1.3))}
        for c in TERRITORY.communes for year in (2022, 2023, 2024, 2025)
        for aide, share in (("RSA", 0.021), ("APA", 0.018), ("PCH", 0.006))
    ]  # fmt: skip
    return write_xlsx(folder / "aides.xlsx", rows)
