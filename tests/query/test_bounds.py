"""What a hostile or clumsy request may ask for: little memory, little time, a sentence; and json_format() in exports."""

from __future__ import annotations

import json

import pytest

from bocage.access.viewer import OPERATOR
from bocage.query.errors import OdsqlError, TooComplex
from bocage.query.odsql import parse
from bocage.query.rendering import CsvLine, JsonLine
from bocage.query.requests import OdsqlRequest
from bocage.query.services import stream
from bocage.query.spreadsheet import SheetRow
from tests.query.companies import COMPANIES, ROWS, ask

SQUARE = "-2 47, -1 47, -1 48, -2 47"


@pytest.mark.parametrize(
    ("clauses", "what"),
    [
        ({"where": ["actif"] * 51}, "clauses"),
        ({"where": ["actif and " * 1200 + "actif"]}, "characters"),
        ({"where": ["actif or " * 1100 + "actif"]}, "values"),
        ({"where": ["effectif in (" + "1," * 1000 + "1)"]}, "values"),
        ({"where": ["not(" * 45 + "actif" + ")" * 45]}, "nested expressions"),
        ({"select": "-" * 60 + "ca"}, "nested expressions"),
        ({"select": "ifnull(" * 45 + "ca" + ", 1)" * 45}, "nested expressions"),
        ({"group_by": ", ".join(["commune"] * 21)}, "expressions"),
        ({"order_by": ", ".join(["commune"] * 21)}, "expressions"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_every_bound_is_a_sentence(clauses, what):
    with pytest.raises(TooComplex) as caught:
        ask(**clauses)
    assert caught.value.fields["what"] == what


@pytest.mark.parametrize(
    "clauses",
    [
        {"select": "date_format(creation, '" + "EEEE " * 60 + "') as d"},
        {"where": ['"' + "mot " * 60 + '"']},
        {"where": ["effectif = '" + "9" * 4000 + "'"]},
        {"group_by": "range(ca, " + ", ".join(map(str, range(150))) + ")"},
        {"where": ["intersects(zone, geom'" + "GEOMETRYCOLLECTION(" * 20 + "POINT(1 2)" + ")" * 20 + "')"]},
        {"where": ["intersects(zone, geom'01" + "06000000ffffffff" * 4 + "')"]},
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_too_long_is_refused(clauses):
    with pytest.raises(OdsqlError):
        ask(**clauses)


@pytest.mark.parametrize(
    "clauses",
    [
        {"group_by": "range(ca, 1e-300)"},
        {"group_by": "range(ca, 1e300)"},
        {"group_by": "range(effectif, 1)"},
        {"group_by": "range(effectif, 9223372036854775807)"},
        {"group_by": "range(maj, 1 ms)"},
        {"group_by": "range(maj, 999999 days)"},
        {"group_by": "siret, nom, commune, effectif, ca, actif, creation, maj, naf, chemin, brut, year"},
        {"group_by": "geo_cluster(position, 25, 1)"},
        {"group_by": "geo_cluster(position, 0, 4096)"},
        {
            "select": "percentile(ca, 0), percentile(effectif, 100), percentile(ca, 1e-12), percentile(ca, 99.999999999999)"
        },
        {"select": "effectif * effectif * effectif as x, ca * 1e300 * 1e300 as y, -effectif as z"},
        {"where": ["nom like '" + "*" * 5000 + "'"]},
        {"where": ["nom like '(a+)+$ [^x]{1,99}'"]},
        {"where": ["startswith(nom, '" + "%_\\\\" * 900 + "')"]},
        {"where": [f"intersects(zone, geom'MULTIPOLYGON({', '.join([f'(({SQUARE}))'] * 200)})')"]},
        {"where": ["within_distance(position, geom'POINT(0 0)', 99999999999km)"]},
        {"where": ["effectif < " + "9" * 400]},
    ],
    ids=lambda value: str(value)[:60],
)
def test_extremes_are_answered(clauses):
    page = ask(**({"limit": 100} | clauses))
    assert page.total_count >= 0
    json.dumps(page.rows, allow_nan=False)


def test_the_trees_of_long_clauses_are_not_kept():
    kept = parse._cached.cache_info().currsize
    for number in range(20):
        ask(select="count(*)", where=[f"siret = '{number}' " + "or actif " * 100])
    assert parse._cached.cache_info().currsize <= kept + 1  # the select alone


def test_json_format_is_json_in_json_and_the_text_elsewhere():
    request = OdsqlRequest(select="json_format(brut, 'faute') as j", limit=-1)
    with stream(OPERATOR, COMPANIES, request, JsonLine()) as found:
        lines = [line for batch in found.batches for line in batch.column(0).to_pylist()]
    shown = [row["j"] for row in ask(select="json_format(brut, 'faute') as j", limit=100).rows]
    deep = [position for position, row in enumerate(ROWS) if (row["brut"] or "").startswith(("[[[", "1e999"))]
    assert len(lines) == len(ROWS)
    for position, (line, value) in enumerate(zip(lines, shown, strict=True)):
        assert position in deep or json.loads(line, parse_constant=pytest.fail) == {"j": value}
    with stream(OPERATOR, COMPANIES, request, CsvLine()) as found:
        cells = [line for batch in found.batches for line in batch.column(0).to_pylist()]
    assert cells[:5] == [CsvLine().header([row["brut"] or ""]) for row in ROWS[:5]]


def test_the_largest_and_smallest_numbers_are_texts_in_a_workbook():
    with stream(OPERATOR, COMPANIES, OdsqlRequest(select="effectif", limit=-1), SheetRow(1, 2)) as found:
        lines = [line for batch in found.batches for line in batch.column(0).to_pylist()]
    for line, row in zip(lines, ROWS, strict=True):
        number = row["effectif"]
        exact = f"<v>{number}</v>" if number is not None and abs(number) < 10**15 else f">{number}</t>"
        assert (exact if number is not None else "<c/>") in line
