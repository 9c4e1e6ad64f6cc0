"""Base Adresse Nationale: `adresses-<department>.csv.gz`, one row an address, in longitude and latitude."""

from __future__ import annotations

from bocage.capture.understanding import Corrections
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.vocabulary import Frequency, Licence
from bocage.pipeline.references.importing.sources import Source, SourceLayer, layered

BAN = Source(
    name="ban",
    label="Base Adresse Nationale",
    licence=Licence.LICENCE_OUVERTE,
    attribution="Base Adresse Nationale",
    origin="https://adresse.data.gouv.fr/data/ban/adresses/latest/csv",
    frequency=Frequency.WEEKLY,
    keywords=("référence", "adresses", "BAN"),
    layers=layered(
        SourceLayer(
            "adresses",
            slug="ban-adresses",
            title="Adresses (Base Adresse Nationale)",
            description="Adresses, avec leur position et le code INSEE de leur commune. Source : Base Adresse Nationale.",
            kind=ReferenceKind.ADDRESSES,
            key=("id",),
            label=("nom_voie",),
            commune=("code_insee",),
            texts=(
                "id", "id_fantoir", "numero", "rep", "code_postal", "code_insee", "code_insee_ancienne_commune", "cad_parcelles",
            ),
            reading=Corrections(geometry_source="latlon", geometry_columns=("lat", "lon")),
        )
    ),
)  # fmt: skip
