"""`bocage demo --with DIR`: every real file found below DIR becomes a dataset, or says why it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.check.registry.identity import identity_in_path
from bocage.demo.publishing import publish
from bocage.kernel.errors import BocageError
from bocage.kernel.ids import slugify
from bocage.organizations.models import Organization
from bocage.pipeline.vocabulary import RunStatus

EXTENSIONS = frozenset(
    [
        ".csv",
        ".tsv",
        ".txt",
        ".xlsx",
        ".xls",
        ".ods",
        ".geojson",
        ".json",
        ".jsonl",
        ".ndjson",
        ".gpkg",
        ".zip",
        ".kml",
        ".kmz",
        ".fgb",
        ".parquet",
        ".gz",
    ]
)
MOST_FILES = 2_000


@dataclass(frozen=True)
class Loaded:
    """What became of one file: `slug` of its dataset when published, else `reason`."""

    file: Path
    slug: str = ""
    rows: int = 0
    reason: str = ""


def load_folder(folder: Path, *, organization: str) -> Iterator[Loaded]:
    """Publish each file of `folder`, in order of path; yields one line per file as it goes."""
    owner = Organization.objects.get(slug=organization)
    found = (f for f in sorted(folder.rglob("*")) if f.is_file() and f.suffix.lower() in EXTENSIONS)
    files = (f for f in found if identity_in_path(f.parts) is None)  # those are schemas: imported as such
    for rank, file in enumerate(files):
        if rank >= MOST_FILES:
            yield Loaded(file, reason=f"plus de {MOST_FILES} fichiers : le reste n’est pas lu")
            return
        yield load_file(file, folder, owner)


def load_file(file: Path, folder: Path, owner: Organization) -> Loaded:
    """Publish one file under a slug made from its path, so that two files of the same name do not meet."""
    slug = slugify("-".join(file.relative_to(folder).parts))
    dataset = Dataset.objects.filter(slug=slug).first()
    if dataset and dataset.version_number:
        return Loaded(file, slug, dataset.row_count or 0)
    try:
        dataset = dataset or create_dataset(
            viewer=OPERATOR, organization=owner, slug=slug, title=file.name, visibility="open",
            description=f"Fichier `{file.relative_to(folder)}`, chargé tel quel pour la démonstration.",
        )  # fmt: skip
        run = publish(dataset, file)
    except BocageError as error:
        reason = str(error)
    else:
        if run.status == RunStatus.DONE:
            dataset.refresh_from_db()
            return Loaded(file, slug, dataset.row_count or 0)
        reason = str(run.error.get("message", run.status))
    if dataset and not dataset.version_number:
        dataset.delete()
    return Loaded(file, reason=reason)
