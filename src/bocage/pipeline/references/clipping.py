"""What a file holds inside the territory of an organisation, by the boundaries of the communes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bocage.capture.services import stage
from bocage.kernel.errors import TerminalError
from bocage.kernel.ids import new_uid
from bocage.organizations.vocabulary import OrganizationKind
from bocage.pipeline.references.importing.area import Area, lay_out_boundary
from bocage.pipeline.references.importing.errors import BoundariesMissing, NothingInside
from bocage.pipeline.references.importing.preparing import GROUP, POINT, SHAPE
from bocage.pipeline.references.territory import known_communes
from bocage.store.engine import literal, quoted, workshop

if TYPE_CHECKING:
    from bocage.capture.understanding import Corrections
    from bocage.organizations.models import Organization
    from bocage.pipeline.references.territory import CommunesKnown
    from bocage.store.staged import StagedFile


class NowhereKnown(TerminalError):
    code = "references.organization-nowhere"
    message = _("Bocage does not know where “%(organization)s” is.")
    mend = _("Give its INSEE code or its SIREN, on the page of the organisation.")


class NoPosition(TerminalError):
    code = "references.no-position"
    message = _("“%(file)s” has no position: nothing tells what is inside.")
    mend = _("Say where its geometry is, or publish it whole.")


def area_of_organization(organization: Organization) -> Area:
    """Its commune, its department, or the communes of its intercommunal authority. Raises NowhereKnown."""
    code = organization.insee_code
    if organization.kind == OrganizationKind.DEPARTMENT and code:
        return Area(departments=(code,))
    if len(code) == 5:
        return Area(communes=(code,))
    if organization.siren:
        return Area(sirens=(organization.siren,))
    raise NowhereKnown(organization=organization.name)


def clip(
    file: Path, *, filename: str, corrections: Corrections, organization: Organization, directory: Path
) -> tuple[Path, int]:
    """A Parquet file below `directory` of the rows that meet the territory, in their order and under the names that the file gives
    to its columns; and how many rows it has. What crosses the boundary is kept whole.

    Raises NowhereKnown, BoundariesMissing, NoPosition, NothingInside, and what capture raises."""
    area, known = area_of_organization(organization), known_communes()
    if known is None:
        raise BoundariesMissing(area=organization.name)
    staged = stage(file, filename=filename, directory=directory, corrections=corrections)
    try:
        if staged.geometry is None:
            raise NoPosition(file=filename)
        path, count = _inside(staged, staged.geometry.column, area, known, directory)
    finally:
        staged.path.unlink(missing_ok=True)
    if not count:
        raise NothingInside(file=filename, area=organization.name)
    return path, count


def _inside(staged: StagedFile, shape: str, area: Area, known: CommunesKnown, directory: Path) -> tuple[Path, int]:
    path = directory / f"{new_uid('clipped')}.parquet"
    names = {one.name for one in staged.fields}
    kept = ", ".join(
        f"{quoted(one.name)} AS {quoted(one.name if one.type.is_geographic else one.label or one.name)}"
        for one in staged.fields
        if not (one.name == POINT and SHAPE in names)  # made again from the shape
    )
    rows = f"read_parquet({literal(str(staged.path))}, file_row_number = true)"
    with workshop(directory / new_uid("bench"), readable=[directory, known.path]) as shop:
        lay_out_boundary(shop, area, known)
        met = (
            f"SELECT file_row_number FROM {rows} AS r JOIN boundary ON ST_Intersects(r.{quoted(shape)}, boundary.shape)"
        )
        [(count,)] = shop.execute(
            f"COPY (SELECT {kept} FROM {rows} WHERE file_row_number IN ({met}) ORDER BY file_row_number) "
            f"TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"
        )
    return path, int(count)
