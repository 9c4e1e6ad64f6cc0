"""D1: points with eleven attributes, made by DuckDB from a seed; the same file for every system."""

from __future__ import annotations

from pathlib import Path

import duckdb

ROWS = 1_000_000
COMMUNES = 24

SQL = """
COPY (
    WITH drawn AS (
        SELECT i, (hash(i * 2654435761 + 7) >> 1)::BIGINT AS a, (hash(i * 40503 + 13) >> 1)::BIGINT AS b, (hash(i + 977) >> 1)::BIGINT AS c FROM range({rows}) t(i)
    )
    SELECT
        'P' || lpad(i::VARCHAR, 7, '0') AS id,
        '44' || lpad((a % {communes})::VARCHAR, 3, '0') AS code_insee,
        'Commune ' || (a % {communes})::VARCHAR AS commune,
        'Quartier ' || (b % 60)::VARCHAR AS quartier,
        ['Eau', 'Voirie', 'Arbre', 'Banc', 'Borne', 'Abri', 'Lampe', 'Stèle', 'Kiosque', 'Fontaine'][1 + c % 10] AS categorie,
        ['neuf', 'bon', 'moyen', 'mauvais'][1 + (a // 31) % 4] AS etat,
        'Opérateur ' || ((b // 17) % 12)::VARCHAR AS operateur,
        ['rouge', 'vert', 'bleu', 'gris', 'jaune', 'blanc'][1 + (a // 7) % 6] || ' '
            || ['chêne', 'acier', 'béton', 'granit', 'fonte', 'verre', 'osier'][1 + (b // 5) % 7] || ' '
            || ['nord', 'sud', 'est', 'ouest', 'centre'][1 + (c // 3) % 5] || ' ' || (c % 5000)::VARCHAR AS libelle,
        DATE '2017-01-01' + (a // 3 % 3285)::INTEGER AS date_maj,
        (b % 1000000) / 100.0 AS montant,
        c % 500 AS nombre,
        round(-1.86 + (a % 540000) / 1000000.0, 6) AS longitude,
        round(47.09 + (b % 270000) / 1000000.0, 6) AS latitude
    FROM drawn ORDER BY i
) TO '{path}' (HEADER)
"""


def make(folder: Path, rows: int = ROWS) -> Path:
    """The CSV file, made once per folder and size."""
    path = folder / f"d1-{rows}.csv"
    if not path.exists():
        with duckdb.connect() as engine:
            engine.execute(SQL.format(rows=rows, communes=COMMUNES, path=path))
    return path


ESTABLISHMENTS = """
COPY (
    WITH drawn AS (
        SELECT i, (hash(i * 2654435761 + 7) >> 1)::BIGINT AS a, (hash(i * 40503 + 13) >> 1)::BIGINT AS b, (hash(i + 977) >> 1)::BIGINT AS c FROM range({rows}) t(i)
    )
    SELECT
        lpad((100000000 + i)::VARCHAR, 9, '0') AS siren,
        lpad((a % 100000)::VARCHAR, 5, '0') AS nic,
        lpad((100000000 + i)::VARCHAR, 9, '0') || lpad((a % 100000)::VARCHAR, 5, '0') AS siret,
        ['O', 'P'][1 + (a % 9 = 0)::INTEGER] AS statut_diffusion,
        DATE '1975-01-01' + (a % 18000)::INTEGER AS date_creation,
        CASE WHEN b % 3 > 0 THEN ['NN', '00', '01', '02', '03', '11', '12'][1 + b % 7] END AS tranche_effectifs,
        TIMESTAMP '2019-01-01 00:00:00' + to_seconds(c % 180000000) AS date_dernier_traitement,
        a % 5 > 0 AS etablissement_siege,
        CASE WHEN c % 11 > 0 THEN (1 + c % 240)::VARCHAR END AS numero_voie,
        ['RUE', 'AV', 'BD', 'PL', 'CHE', 'IMP', 'ALL'][1 + b % 7] AS type_voie,
        ['DU MOULIN', 'DE L''ÉGLISE', 'JEAN JAURÈS', 'DES LILAS', 'DU GENERAL "LECLERC"', 'DE LA LOIRE'][1 + c % 6] AS libelle_voie,
        lpad((44000 + a % 900)::VARCHAR, 5, '0') AS code_postal,
        'COMMUNE ' || (a % 320)::VARCHAR AS libelle_commune,
        '44' || lpad((a % 320)::VARCHAR, 3, '0') AS code_commune,
        {last}
    FROM drawn ORDER BY i
) TO '{path}' (HEADER)
"""
LAST = {
    "plain": "lpad((b % 100)::VARCHAR, 2, '0') || '.' || lpad((c % 100)::VARCHAR, 2, '0') || chr(65 + (a % 26)::INTEGER)"
    " AS activite_principale, ['A', 'F'][1 + (c % 4 = 0)::INTEGER] AS etat_administratif",
    "coordinates": "round(-1.86 + (a % 540000) / 1000000.0, 6) AS longitude, round(47.09 + (b % 270000) / 1000000.0, 6) AS latitude",
}
"""The last two of the sixteen columns."""


def make_establishments(folder: Path, kind: str, rows: int) -> Path:
    """An establishment register in the shape of SIRENE. `kind`: a key of LAST."""
    path = folder / f"establishments-{kind}-{rows}.csv"
    if not path.exists():
        with duckdb.connect() as engine:
            engine.execute(ESTABLISHMENTS.format(rows=rows, last=LAST[kind], path=path))
    return path
