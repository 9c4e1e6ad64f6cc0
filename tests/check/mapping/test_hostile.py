"""Parameters written by somebody who means harm: an error that says so, nothing else."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.check.mapping.apply import apply
from bocage.check.mapping.kinds.base import LONGEST_RESULT
from bocage.check.mapping.steps import STEPS, ColumnMapping, ColumnMappings, Step
from bocage.check.schema import SchemaField, TableSchema
from bocage.kernel.errors import BocageError
from bocage.store.engine import workshop
from tests.check.mapping.workbench import cells, text_table

SCHEMA = TableSchema("s", (SchemaField("out"),))
ATTACKS = (
    "'; DROP TABLE kept; --", "' || (SELECT secret FROM kept) || '", "\\'; --", '"; --', "{rows}", "{1}{2}{{n}}", "$$", "\x00",
    "(SELECT secret FROM kept)", "')) AS x, (SELECT secret FROM kept) AS y --", "%s%n", "\\1", "a\nb", "0x41", "🦊", "{n:9}{n}",
)  # fmt: skip
ANYTHING = st.one_of(
    st.sampled_from(ATTACKS), st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none(),
    st.lists(st.sampled_from(ATTACKS), max_size=3), st.dictionaries(st.sampled_from(ATTACKS), st.sampled_from(ATTACKS), max_size=3),
)  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with workshop(tmp_path_factory.mktemp("bench"), spatial=False) as opened:
        opened.execute("CREATE TABLE kept AS SELECT 'le secret' AS secret")
        yield opened


def made(bench, rows, step: Step, labels=("a", "b")):
    table = text_table(bench, labels, rows)
    mapping = ColumnMappings((ColumnMapping("out", labels[:1], (step,)),))
    return [row["out"] for row in cells(bench, apply(table, mapping, SCHEMA, workshop=bench))]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_parameter_is_ever_sql(bench, data):
    kind = data.draw(st.sampled_from(sorted(set(STEPS) - {"position", "lookup", "area", "geocode", "code_list"})))
    names = list(STEPS.get(kind).params)
    params = {name: data.draw(ANYTHING, label=name) for name in names if data.draw(st.booleans())}
    text = data.draw(st.sampled_from(ATTACKS[:7] + ATTACKS[8:]))
    with contextlib.suppress(BocageError):
        for value in made(bench, [[text, ""], ["1,5", ""]], Step(kind, params)):
            assert value is None or "le secret" not in value
    assert bench.execute("SELECT secret FROM kept") == [("le secret",)]


@pytest.mark.parametrize("attack", [one for one in ATTACKS if "\x00" not in one])
def test_texts_are_given_back_as_they_are(bench, attack):
    assert made(bench, [["x", ""]], Step("constant", {"value": attack})) == [attack]
    assert made(bench, [["X", ""]], Step("vocabulary", {"table": {"x": attack}})) == [attack]
    assert made(bench, [["x", ""]], Step("replace", {"find": "x", "by": attack})) == [attack]
    assert made(bench, [[f"a{attack}b", ""]], Step("split", {"separator": attack, "part": 2})) == ["b"]


def test_labels_and_targets_are_never_sql(bench):
    label = 'x" FROM kept; --'
    table = text_table(bench, [label], [["v"]])
    mapping = ColumnMappings((ColumnMapping('t"; DROP TABLE kept; --', (label,)),), keep_others=True)
    assert cells(bench, apply(table, mapping, SCHEMA, workshop=bench)) == [{'t"; DROP TABLE kept; --': "v"}]


def test_a_template_that_feeds_itself_stops(bench):
    steps = (Step("template", {"template": "{out}" * 20}),) * 11
    first = Step("template", {"template": "{a}" * 20})
    table = text_table(bench, ["a"], [["0123456789"]] * 5)
    mapping = ColumnMappings((ColumnMapping("out", ("a",), (first, *steps)),))
    assert [row["out"] for row in cells(bench, apply(table, mapping, SCHEMA, workshop=bench))] == [None] * 5


def test_replacing_grows_to_the_limit_and_no_further(bench):
    step = Step("replace", {"find": "a", "by": "a" * 500})
    table = text_table(bench, ["a"], [["a"]])
    mapping = ColumnMappings((ColumnMapping("out", ("a",), (step,) * 12),))
    found = cells(bench, apply(table, mapping, SCHEMA, workshop=bench))[0]["out"]
    assert len(found) <= LONGEST_RESULT


@pytest.mark.parametrize("step", [
    Step("template", {"template": "{1}" * 21}), Step("template", {"template": "{9}"}), Step("template", {"template": "x" * 501}),
    Step("vocabulary", {"table": {str(rank): "x" for rank in range(5001)}}), Step("vocabulary", {"table": "x"}),
    Step("extract", {"pattern": "a" * 301}), Step("extract", {"pattern": "(a)", "group": 2}), Step("extract", {}),
    Step("extract", {"pattern": "a{1001}"}), Step("extract", {"pattern": "(((a{100}){100}){100}){100}"}),
    Step("extract", {"pattern": r"(a)\1"}), Step("extract", {"pattern": "("}), Step("split", {"separator": "(", "pattern": True}),
    Step("pad", {"length": 10**9}), Step("pad", {"length": "x"}), Step("convert", {"factor": "nan"}),
    Step("convert", {"factor": "1e300"}), Step("position", {"crs": "EPSG:1'"}), Step("date", {"to": "'%Y"}),
    Step("datetime", {"zone": "UTC'"}), Step("case", {"to": "x"}), Step("constant", {"value": "a\x00b"}), Step("constant", {}),
    Step("lookup", {"dataset": "x", "keys": ["a"], "value": "b"}),
], ids=lambda step: f"{step.kind} {str(step.params)[:40]}")  # fmt: skip
@pytest.mark.django_db
def test_what_is_too_much_is_refused_with_a_sentence(bench, step):
    with pytest.raises(BocageError) as refusal:
        made(bench, [["a", ""]], step)
    assert len(refusal.value.sentence()) > 20


def test_an_expression_that_explodes_elsewhere_is_linear_here(bench):
    started = time.monotonic()
    assert made(bench, [["a" * 30_000 + "!", ""]], Step("extract", {"pattern": "^(a+)+$"})) == [None]
    assert time.monotonic() - started < 10
