"""Culture, sport, agenda."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import feature, write_csv, write_geojson, write_json

METROPOLE = "nantes-metropole"


@sample(
    "equipements-publics", METROPOLE, "Équipements publics",
    "Mairies, écoles, gymnases, médiathèques, piscines : adresse, téléphone, horaires. Au schéma SCDL équipements.",
    Theme.CULTURE, Theme.EDUCATION, keywords=("équipements", "services publics", "SCDL"), key=("equip_uid",),
    conforms_to="https://schema.data.gouv.fr/scdl/equipements/0.1.5/",
)  # fmt: skip
def facilities(random: Random, folder: Path) -> Path:
    kinds = (("Mairie", "01010401"), ("École élémentaire", "02010101"), ("Gymnase", "03010101"), ("Médiathèque", "04010201"),
             ("Piscine", "03010301"), ("Salle de spectacle", "04020101"), ("Centre social", "05010101"))  # fmt: skip
    rows = []
    for commune in TERRITORY.communes:
        for rank in range(max(7, commune.population // 1400)):
            kind, code = kinds[rank % len(kinds)]
            lon, lat = TERRITORY.place(random, commune, spread=0.6)
            rows.append({
                "COLL_NOM": commune.name, "COLL_SIRET": f"{commune.siren}00010", "EQUIP_UID": f"{commune.insee}-{code}-{rank:03d}",
                "EQUIP_THEME": kind, "EQUIP_CODE": code, "EQUIP_TYPE": kind, "EQUIP_NOM": f"{kind} n° {rank // len(kinds) + 1}, {commune.name}",
                "ADR_NUMERO": str(random.randint(1, 80)), "ADR_NOMVOIE": random.choice(streets()).name, "ADR_CODEPOSTAL": commune.postcodes[0],
                "ADR_COMMUNE": commune.name, "EQUIP_LAT": lat, "EQUIP_LONG": lon, "EQUIP_OUVERTURE": "Mo-Fr 08:30-12:00,13:30-17:30",
                "EQUIP_TEL": f"+33 2400{random.randint(0, 99999):05d}",
            })  # fmt: skip
    return write_csv(folder / "equipements.csv", rows, delimiter=";")


@sample(
    "agenda-evenements", METROPOLE, "Agenda des événements",
    "Concerts, marchés, réunions publiques, visites : ce qui se passe dans les 24 communes.", Theme.AGENDA, Theme.CULTURE,
    keywords=("agenda", "événements", "sorties"), frequency=Frequency.DAILY, key=("uid",), updates=2,
)  # fmt: skip
def agenda(random: Random, folder: Path) -> Path:
    rows = []
    for rank in range(1, 1601):
        commune = TERRITORY.pick(random)
        lon, lat = TERRITORY.place(random, commune, spread=0.5)
        start = datetime(2026, 11, 1, random.randint(9, 21)) + timedelta(days=random.randint(0, 150))
        rows.append({
            "uid": f"EV{rank:05d}", "titre": random.choice(("Concert de", "Marché de", "Lecture à", "Visite guidée de", "Atelier vélo à",
            "Réunion publique à", "Fête de quartier à")) + " " + commune.name, "commune": commune.name, "code_insee": commune.insee,
            "debut": start.strftime("%Y-%m-%dT%H:%M:%SZ"), "fin": (start + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "gratuit": random.random() < 0.7, "mots_cles": random.sample(["famille", "musique", "nature", "débat", "sport", "patrimoine"], 2),
            "lieu": {"nom": f"Salle municipale de {commune.name}", "accessible": True}, "latitude": lat, "longitude": lon,
        })  # fmt: skip
    return write_json(folder / "agenda.json", rows)


@sample(
    "prets-mediatheques", "nantes", "Prêts des médiathèques",
    "Nombre de prêts par mois, par médiathèque et par support.", Theme.CULTURE, keywords=("médiathèques", "lecture publique"),
    frequency=Frequency.MONTHLY,
)  # fmt: skip
def loans(random: Random, folder: Path) -> Path:
    rows = [
        {"Mois": f"{year}-{month:02d}", "Médiathèque": place, "Support": kind,
         "Prêts": round(random.uniform(200, 5200) * (0.6 if month in (7, 8) else 1))}
        for year in range(2021, 2027) for month in range(1, 13) if (year, month) < (2026, 11)
        for place in ("Jacques-Demy", "Floresca-Guépin", "Luce-Courville", "Lisa-Bresner")
        for kind in ("Livres adultes", "Livres jeunesse", "Bandes dessinées", "Musique", "Films")
    ]  # fmt: skip
    return write_csv(folder / "prets.csv", rows, delimiter="\t", encoding="utf-16")


@sample(
    "patrimoine", "le-pellerin", "Petit patrimoine du Pellerin",
    "Lavoirs, croix, quais, cales : le patrimoine de proximité, décrit par les habitants.", Theme.CULTURE,
    keywords=("patrimoine", "histoire"), frequency=Frequency.IRREG,
)  # fmt: skip
def heritage(random: Random, folder: Path) -> Path:
    commune = next(c for c in TERRITORY.communes if c.insee == "44120")
    return write_geojson(folder / "patrimoine.geojson", (
        feature("Point", TERRITORY.place(random, commune, spread=0.8), nom=f"{kind} n° {rank}", type=kind,
                siecle=random.choice(("XVIIe", "XVIIIe", "XIXe", "XXe")), etat=random.choice(("bon", "moyen", "à restaurer")))
        for rank in range(1, 46) for kind in (random.choice(("Lavoir", "Croix", "Cale", "Four", "Puits")),)
    ))  # fmt: skip


@sample(
    "associations-sportives", "saint-sebastien-sur-loire", "Associations sportives de Saint-Sébastien-sur-Loire",
    "Discipline, nombre de licenciés, part de licences féminines.", Theme.CULTURE, keywords=("sport", "associations"),
)  # fmt: skip
def sports(random: Random, folder: Path) -> Path:
    rows = [
        {"Association": f"{sport} Sébastiennais", "Discipline": sport, "Licenciés": random.randint(18, 640),
         "Part féminine (%)": round(random.uniform(12, 78), 1), "Site": f"https://exemple.fr/{rank}"}
        for rank, sport in enumerate(("Football", "Basket", "Handball", "Judo", "Natation", "Aviron", "Canoë", "Danse", "Gymnastique",
                                      "Tennis", "Cyclisme", "Rugby", "Pétanque", "Escalade", "Randonnée"))
    ]  # fmt: skip
    return write_csv(folder / "sports.csv", rows, delimiter=";", encoding="cp1252", decimal=",")
