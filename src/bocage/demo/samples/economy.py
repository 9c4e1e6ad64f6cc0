"""Economy: a register of establishments in the shape of SIRENE, large on purpose."""

from __future__ import annotations

from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Theme
from bocage.demo.sample import sample
from bocage.demo.streets import streets
from bocage.demo.territory import TERRITORY
from bocage.demo.writing import feature, write_csv, write_geojson
from bocage.store.engine import workshop

ESTABLISHMENTS = 500_000


def with_key(digits: str, length: int) -> str:
    """SQL: the text `digits` followed by its Luhn key, as SIREN and SIRET have one."""
    read = [(f"substr({digits}, {place}, 1)::INTEGER", (length - place) % 2 == 0) for place in range(1, length + 1)]
    total = " + ".join(f"(2 * {digit} - 9 * ({digit} > 4)::INTEGER)" if doubled else digit for digit, doubled in read)
    return f"{digits} || ((10 - ({total}) % 10) % 10)::VARCHAR"


# Two establishments for each company: its seat, then another one.
REGISTER = """
COPY (
    WITH seeded AS (
        SELECT i, (hash(i * 2654435761 + 44) >> 1)::BIGINT AS h, (hash(i * 40503 + 11) >> 1)::BIGINT AS g, (hash(i + 977) >> 1)::BIGINT AS k FROM range({count}) t(i)
    ), companies AS (
        SELECT *, (10000000 + ((i // 2) * 48271 + 31) % 89999999)::VARCHAR AS body FROM seeded
    ), named AS (
        SELECT * EXCLUDE body, {siren} AS siren FROM companies
    ), numbered AS (
        SELECT *, siren || lpad((1 + i % 2)::VARCHAR, 4, '0') AS begin FROM named
    ), established AS (
        SELECT * EXCLUDE begin, {siret} AS siret FROM numbered
    )
    SELECT
        siren,
        right(siret, 5) AS nic,
        siret,
        ['Boulangerie', 'Garage', 'Atelier', 'Cabinet', 'SCI', 'Pharmacie', 'Menuiserie', 'Studio', 'Ferme', 'Librairie'][1 + h % 10]
            || ' ' || ['du Port', 'des Haies', 'de la Loire', 'Guillou', 'Moreau', 'Benali', 'Le Goff', 'du Centre'][1 + g % 8]
            || ' ' || (k % 900)::VARCHAR AS "denominationUsuelleEtablissement",
        ['47.11B', '56.10A', '68.20B', '43.34Z', '86.21Z', '01.50Z', '62.01Z', '96.02A', '70.22Z', '49.41A'][1 + k % 10]
            AS "activitePrincipaleEtablissement",
        ['NN', 'NN', 'NN', '00', '01', '02', '03', '11', '12', '21'][1 + (h // 7) % 10] AS "trancheEffectifsEtablissement",
        strftime(DATE '1975-01-01' + (g % 18800)::INTEGER, '%Y-%m-%d') AS "dateCreationEtablissement",
        CASE WHEN k % 100 < 72 THEN 'A' ELSE 'F' END AS "etatAdministratifEtablissement",
        CASE WHEN i % 2 = 0 THEN 'true' ELSE 'false' END AS "etablissementSiege",
        s.postcode AS "codePostalEtablissement", s.insee AS "codeCommuneEtablissement", s.commune AS "libelleCommuneEtablissement",
        (1 + g % 120)::VARCHAR AS "numeroVoieEtablissement", s.voie AS "libelleVoieEtablissement",
        round(s.lon + ((h // 11) % 1000) / 1000.0 * s.dlon, 6) AS longitude,
        round(s.lat + ((h // 11) % 1000) / 1000.0 * s.dlat, 6) AS latitude
    FROM established JOIN street s ON s.rank = g % {streets}
    ORDER BY i
) TO '{path}' (HEADER, DELIMITER ',')
"""


@sample(
    "etablissements", "pays-de-la-loire", "Registre des établissements (forme SIRENE)",
    "Un demi-million d’établissements **fictifs** dans la forme du répertoire SIRENE : activité, effectif, adresse, position. "
    "Montre comment Bocage se comporte sur un gros fichier.", Theme.ECONOMY, keywords=("entreprises", "SIRENE", "établissements"),
    frequency=Frequency.MONTHLY, key=("siret",),
)  # fmt: skip
def establishments(random: Random, folder: Path) -> Path:
    import pyarrow as pa

    path = folder / "etablissements.csv"
    known = streets()
    table = pa.table({
        "rank": list(range(len(known))), "voie": [s.name.upper() for s in known], "insee": [s.commune.insee for s in known],
        "commune": [s.commune.name.upper() for s in known], "postcode": [s.commune.postcodes[0] for s in known],
        "lon": [s.line[0][0] for s in known], "lat": [s.line[0][1] for s in known],
        "dlon": [s.line[-1][0] - s.line[0][0] for s in known], "dlat": [s.line[-1][1] - s.line[0][1] for s in known],
    })  # fmt: skip
    with workshop(folder) as engine:
        engine.register("street", table)
        keys = {"siren": with_key("body", 8), "siret": with_key("begin", 13)}
        engine.execute(
            REGISTER.format(count=ESTABLISHMENTS, streets=len(known), path=str(path).replace("'", "''"), **keys)
        )
    return path


@sample(
    "zones-activites", "nantes-metropole", "Zones d’activités économiques",
    "Surface, vocation et taux d’occupation des zones d’activités.", Theme.ECONOMY, Theme.PLANNING,
    keywords=("zones d’activités", "foncier économique"), key=("id_zae",),
)  # fmt: skip
def business_parks(random: Random, folder: Path) -> Path:
    from bocage.demo.samples.planning import blob

    features = []
    for rank in range(1, 91):
        commune = TERRITORY.pick(random)
        ring = blob(random, TERRITORY.place(random, commune), random.uniform(150, 480), 10)
        features.append(feature("Polygon", [ring], id_zae=f"ZAE{rank:03d}", nom=f"Zone d’activités n° {rank}", commune=commune.name,
                                vocation=random.choice(("artisanat", "tertiaire", "logistique", "industrie", "commerce")),
                                surface_ha=round(random.uniform(2, 80), 1), occupation_pct=random.randint(55, 100)))  # fmt: skip
    return write_geojson(folder / "zones-activites.geojson", features)


@sample(
    "marches-forains", "coueron", "Marchés de Couëron",
    "Jours, lieux et nombre d’étals des marchés de plein air.", Theme.ECONOMY, Theme.AGENDA, keywords=("marchés", "commerce"),
)  # fmt: skip
def markets(random: Random, folder: Path) -> Path:
    rows = [
        {"Marché": place, "Jour": day, "Horaires": "8h-13h", "Étals": random.randint(6, 60), "Bio": random.choice(("oui", "non"))}
        for place, day in (("Bourg", "samedi"), ("La Chabossière", "dimanche"), ("Port Launay", "mercredi"))
    ]  # fmt: skip
    return write_csv(folder / "marches.csv", rows, delimiter=";", encoding="cp1252")
