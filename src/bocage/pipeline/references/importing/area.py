"""The part of a file that is wanted: communes, intercommunal authorities, departments; and the boundary that they draw together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.kernel.scratch import scratch
from bocage.pipeline.references.importing.admin_express import SEPARATOR
from bocage.pipeline.references.importing.errors import BoundariesMissing, UnknownArea, UnknownDepartment
from bocage.pipeline.references.territory import CommunesKnown, known_communes
from bocage.store.engine import literal, quoted, workshop

if TYPE_CHECKING:
    from bocage.store.engine import Workshop

_COMMUNE = re.compile(r"(?:\d{5}|2[AB]\d{3})")
_SIREN = re.compile(r"\d{9}")
_DEPARTMENT = re.compile(r"(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-8]|98[4678])")


@dataclass(frozen=True)
class Area:
    """Everything when it names nothing. Codes as they are written in files; all three together."""

    communes: tuple[str, ...] = ()
    sirens: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.communes or self.sirens or self.departments)

    def __str__(self) -> str:
        return ", ".join([*self.communes, *self.sirens, *self.departments])


def area_of(within: Iterable[str], departments: Iterable[str]) -> Area:
    """From what somebody typed. Raises UnknownArea, UnknownDepartment."""
    communes: list[str] = []
    sirens: list[str] = []
    wanted: list[str] = []
    for typed in within:
        code = typed.replace(" ", "").upper()
        if not (_COMMUNE.fullmatch(code) or _SIREN.fullmatch(code)):
            raise UnknownArea(code=typed[:40])
        (sirens if _SIREN.fullmatch(code) else communes).append(code)
    for typed in departments:
        code = typed.strip().upper().zfill(2)
        if not _DEPARTMENT.fullmatch(code):
            raise UnknownDepartment(code=typed[:40])
        wanted.append(code)
    return Area(tuple(communes), tuple(sirens), tuple(wanted))


def condition(area: Area, commune: str, siren: str = "") -> str:
    """SQL over a column of INSEE codes, that of communes or longer ones that begin with them, and perhaps one of SIREN."""
    code = f"trim({quoted(commune)}::VARCHAR)"
    said = [f"left({code}, 5) IN ({_texts(area.communes)})"] if area.communes else []
    said += [f"starts_with({code}, {literal(one)})" for one in area.departments]
    if area.sirens and siren:
        said.append(f"list_has_any({sirens_in(siren)}, [{_texts(area.sirens)}])")
    return f"({' OR '.join(said)})" if said else "false"


def sirens_in(column: str) -> str:
    """SQL: the SIREN that a column of communes holds."""
    return f"string_split(trim({quoted(column)}::VARCHAR), {literal(SEPARATOR)})"


def with_communes(area: Area) -> Area:
    """The same, its intercommunal authorities told by their communes: most files know no SIREN. Raises BoundariesMissing."""
    if not area.sirens:
        return area
    known = known_communes()
    if known is None or not known.siren:
        raise BoundariesMissing(area=str(area))
    with scratch("area") as directory, workshop(directory, readable=[known.path], spatial=False) as shop:
        only = Area(sirens=area.sirens)
        rows = shop.execute(
            f"SELECT DISTINCT {quoted(known.code)}::VARCHAR FROM {known.source} WHERE {_chosen(only, known)}"
        )
        found = sorted(str(code) for (code,) in rows)
    if not found:
        raise BoundariesMissing(area=str(area))
    return Area((*area.communes, *found), (), area.departments)


def lay_out_boundary(shop: Workshop, area: Area, known: CommunesKnown) -> tuple[float, float, float, float]:
    """TABLE boundary(code, shape): the communes of an area, one by one, since many small shapes are compared faster than a large
    one; their bounds. `shop` reads `known.path`. Raises BoundariesMissing."""
    columns = f"trim({quoted(known.code)}::VARCHAR) AS code, {quoted(known.shape)} AS shape"
    shop.execute(
        f"CREATE OR REPLACE TABLE boundary AS SELECT {columns} FROM {known.source} WHERE {_chosen(area, known)}"
    )
    [bounds] = shop.execute(
        "SELECT min(ST_XMin(shape)), min(ST_YMin(shape)), max(ST_XMax(shape)), max(ST_YMax(shape)) FROM boundary"
    )
    asked = f"SELECT unnest([{_texts(area.communes)}]::VARCHAR[]) AS code"
    [(unknown,)] = shop.execute(f"SELECT count(*) FROM ({asked}) WHERE code NOT IN (SELECT code FROM boundary)")
    if None in bounds or unknown:
        raise BoundariesMissing(area=str(area))
    west, south, east, north = map(float, bounds)
    return west, south, east, north


def _chosen(area: Area, known: CommunesKnown) -> str:
    return condition(area, known.code, known.siren)


def _texts(codes: Sequence[str]) -> str:
    return ", ".join(literal(one) for one in codes)
