"""What is known beforehand of the sources: their layers, their columns, their licence, how they are to be quoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bocage.capture.understanding import Corrections
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.vocabulary import Frequency, Licence


@dataclass(frozen=True)
class SourceLayer:
    """One dataset to be. Columns are given as the names that the editions of the source have given them, the newest first, as
    Bocage writes names (lower case): the first one that the file has is meant.

    `names`: of the layer in a container, or a word of the name of the file. `commune`: columns that hold the INSEE code of a
    commune (or begin with it); `through`: column of the layer of communes whose values say which rows belong to an area, for a
    layer without codes of communes. `texts`: columns that are codes, whatever they look like."""

    name: str
    slug: str
    title: str
    description: str
    kind: ReferenceKind
    key: tuple[str, ...]
    label: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    commune: tuple[str, ...] = ()
    siren: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    reading: Corrections = field(default_factory=Corrections)
    usual: bool = True


@dataclass(frozen=True)
class Source:
    """`layers` by name, in the order in which they are prepared."""

    name: str
    label: str
    licence: Licence
    attribution: str
    origin: str
    frequency: Frequency
    keywords: tuple[str, ...]
    layers: Mapping[str, SourceLayer]


def layered(*layers: SourceLayer) -> Mapping[str, SourceLayer]:
    return {layer.name: layer for layer in layers}
