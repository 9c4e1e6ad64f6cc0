"""How many rows are held at once depends on what they weigh."""

import io

import numpy as np
import pyarrow as pa
import pytest

from bocage.query.lookups.lookup import FEW, HELD, IDS, ROWS, opened
from bocage.store.sections import SectionsWriter


@pytest.mark.parametrize(("each", "most"), [(8, 10_001), (HELD // 5000, 4_900), (HELD // 100, FEW)])
def test_heavy_rows_are_held_in_smaller_number(each: int, most: int) -> None:
    file, count = io.BytesIO(), 50
    writer = SectionsWriter(file)
    writer.put(ROWS, pa.record_batch([pa.array([bytes(each)] * count)], names=["geo"]))
    writer.put(IDS, pa.record_batch([pa.array(map(str, range(count)))], names=["~id"]))
    writer.finish({"same": {}})
    lookup = opened(pa.py_buffer(file.getvalue()))
    assert most <= lookup.at_once(10_001) <= most + 100
    assert lookup.at_once(20) == 20
    assert lookup.take(np.array([3, 1], np.uint32), ["geo"]).column("_row").to_pylist() == [3, 1]
