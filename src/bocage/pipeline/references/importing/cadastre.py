"""Cadastre of Etalab: `cadastre-<commune or department>-<layer>.json.gz`, GeoJSON in longitude and latitude."""

from __future__ import annotations

from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.vocabulary import Frequency, Licence
from bocage.pipeline.references.importing.sources import Source, SourceLayer, layered

CADASTRE = Source(
    name="cadastre",
    label="cadastre (Etalab)",
    licence=Licence.LICENCE_OUVERTE,
    attribution="DGFiP, cadastre ; mise en forme Etalab",
    origin="https://cadastre.data.gouv.fr/datasets/cadastre-etalab",
    frequency=Frequency.QUARTERLY,
    keywords=("référence", "cadastre"),
    layers=layered(
        SourceLayer(
            "parcelles",
            slug="cadastre-parcelles",
            title="Parcelles cadastrales",
            description="Parcelles du cadastre, avec leur contenance. Source : DGFiP, mise en forme Etalab.",
            kind=ReferenceKind.PARCELS,
            key=("id",),
            label=("numero",),
            names=("parcelles",),
            commune=("commune",),
            texts=("id", "commune", "prefixe", "section", "numero"),
        ),
        SourceLayer(
            "sections",
            slug="cadastre-sections",
            title="Sections cadastrales",
            description="Sections du cadastre. Source : DGFiP, mise en forme Etalab.",
            kind=ReferenceKind.OTHER,
            key=("id",),
            label=("code",),
            names=("sections",),
            commune=("commune",),
            texts=("id", "commune", "prefixe", "code"),
        ),
        SourceLayer(
            "batiments",
            slug="cadastre-batiments",
            title="Bâtiments du cadastre",
            description="Bâtiments, durs et légers, du plan cadastral. Source : DGFiP, mise en forme Etalab.",
            kind=ReferenceKind.OTHER,
            key=("id",),
            label=("nom",),
            names=("batiments",),
            commune=("commune",),
            texts=("id", "commune", "type"),
        ),
        SourceLayer(
            "communes",
            slug="cadastre-communes",
            title="Communes (cadastre)",
            description="Limites des communes au plan cadastral. Source : DGFiP, mise en forme Etalab.",
            kind=ReferenceKind.BOUNDARIES,
            key=("id",),
            label=("nom",),
            names=("communes",),
            commune=("id",),
            texts=("id",),
        ),
    ),
)
