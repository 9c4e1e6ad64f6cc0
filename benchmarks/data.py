"""D1: points with eleven attributes, made by DuckDB from a seed; the same file for every system."""

from __future__ import annotations

from pathlib import Path

import duckdb

ROWS = 500_000
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
