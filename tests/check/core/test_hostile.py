"""Files and schemas made to break a checker: a clear answer, in bounded time."""

from __future__ import annotations

import time

import pytest

from bocage.capture.errors import LineTooLong, TooManyColumns
from bocage.check.descriptor import read_schema
from bocage.check.errors import SchemaUnusable
from bocage.check.rules import patterns
from bocage.check.rules.kinds import TooSlow
from tests.check.cases import Case, found_in


def schema(**field):
    return {"fields": [{"name": "a", **field}, {"name": "b", "type": "string"}]}


def test_ten_thousand_columns_are_refused(tmp_path):
    file = tmp_path / "wide.csv"
    file.write_text(",".join(f"c{place}" for place in range(10_000)) + "\n" + "," * 9_999 + "\n")
    with pytest.raises(TooManyColumns):
        found_in(Case(file, schema()))


def test_a_cell_of_a_hundred_megabytes_is_refused(tmp_path):
    file = tmp_path / "long.csv"
    with file.open("w") as stream:
        stream.write('a,b\n1,"')
        for _ in range(100):
            stream.write("x" * 1_000_000)
        stream.write('"\n')
    with pytest.raises(LineTooLong):
        found_in(Case(file, schema()))


def test_an_expression_that_explodes_is_harmless_in_the_engine(tmp_path):
    """(a+)+$ takes Python years on this text, and RE2 no time."""
    file = tmp_path / "x.csv"
    file.write_text("a,b\n" + "a" * 40 + "!,1\n" + "aaa,2\n")
    start = time.monotonic()
    _verdict, found = found_in(Case(file, schema(type="string", constraints={"pattern": "(a+)+"})))
    assert found == [(2, "a", "constraint-error")]
    assert time.monotonic() - start < 10


def test_an_expression_that_only_python_has_is_ended_by_a_deadline(tmp_path, monkeypatch):
    monkeypatch.setattr(patterns, "SECONDS", 1)
    explodes = r"(?=a)(a+)+\1!"
    with pytest.raises(TooSlow):
        patterns.matched_in_time(explodes, ["a" * 60])
    file = tmp_path / "x.csv"
    file.write_text("a,b\n" + "a" * 60 + ",1\n" + "b,2\n")
    verdict, _found = found_in(Case(file, schema(type="string", constraints={"pattern": explodes})))
    assert not verdict.valid
    assert "check-error" in {family.code for family in verdict.families}


def test_a_schema_that_refers_to_itself(tmp_path):
    descriptor = schema(type="array", arrayItem={"type": "array", "arrayItem": {"type": "array"}})
    descriptor["foreignKeys"] = [{"fields": "b", "reference": {"resource": "", "fields": "b"}}]
    file = tmp_path / "x.csv"
    file.write_text('a,b\n"[[1], [2]]",x\n"[1]",y\n')
    _verdict, found = found_in(Case(file, descriptor))
    assert found == [(3, "a", "type-error")]
    loop = schema()
    loop["fields"][0]["arrayItem"] = loop
    with pytest.raises(SchemaUnusable):
        read_schema(loop | {"fields": [loop, *loop["fields"]]})


@pytest.mark.parametrize(
    ("descriptor", "code"),
    [
        ([], "not-an-object"),
        ({"fields": [{"name": "a", "type": "text"}]}, "unknown-type"),
        ({"fields": [{"name": "a", "type": "boolean", "constraints": {"minimum": 1}}]}, "constraint-not-allowed"),
        ({"fields": [{"name": "a", "constraints": {"pattern": "("}}]}, "bad-pattern"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "duplicate-field"),
        ({"fields": [{"name": "a"}], "primaryKey": "b"}, "unknown-key-field"),
        ({"fields": [{"name": "a", "required": True}]}, "misplaced-required"),
        ({"fields": [{"name": "a", "format": "colour"}]}, "unknown-format"),
        ({"fields": [{"name": "a", "type": "date", "constraints": {"minimum": "x"}}]}, "constraint-unreadable"),
        ({"fields": [{"name": "a", "type": "integer", "example": "x"}]}, "bad-example"),
        ({"name": "A name", "fields": [{"name": "a"}]}, "wrong-shape"),
        ({"fields": [{"name": "a"}], "custom_checks": [{"name": "x"}]}, "wrong-shape"),
        ({"fields": [{"name": str(place)} for place in range(5_000)]}, "too-large"),
    ],
)
def test_a_wrong_schema_says_why(descriptor, code):
    with pytest.raises(SchemaUnusable) as caught:
        read_schema(descriptor)
    assert code in {reason["code"] for reason in caught.value.fields["reasons"]}
    assert caught.value.sentence()


def test_an_unknown_check_makes_the_file_invalid(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n3,4\n")
    verdict, found = found_in(Case(file, schema() | {"custom_checks": [{"name": "no-such", "params": {}}]}))
    assert not verdict.valid
    assert [code for _, _, code in found] == ["check-error"]
