"""Masks that keep the order, put on the few values of a page at once: as `masks.masked_sql` does in a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bocage.access.vocabulary import Mask
from bocage.catalog.vocabulary import FieldType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bocage.query.lookups.masked import Veil

_PERIODS = {"month": "datetime64[M]", "year": "datetime64[Y]"}


def veiled(column: pa.Array, veil: Veil) -> pa.Array:
    """Of a column that `masked.coarse` knows: none of its values is too large for its mask. What is missing stays so."""
    if veil.mask == Mask.TRUNCATE:
        return pc.utf8_slice_codeunits(column, 0, int(veil.to))
    values = _rounded(column, veil) if veil.mask == Mask.ROUND else _first_days(column, _PERIODS[veil.to])
    kind = (
        pa.int64() if veil.type == FieldType.INTEGER else column.type
    )  # the least of 32 bits may be rounded below them
    return pa.array(values, kind, mask=column.is_null().to_numpy(zero_copy_only=False))


def _rounded(column: pa.Array, veil: Veil) -> NDArray[Any]:
    if veil.type == FieldType.INTEGER:
        whole = column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        rounded: NDArray[Any] = whole - whole % int(veil.to)
        return rounded
    step = float(veil.to)
    lower: NDArray[Any] = np.floor(column.fill_null(0.0).to_numpy(zero_copy_only=False) / step) * step
    return lower


def _first_days(column: pa.Array, period: str) -> NDArray[Any]:
    """Of the period in which each day or instant is, in UTC."""
    there = column.cast(pa.int64() if pa.types.is_timestamp(column.type) else pa.int32()).fill_null(0).to_numpy()
    unit = "datetime64[us]" if pa.types.is_timestamp(column.type) else "datetime64[D]"
    first: NDArray[Any] = there.astype(np.int64).astype(unit).astype(period).astype(unit)
    return first
