"""ADMIN EXPRESS of the IGN (plain, COG, COG-CARTO): GeoPackage or Shapefile, editions 2 to 4.

Edition 4 (2025) has the names of BD TOPO (`code_insee`, `nom_officiel`, `codes_siren_des_epci`); the ones before have short names
(`INSEE_COM`, `NOM`, `SIREN_EPCI`). A commune of the Métropole du Grand Paris is in two intercommunal authorities: `a/b`.
"""

from __future__ import annotations

from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.vocabulary import Frequency, Licence
from bocage.pipeline.references.importing.sources import Source, SourceLayer, layered

COMMUNES = "communes"
SEPARATOR = "/"
"""Between the SIREN of a commune that is in two intercommunal authorities."""

_NAME = ("nom_officiel", "nom")

ADMIN_EXPRESS = Source(
    name="admin-express",
    label="ADMIN EXPRESS",
    licence=Licence.LICENCE_OUVERTE,
    attribution="IGN, ADMIN EXPRESS",
    origin="https://geoservices.ign.fr/adminexpress",
    frequency=Frequency.ANNUAL,
    keywords=("référence", "limites administratives", "IGN"),
    layers=layered(
        SourceLayer(
            COMMUNES,
            slug="admin-express-communes",
            title="Communes (ADMIN EXPRESS)",
            description="Limites des communes, avec leur code INSEE, leur nom et leur population. Source : IGN, ADMIN EXPRESS.",
            kind=ReferenceKind.BOUNDARIES,
            key=("code_insee", "insee_com"),
            label=_NAME,
            names=("commune", "commune_carto"),
            commune=("code_insee", "insee_com"),
            siren=("codes_siren_des_epci", "siren_epci", "code_epci"),
            texts=(
                "code_insee", "insee_com", "code_insee_du_canton", "insee_can", "code_insee_de_l_arrondissement", "insee_arr",
                "code_insee_du_departement", "insee_dep", "code_insee_de_la_region", "insee_reg", "codes_siren_des_epci",
                "siren_epci", "code_postal", "insee_col", "code_siren",
            ),
        ),
        SourceLayer(
            "epci",
            slug="admin-express-epci",
            title="Intercommunalités (ADMIN EXPRESS)",
            description="Limites des intercommunalités à fiscalité propre, avec leur numéro SIREN. Source : IGN, ADMIN EXPRESS.",
            kind=ReferenceKind.BOUNDARIES,
            key=("code_siren", "siren"),
            label=_NAME,
            names=("epci", "epci_carto"),
            through=("codes_siren_des_epci", "siren_epci", "code_epci"),
            texts=("code_siren", "siren"),
        ),
        SourceLayer(
            "departements",
            slug="admin-express-departements",
            title="Départements (ADMIN EXPRESS)",
            description="Limites des départements, avec leur code INSEE. Source : IGN, ADMIN EXPRESS.",
            kind=ReferenceKind.BOUNDARIES,
            key=("code_insee", "insee_dep"),
            label=_NAME,
            names=("departement", "departement_carto"),
            through=("code_insee_du_departement", "insee_dep"),
            texts=("code_insee", "insee_dep", "code_insee_de_la_region", "insee_reg", "code_siren"),
            usual=False,
        ),
        SourceLayer(
            "regions",
            slug="admin-express-regions",
            title="Régions (ADMIN EXPRESS)",
            description="Limites des régions, avec leur code INSEE. Source : IGN, ADMIN EXPRESS.",
            kind=ReferenceKind.BOUNDARIES,
            key=("code_insee", "insee_reg"),
            label=_NAME,
            names=("region", "region_carto"),
            through=("code_insee_de_la_region", "insee_reg"),
            texts=("code_insee", "insee_reg", "code_siren"),
            usual=False,
        ),
    ),
)  # fmt: skip
