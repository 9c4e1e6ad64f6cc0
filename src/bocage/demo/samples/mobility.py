"""Mobility."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Licence, Theme
from bocage.demo.feed import CAR_PARKS
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import CENTRE, TERRITORY
from bocage.demo.writing import feature, write_csv, write_geojson

METROPOLE = "nantes-metropole"
SCHEMAS = "https://schema.data.gouv.fr"


@sample(
    "parkings", METROPOLE, "Parcs de stationnement",
    "Les parcs en ouvrage et en enclos : capacité, tarifs, places adaptées. Au schéma national du stationnement.",
    Theme.MOBILITY, keywords=("stationnement", "parkings", "tarifs"), key=("id",),
    conforms_to=f"{SCHEMAS}/etalab/schema-stationnement/0.1.5/",
)  # fmt: skip
def car_parks(random: Random, folder: Path) -> Path:
    rows = []
    for park in CAR_PARKS:
        rows.append({
            "id": park.id, "nom": park.name, "insee": park.insee, "adresse": park.address, "url": "", "type_usagers": "tous",
            "gratuit": "false", "nb_places": park.places, "nb_pr": random.choice((0, 0, 40)), "nb_pmr": park.places // 50,
            "nb_voitures_electriques": random.randint(0, 12), "nb_velo": random.choice((0, 20, 60)), "nb_2r_el": 0,
            "nb_autopartage": random.randint(0, 4), "nb_2_rm": random.randint(0, 30), "nb_covoit": 0,
            "hauteur_max": random.choice((190, 200, 210)), "num_siret": "", "Xlong": park.lon, "Ylat": park.lat,
            "tarif_pmr": "gratuit", "tarif_1h": round(random.uniform(1, 3), 1), "tarif_24h": round(random.uniform(9, 22), 1),
            "type_ouvrage": "ouvrage", "info": "",
        })  # fmt: skip
    return write_csv(folder / "parkings.csv", rows)


@sample(
    "stations-recharge", METROPOLE, "Bornes de recharge pour véhicules électriques",
    "Les points de charge ouverts au public, au schéma national IRVE statique.",
    Theme.MOBILITY, Theme.ENVIRONMENT, keywords=("IRVE", "véhicule électrique", "recharge"), frequency=Frequency.MONTHLY,
    key=("id_pdc_itinerance",), conforms_to=f"{SCHEMAS}/etalab/schema-irve-statique/2.3.1/", updates=2,
)  # fmt: skip
def charging(random: Random, folder: Path) -> Path:
    rows = []
    for station in range(1, 181):
        street = random.choice(streets())
        lon, lat = street.at(random.random())
        points = random.choice((2, 2, 4, 6))
        power = random.choice((7.4, 22.0, 22.0, 50.0, 150.0))
        for point in range(1, points + 1):
            rows.append({
                "nom_amenageur": "Syndicat d’énergie (fictif)", "siren_amenageur": "", "contact_amenageur": "contact@demo.bocage.example",
                "nom_operateur": "Opérateur fictif", "nom_enseigne": "Bocage Recharge", "id_station_itinerance": f"FRBOCP{station:05d}",
                "nom_station": f"{street.commune.name} – {street.name}", "implantation_station": "Voirie",
                "adresse_station": f"{random.randint(1, 90)} {street.name} {street.commune.postcodes[0]} {street.commune.name}",
                "code_insee_commune": street.commune.insee, "coordonneesXY": f"[{lon},{lat}]", "nbre_pdc": points,
                "id_pdc_itinerance": f"FRBOCE{station:05d}{point}", "puissance_nominale": power,
                "prise_type_2": "true", "prise_type_combo_ccs": str(power >= 50).lower(), "gratuit": "false", "paiement_cb": "true",
                "condition_acces": "Accès libre", "horaires": "24/7", "accessibilite_pmr": "Accessibilité inconnue",
                "date_mise_en_service": f"20{random.randint(19, 26)}-0{random.randint(1, 9)}-12", "date_maj": "2026-11-02",
            })  # fmt: skip
    return write_csv(folder / "irve.csv", rows)


@sample(
    "stationnement-velo", METROPOLE, "Stationnement des vélos",
    "Arceaux, abris et consignes, au schéma national du stationnement cyclable.",
    Theme.MOBILITY, keywords=("vélo", "arceaux", "stationnement"), key=("id_local",), licence=Licence.ODBL,
    conforms_to=f"{SCHEMAS}/etalab/schema-stationnement-cyclable/1.1.1/",
)  # fmt: skip
def bike_racks(random: Random, folder: Path) -> Path:
    rows = []
    for rank in range(1, 2601):
        street = random.choice(streets())
        lon, lat = street.at(random.random())
        rows.append({
            "id_local": f"ARC{rank:05d}", "id_osm": "", "code_com": street.commune.insee, "coordonneesxy": f"[{lon},{lat}]",
            "capacite": random.choice((4, 6, 8, 10, 12, 20)), "capacite_cargo": random.choice((0, 0, 0, 2)),
            "type_accroche": random.choice(("CADRE", "CADRE", "ROUE")), "mobilier": random.choice(("ARCEAU", "ARCEAU", "RATELIER", "CONSIGNE")),
            "acces": "LIBRE ACCES", "gratuit": "true", "protection": "STATIONNEMENT NON FERME",
            "couverture": random.choice(("true", "false", "false")), "surveillance": "false", "lumiere": "true",
            "proprietaire": "Nantes Métropole", "date_maj": "2026-06-30",
        })  # fmt: skip
    return write_csv(folder / "stationnement-velo.csv", rows)


@sample(
    "amenagements-cyclables", METROPOLE, "Aménagements cyclables",
    "Pistes, bandes, vélorues et voies vertes de la métropole.", Theme.MOBILITY,
    keywords=("vélo", "pistes cyclables", "mobilités actives"), frequency=Frequency.QUARTERLY, key=("id_local",),
    licence=Licence.ODBL, updates=2,
)  # fmt: skip
def bike_lanes(random: Random, folder: Path) -> Path:
    features = [
        feature("LineString", s.line, id_local=f"AC{rank:05d}", commune=s.commune.name, code_com_g=s.commune.insee,
                ame_g=random.choice(("PISTE CYCLABLE", "BANDE CYCLABLE", "VELO RUE", "VOIE VERTE")), longueur_m=s.length,
                d_statut=f"20{random.randint(5, 26):02d}-01-01")
        for rank, s in enumerate(random.sample(streets(), 900), 1)
    ]  # fmt: skip
    return write_geojson(folder / "amenagements-cyclables.geojson", features)


@sample(
    "comptages-velo", METROPOLE, "Comptages de vélos, heure par heure",
    "Nombre de passages par heure sur 12 compteurs pendant un an, au schéma national des comptages de mobilités.",
    Theme.MOBILITY, keywords=("vélo", "comptage", "capteurs"), frequency=Frequency.DAILY,
    key=("channel_id", "start_datetime"), conforms_to=f"{SCHEMAS}/etalab/schema-comptage-mobilites-measure/0.2.5/",
)  # fmt: skip
def bike_counts(random: Random, folder: Path) -> Path:
    rows = []
    start = datetime(2025, 11, 20)
    for channel in range(1, 13):
        size = random.uniform(40, 220)
        for hour in range(365 * 24):
            moment = start + timedelta(hours=hour)
            rush = math.exp(-((moment.hour - 8.3) ** 2) / 3) + math.exp(-((moment.hour - 17.7) ** 2) / 5) + 0.12
            week = 0.45 if moment.weekday() >= 5 else 1.0
            season = 1 + 0.35 * math.sin((moment.timetuple().tm_yday - 100) / 365 * math.tau)
            count = max(0, round(random.gauss(size * rush * week * season, size * 0.05)))
            end = moment + timedelta(hours=1)
            rows.append({"channel_id": f"NM-{channel:02d}", "counter_id": f"C{channel:02d}",
                         "start_datetime": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "end_datetime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                         "count": count})  # fmt: skip
    return write_csv(folder / "comptages-velo.csv", rows)


@sample(
    "aires-covoiturage", "loire-atlantique", "Aires et lieux de covoiturage",
    "Les lieux de covoiturage du département, au schéma national.", Theme.MOBILITY,
    keywords=("covoiturage", "aires"), key=("id_lieu",), conforms_to=f"{SCHEMAS}/etalab/schema-lieux-covoiturage/0.3.1/",
)  # fmt: skip
def carpooling(random: Random, folder: Path) -> Path:
    rows = []
    for rank in range(1, 97):
        commune = random.choice(TERRITORY.communes)
        lon, lat = TERRITORY.place(random, commune)
        rows.append({
            "id_lieu": f"{commune.insee}-C-{rank:03d}", "id_local": f"CV{rank:03d}", "nom_lieu": f"Aire de {commune.name}",
            "ad_lieu": random.choice(streets()).name, "com_lieu": commune.name, "insee": commune.insee,
            "type": random.choice(("Aire de covoiturage", "Parking", "Sortie d'autoroute")), "date_maj": "2026-05-04",
            "ouvert": "true", "source": "224400028", "Xlong": lon, "Ylat": lat, "nbre_pl": random.randint(4, 80),
            "nbre_pmr": random.randint(0, 3), "duree": 24, "horaires": "Mo-Su 00:00-23:59", "lumiere": "true",
        })  # fmt: skip
    return write_csv(folder / "covoiturage.csv", rows, delimiter=";", encoding="cp1252")


@sample(
    "lignes-transport", METROPOLE, "Lignes de transport en commun",
    "Le tracé et le mode de chaque ligne : tramway, busway, chronobus, navette fluviale.", Theme.MOBILITY,
    keywords=("transport", "tramway", "bus"), key=("ligne",), licence=Licence.ODBL,
)  # fmt: skip
def transit_lines(random: Random, folder: Path) -> Path:
    features = []
    for rank in range(1, 41):
        ends = random.sample(TERRITORY.communes, 2)
        (x1, y1), (x2, y2) = [(c.lon, c.lat) for c in ends]
        middle = (CENTRE[0] + random.gauss(0.04, 0.01), CENTRE[1] + random.gauss(0, 0.008))
        line = [
            (round((1 - t) ** 2 * x1 + 2 * t * (1 - t) * middle[0] + t * t * x2, 6),
             round((1 - t) ** 2 * y1 + 2 * t * (1 - t) * middle[1] + t * t * y2, 6))
            for t in (step / 24 for step in range(25))
        ]  # fmt: skip
        mode = "tramway" if rank <= 3 else "busway" if rank <= 5 else "chronobus" if rank <= 14 else "bus"
        features.append(feature("LineString", line, ligne=f"{rank:02d}", mode=mode, terminus_1=ends[0].name,
                                terminus_2=ends[1].name, passages_par_jour=random.randint(20, 320)))  # fmt: skip
    return write_geojson(folder / "lignes.geojson", features)


@sample(
    "arrets-transport", METROPOLE, "Arrêts de transport en commun",
    "Nom, position, accessibilité et lignes de chaque arrêt.", Theme.MOBILITY, keywords=("transport", "arrêts", "accessibilité"),
    key=("stop_id",), frequency=Frequency.MONTHLY, licence=Licence.ODBL,
)  # fmt: skip
def stops(random: Random, folder: Path) -> Path:
    rows = []
    for rank in range(1, 1501):
        street = random.choice(streets())
        lon, lat = street.at(random.random())
        rows.append({"stop_id": f"STOP{rank:05d}", "stop_name": street.name.split(" ", 1)[1], "commune": street.commune.name,
                     "stop_lat": lat, "stop_lon": lon, "wheelchair_boarding": random.choice((0, 1, 1, 2)),
                     "lignes": " ".join(sorted({f"{random.randint(1, 40):02d}" for _ in range(2)}))})  # fmt: skip
    return write_csv(folder / "arrets.txt", rows)
