"""Identifiers of rows, streams, and the queries that real clients send."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pyarrow as pa
import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.record_ids import ids_sql
from bocage.query.rendering import JsonLine
from bocage.query.requests import OdsqlRequest
from bocage.query.services import record, records, stream
from tests.query.table import ROWS, TABLE


def ids(relation):
    return {r["code"]: r["_id"] for r in records(OPERATOR, relation, OdsqlRequest(select="code, _id", limit=100)).rows}


def test_identifiers_are_unique_and_lead_back_to_their_row():
    known = ids(TABLE)
    assert len(set(known.values())) == len(ROWS)
    assert record(OPERATOR, TABLE, known["44007"], "code, pop") == {"code": "44007", "pop": ROWS[7]["pop"]}


def test_with_a_key_an_identifier_survives_changes_and_new_orders():
    changed = tuple(row | {"pop": 1, "_row": 79 - row["_row"]} for row in reversed(ROWS))
    assert ids(replace(TABLE, key="tests changed", rows=changed)) == ids(TABLE)


def test_without_a_key_it_follows_the_content_and_tells_doubles_apart():
    doubled = (*ROWS, *({**row, "_row": row["_row"] + 80} for row in ROWS))
    first = replace(TABLE, key="tests no key", identity=())
    both = replace(TABLE, key="tests doubled", identity=(), rows=doubled)
    page = records(OPERATOR, both, OdsqlRequest(select="_id", limit=100)).rows
    assert [row["_id"] for row in page[:80]] == list(ids(first).values())
    assert page[80]["_id"] == page[0]["_id"] + "-2"
    assert record(OPERATOR, both, page[80]["_id"], "code") == {"code": ROWS[0]["code"]}


ALONE = """
import sys, duckdb
engine = duckdb.connect(config={"threads": sys.argv[1], "memory_limit": "512MiB"})
engine.execute("CREATE TABLE many AS SELECT range AS _row, range // 2 AS v FROM range(1000000)")
print(sum(len(batch) for batch in engine.execute(sys.argv[2]).to_arrow_reader(100_000)))
"""
"""An engine that waits for itself cannot be interrupted: it is asked in a process that can be killed."""


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_million_rows_without_a_key_are_told_apart(threads):
    many = replace(TABLE, key="tests many", identity=(), fields=(Field("v", FieldType.INTEGER),))
    command = [sys.executable, "-c", ALONE, threads, ids_sql(many, "many")]
    assert (
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.split()[-1] == "1000000"
    )


def test_a_stream_has_every_row_in_order_and_its_count():
    with stream(OPERATOR, TABLE, OdsqlRequest(limit=-1, where=["pop > 5"], order_by="-pop")) as found:
        table = pa.Table.from_batches(found.batches)
        expected = sorted((r for r in ROWS if (r["pop"] or 0) > 5), key=lambda r: (-r["pop"], r["_row"]))
        assert found.row_count == table.num_rows == len(expected)
        assert table.column("code").to_pylist() == [r["code"] for r in expected]
        assert table.schema.field("maj").type == pa.timestamp("us", "UTC")
        assert pa.types.is_binary(table.schema.field("contour").type)


@pytest.mark.parametrize(
    "request_",
    [
        OdsqlRequest(limit=-1),
        OdsqlRequest(limit=7, offset=3),
        OdsqlRequest(limit=-1, select="nom, centre, maj, pop*2 as double", order_by="nom", timezone="Europe/Paris"),
        OdsqlRequest(limit=-1, where=['search("nantes")']),
        OdsqlRequest(limit=-1, select="count(*), avg(pop) as m", group_by="nom"),
        OdsqlRequest(limit=-1, select="count(*)"),
    ],
    ids=str,
)
def test_a_rendered_stream_says_the_same_as_the_page(request_):
    with stream(OPERATOR, TABLE, request_, JsonLine()) as found:
        lines = [json.loads(line) for batch in found.batches for line in batch.column(0).to_pylist()]
        assert found.row_count == len(lines)
    assert lines == records(OPERATOR, TABLE, request_).rows


@pytest.mark.parametrize(
    "clauses",
    [
        {"where": ["maj IN [date'2024-01-01 00:00'..date'2024-01-02 00:00'[AND nom = 'Nantes'"]},
        {"where": ["pop in [0..10]"]},
        {"where": ['`nom` = "Nantes" AND NOT (`pop` = 12)']},
        {"where": ["maj > date'1970-01-01T00:00:00.000Z'"]},
        {"where": ['search("nant")']},
        {"where": ['suggest(nom, "nan")']},
        {"where": ['startswith(nom, "Nan")']},
        {"where": ["minute(maj) = 0 and month(maj) = 1"], "order_by": "maj"},
        {
            "where": ["distance(centre, geom'POINT(-1.55 47.2)', 5km) AND surface is not null"],
            "order_by": "surface asc",
        },
        {"where": ["in_bbox(centre,47,-2,48,-1)"]},
        {"where": ["maj > now(days=-1)"]},
        {"where": ['"text"', "nom='geo'"], "select": "code", "order_by": "code", "limit": 100},
        {"group_by": "nom, pop", "timezone": "Europe/Paris"},
        {"select": "count(*) as n", "limit": 0},
        {"select": "nom as x, sum(pop) as total", "group_by": "x", "order_by": "-total"},
        {"refine": ['maj:"2024/01/01"'], "lang": "fr", "timezone": "Europe/Berlin"},
        {"order_by": "-pop", "limit": -1},
    ],
    ids=str,
)
def test_queries_of_real_clients_are_answered(clauses):
    page = records(OPERATOR, TABLE, OdsqlRequest(**clauses))
    assert page.total_count >= len(page.rows)
    assert all(set(row) == {column.name for column in page.columns} for row in page.rows)
