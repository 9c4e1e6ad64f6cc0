"""A demonstration dataset: what the catalogue says of it, and how its file is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bocage.catalog.vocabulary import Frequency, Licence, Theme

NOTE = "\n\n*Données générées pour la démonstration de Bocage : plausibles, mais fictives.*"


@dataclass(frozen=True)
class Follows:
    """The schema of a dataset; `number` of its version, "" for the latest. `policy`: for what does not follow it."""

    schema: str
    number: str = ""
    policy: str = ""


@dataclass(frozen=True)
class Sample:
    """`make(random, folder)` writes the file of the dataset below `folder` and returns its path; the extension and the
    encoding differ from one to the next on purpose, as they do in real life. `updates`: versions to publish, oldest first."""

    slug: str
    organization: str
    title: str
    description: str
    themes: tuple[Theme, ...]
    make: Callable[[Random, Path], Path]
    keywords: tuple[str, ...] = ()
    frequency: Frequency = Frequency.ANNUAL
    licence: Licence = Licence.LICENCE_OUVERTE
    visibility: str = "open"
    key: tuple[str, ...] = ()
    conforms_to: str = ""
    updates: int = 1
    follows: Follows | None = None


SAMPLES: list[Sample] = []


def sample(
    slug: str,
    organization: str,
    title: str,
    description: str,
    *themes: Theme,
    keywords: Sequence[str] = (),
    frequency: Frequency = Frequency.ANNUAL,
    licence: Licence = Licence.LICENCE_OUVERTE,
    visibility: str = "open",
    key: Sequence[str] = (),
    conforms_to: str = "",
    updates: int = 1,
    follows: Follows | None = None,
) -> Callable[[Callable[[Random, Path], Path]], Callable[[Random, Path], Path]]:
    """Register the decorated maker as a demonstration dataset."""

    def register(make: Callable[[Random, Path], Path]) -> Callable[[Random, Path], Path]:
        SAMPLES.append(
            Sample(
                slug=slug,
                organization=organization,
                title=title,
                description=description + NOTE,
                themes=themes,
                make=make,
                keywords=tuple(keywords),
                frequency=frequency,
                licence=licence,
                visibility=visibility,
                key=tuple(key),
                conforms_to=conforms_to,
                updates=updates,
                follows=follows,
            )
        )
        return make

    return register
