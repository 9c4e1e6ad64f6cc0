"""Any sequence of puts and deletes, in any batches, gives what a plain dictionary (with a key) or list (without) gives."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.pushes.fitting import fit
from bocage.pipeline.pushes.layout import Layout, layout_of
from bocage.pipeline.pushes.merging import merged
from bocage.pipeline.pushes.payload import records_of
from bocage.pipeline.pushes.staging import stage_select
from bocage.pipeline.pushes.typed import operations, write_lines
from bocage.store.engine import literal, workshop
from bocage.store.layout import version_path
from bocage.store.models import Version

FIELDS = (
    Field("id", FieldType.STRING),
    Field("n", FieldType.INTEGER),
    Field("o", FieldType.NUMBER),
    Field("place", FieldType.ARRAY),
)
KEYS = {"none": (), "one": ("id",), "two": ("id", "n")}
_text = st.sampled_from(["a", "b", "007", "7", "é", 'q"\\', "=", "  "])
_record = st.fixed_dictionaries(
    {"id": _text, "n": st.integers(0, 2)},
    optional={"o": st.sampled_from([None, 0.5, 1.25e-7]), "place": st.sampled_from([[], ["a"], ["a", "b"], None])},
)
_payloads = st.lists(st.tuples(st.sampled_from("ppd"), st.lists(_record, min_size=1, max_size=4)), max_size=6)
_cuts = st.lists(st.integers(0, 6), max_size=3)


def whole(record):
    return tuple(
        tuple(value) if isinstance(value, list) else value for value in (record.get(field.name) for field in FIELDS)
    )


def as_python_says(key, payloads):
    """The model: a dictionary whose values keep their place, or a list."""
    table: dict[object, tuple[object, ...]] = {}
    counter = itertools.count()
    for operation, records in payloads:
        for record in records:
            identity = tuple(record[name] for name in key) if key else next(counter)
            if operation == "p":
                table[identity] = whole(record)
            elif key:
                table.pop(identity, None)
            else:
                table = {place: row for place, row in table.items() if row != whole(record)}
    return list(table.values())


class Store:
    """Versions on the disk, made one from the other, without a database."""

    def __init__(self, folder, key):
        self.folder, self.rank = folder, itertools.count(1)
        self.dataset = Dataset(uid="da_1", slug="a", primary_key=list(key))
        with workshop(folder / "w", spatial=False) as shop:
            nothing = "SELECT '' AS id, 0::BIGINT AS n, 0::DOUBLE AS o, ['']::VARCHAR[] AS place WHERE false"
            self.version = self._kept(shop, nothing)

    def publish(self, payloads):
        layout: Layout = layout_of(self.dataset, self.version)
        lines = self.folder / "lines.jsonl"
        write_lines(
            ["\n".join(fit(records_of(_json(records)), operation, layout)).encode() for operation, records in payloads],
            lines,
        )
        with workshop(self.folder / "w", readable=[lines, version_path(self.version)], spatial=False) as shop:
            self.version = self._kept(
                shop, merged(self.version, layout, operations(lines, layout, None, ""), workshop=shop)
            )

    def _kept(self, shop, select):
        staged = stage_select(
            select, workshop=shop, directory=self.folder / "w", fields=FIELDS, geometry={}, provenance={}
        )
        schema = [field.as_dict() for field in FIELDS]
        version = Version(dataset=self.dataset, number=next(self.rank), row_count=staged.row_count, schema=schema)
        version_path(version).parent.mkdir(parents=True, exist_ok=True)
        staged.path.rename(version_path(version))
        return version

    def rows(self):
        path = version_path(self.version)
        with workshop(self.folder / "w", readable=[path], spatial=False) as shop:
            found = shop.execute(f"SELECT id, n, o, place FROM read_parquet({literal(str(path))})")
        return [tuple(tuple(value) if isinstance(value, list) else value for value in row) for row in found]


def _json(records):
    return json.dumps(records).encode()


@pytest.mark.parametrize("key", KEYS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(payloads=_payloads, cuts=_cuts)
def test_the_engine_agrees_with_a_plain_model(tmp_path_factory, settings, key, payloads, cuts):
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    store = Store(settings.DATA_DIR, KEYS[key])
    edges = sorted({0, len(payloads), *(min(cut, len(payloads)) for cut in cuts)})
    for start, end in itertools.pairwise(edges):
        store.publish(payloads[start:end])
    assert store.rows() == as_python_says(KEYS[key], payloads)
