"""Files as the IGN, the BAN, Etalab and OpenStreetMap give them, small: the real names of layers and columns, invented values.

The territory is a row of squares of two kilometres in Lambert-93, one a commune, from west to east.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely

from tests.pipeline.references import pbf
from tests.store.making import bench

SIDE = 2_000
ORIGIN = (355_000, 6_689_000)
COMMUNES = (
    ("44109", "Nantes", "44", "244400404"),
    ("44143", "Rezé", "44", "244400404"),
    ("44154", "Saint-Brevin-les-Pins", "44", "200000438"),
    ("85047", "Challans", "85", "200071629"),
    ("75056", "Paris", "75", "200054781/217500016"),
)

BAN_COLUMNS = (
    "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;code_insee_ancienne_commune;nom_ancienne_commune;x;y;"
    "lon;lat;type_position;alias;nom_ld;libelle_acheminement;nom_afnor;source_position;source_nom_voie;certification_commune;"
    "cad_parcelles"
)  # fmt: skip


def square(rank: int):
    west, south = ORIGIN[0] + rank * SIDE, ORIGIN[1]
    return shapely.box(west, south, west + SIDE, south + SIDE)


def middle(rank: int, east: float = 0.5) -> tuple[float, float]:
    """Longitude and latitude inside a commune."""
    engine, _folder = bench()
    place = "ST_Transform(ST_Point(?, ?), 'EPSG:2154', 'OGC:CRS84', always_xy := true)"
    [(lon, lat)] = engine.execute(
        f"SELECT ST_X(p), ST_Y(p) FROM (SELECT {place} AS p)", [ORIGIN[0] + (rank + east) * SIDE, ORIGIN[1] + SIDE / 2]
    )
    return lon, lat


def admin_express(path: Path, *, edition: int = 3, communes=COMMUNES, driver="GPKG") -> Path:
    """GeoPackage of two layers, or the Shapefile of communes; edition 3 (COG-CARTO 2024) or 4 (2025)."""
    shapes = [shapely.MultiPolygon([square(rank)]) for rank in range(len(communes))]
    codes, names, departments, sirens = zip(*communes, strict=True)
    if edition == 3:
        columns = {
            "ID": [f"COMMUNE_{code}" for code in codes], "NOM": names, "NOM_M": [name.upper() for name in names],
            "INSEE_COM": codes, "STATUT": ["Commune simple"] * len(codes), "POPULATION": [1000] * len(codes),
            "INSEE_CAN": ["01"] * len(codes), "INSEE_ARR": ["2"] * len(codes), "INSEE_DEP": departments,
            "INSEE_REG": ["52"] * len(codes), "SIREN_EPCI": sirens,
        }  # fmt: skip
    else:
        columns = {
            "cleabs": [f"COMMUNE_{code}" for code in codes], "code_insee": codes, "nom_officiel": names,
            "nom_officiel_en_majuscules": [name.upper() for name in names], "population": [1000] * len(codes),
            "code_insee_du_departement": departments, "code_insee_de_la_region": ["52"] * len(codes),
            "codes_siren_des_epci": sirens, "organisme_recenseur": ["INSEE"] * len(codes),
        }  # fmt: skip
    _write(path, "commune" if edition == 4 else "COMMUNE", shapes, columns, driver)
    if driver == "GPKG":
        _write_epci(path, shapes, sirens, edition)
    return path


def _write_epci(path: Path, shapes, sirens, edition: int) -> None:
    own = [one.split("/")[0] for one in sirens]
    known = list(dict.fromkeys(own))
    drawn = [shapely.multipolygons([s.geoms[0] for s, o in zip(shapes, own, strict=True) if o == one]) for one in known]
    name = [f"Intercommunalité {one}" for one in known]
    columns = (
        {"ID": known, "CODE_SIREN": known, "NOM": name, "NATURE": ["Métropole"] * len(known)}
        if edition == 3
        else {"cleabs": known, "code_siren": known, "nom_officiel": name, "nature": ["Métropole"] * len(known)}
    )
    _write(path, "epci" if edition == 4 else "EPCI", drawn, columns, "GPKG", append=path.exists())


def _write(path: Path, layer: str, shapes, columns, driver: str, *, append: bool = False) -> None:
    numbers = {"POPULATION", "population"}
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(shapes)),
        field_data=[np.array(list(v), dtype="int64" if k in numbers else object) for k, v in columns.items()],
        fields=list(columns),
        geometry_type="MultiPolygon",
        crs="EPSG:2154",
        driver=driver,
        layer=layer if driver == "GPKG" else None,
        append=append,
        encoding="utf-8" if driver != "GPKG" else None,
    )


def ban(path: Path, *, rows=None) -> Path:
    """`adresses-44.csv.gz`."""
    wanted = rows or [(rank, number) for rank in range(len(COMMUNES)) for number in (1, 3, 12)]
    lines = [BAN_COLUMNS]
    for rank, number in wanted:
        code, name, department, _siren = COMMUNES[rank]
        lon, lat = middle(rank, number / 20)
        lines.append(
            f"{code}_0450_{number:05};{code}_0450;{number};;Rue de l’Église;{department}000;{code};{name};;;355000.0;6689000.0;"
            f"{lon:.6f};{lat:.6f};entrée;;;{name.upper()};RUE DE L EGLISE;commune;commune;1;{code}000AB0001|{code}000AB0002"
        )
    path.write_bytes(gzip.compress("\n".join(lines).encode() + b"\n", mtime=0))
    return path


def cadastre(path: Path) -> Path:
    """`cadastre-44-parcelles.json.gz`: two parcels a commune."""
    features = []
    for rank, (code, *_more) in enumerate(COMMUNES):
        for number in (1, 2):
            lon, lat = middle(rank, number / 3)
            ring = [[lon, lat], [lon + 0.001, lat], [lon + 0.001, lat + 0.001], [lon, lat + 0.001], [lon, lat]]
            parcel = f"{code}000AB{number:04}"
            features.append(
                {
                    "type": "Feature", "id": parcel, "geometry": {"type": "Polygon", "coordinates": [ring]},
                    "properties": {
                        "id": parcel, "commune": code, "prefixe": "000", "section": "AB", "numero": str(number),
                        "contenance": 535, "arpente": False, "created": "2016-02-11", "updated": "2026-02-19",
                    },
                }
            )  # fmt: skip
    document = {"type": "FeatureCollection", "features": features}
    path.write_bytes(gzip.compress(json.dumps(document, ensure_ascii=False).encode(), mtime=0))
    return path


def extract(path: Path) -> Path:
    """`pays-de-la-loire.osm.pbf`: a street in Nantes, one in Rezé, a river; a pharmacy, a nameless bench, a school."""
    nodes, ways = [], []
    for rank in (0, 1):
        for step in range(3):
            lon, lat = middle(rank, 0.2 + 0.2 * step)
            nodes.append((10 * (rank + 1) + step, lon, lat, {}))
        refs = [10 * (rank + 1) + step for step in range(3)]
        ways.append((100 + rank, refs, {"highway": "residential", "name": f"Rue n° {rank}", "maxspeed": "30"}))
    lon, lat = middle(0)
    nodes += [
        (50, lon, lat, {"amenity": "pharmacy", "name": "Pharmacie de l’Île"}),
        (51, lon, lat, {"amenity": "bench"}),
        (60, lon, lat, {}), (61, lon + 0.001, lat, {}), (62, lon + 0.001, lat + 0.001, {}),
    ]  # fmt: skip
    ways += [
        (200, [10, 11, 12], {"waterway": "river", "name": "La Loire"}),
        (201, [60, 61, 62, 60], {"amenity": "school", "name": "École Aristide-Briand"}),
        (202, [60, 9999], {"highway": "path"}),
    ]
    return pbf.write(path, nodes, ways)
