"""What a Parquet file says of itself: its footer, without reading any row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _


def fault_of(path: Path, *, columns: Sequence[str], row_count: int) -> str | None:
    """Why the file is not a Parquet file of these columns, in this order, and that many rows; None when it is."""
    try:
        with pq.ParquetFile(path) as file:
            found, names = file.metadata.num_rows, file.schema_arrow.names
    except (OSError, pa.ArrowException) as error:
        return _("its footer cannot be read (%(error)s).") % {"error": str(error).splitlines()[0][:200]}
    if found != row_count:
        return _("it holds %(found)s rows instead of %(expected)s.") % {"found": found, "expected": row_count}
    if list(names) != list(columns):
        return _("its columns are not those announced.")
    return None
