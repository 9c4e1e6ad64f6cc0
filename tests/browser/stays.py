"""The file of a commune, as its old spreadsheet writes it: Windows accents, semicolons, decimal commas, codes that begin with 0."""

from __future__ import annotations

from collections.abc import Sequence

HEADER = "code_insee;commune;lieu;circuit;places;tarif (€);ouvert_le;latitude;longitude"
ROWS = (
    "01004;Ambérieu-en-Bugey;Gîte de l’Albarine;3;24;312,50;15/03/2019;45,9591;5,3600",
    "01053;Bourg-en-Bresse;Ferme des élèves;12;40;1280,00;02/09/2021;46,2052;5,2255",
    "06088;Nice;Relais du château;7;18;455,25;21/06/2018;43,7102;7,2620",
    "07010;Annonay;Auberge du Cœur;12;32;298,00;11/11/2015;45,2400;4,6700",
    "44109;Nantes;Maison de l’Erdre;1;60;150,75;01/07/2022;47,2184;-1,5536",
)
CORRECTED = (
    *(row.replace("298,00", "305,00") for row in ROWS if not row.startswith("06088")),
    "29019;Brest;Phare de l’Océan;9;26;410,00;04/05/2024;48,3904;-4,4861",
)
"""One row left, one came, one changed."""


def written(rows: Sequence[str]) -> bytes:
    return "\r\n".join([HEADER, *rows, ""]).encode("cp1252")


def codes(rows: Sequence[str]) -> list[str]:
    return [row.split(";")[0] for row in rows]


def broken(line: int) -> bytes:
    """Thirty thousand rows, and one cell too many on this line: far beyond what a first look reads."""
    rows = [f"{ROWS[0]};{number}" for number in range(30_000)]
    rows[line - 2] += ";de trop"
    return "\r\n".join([f"{HEADER};rang", *rows, ""]).encode("cp1252")
