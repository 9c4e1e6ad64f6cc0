"""Lengths of codes: nothing is brought to a length that the constraints do not impose."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.check.mapping.code_lengths import LONGEST, code_length, lengths_of
from bocage.check.schema import SchemaField


@pytest.mark.parametrize(
    ("constraints", "length"),
    [
        ({"pattern": r"^([013-9]\d|2[AB1-9])\d{3}$"}, 5),
        ({"pattern": r"^[0-9][0-9AB][0-9]{3}$"}, 5),
        ({"pattern": r"^\d{2}[0-9AB]\d{2}$"}, 5),
        ({"pattern": r"^(\d{5})?$"}, 5),
        ({"pattern": r"^(?:0[1-9]|[1-8]\d|2[AB]|9[0-5])$"}, 2),
        ({"pattern": r"^(?=.*[1-9])\d{14}$"}, 14),
        ({"pattern": r"^(\d{9}|\d{14})$"}, 0),
        ({"pattern": r"^\d{4,5}$", "minLength": 5}, 0),
        ({"pattern": r"^\d{4,5}$", "minLength": 5, "maxLength": 9}, 5),
        ({"pattern": r"^\d+$"}, 0),
        ({"pattern": r"^(\d)\1{4}$"}, 0),
        ({"pattern": r"^(\d{5}$"}, 0),
        ({"minLength": 3, "maxLength": 3}, 3),
        ({"minLength": 3}, 0),
        ({"enum": ["01", "02", "2A"]}, 2),
        ({"enum": ["1", "02"]}, 0),
        ({}, 0),
    ],
)
def test_the_length_that_the_constraints_impose(constraints, length):
    assert code_length(SchemaField("code", constraints=constraints)) == length


PARTS = st.recursive(
    st.sampled_from([r"\d", "[AB]", "x", ".", "(?:ab|c)", "(?=.|$)"]),
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map("".join),
        st.tuples(part, part).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(part, st.sampled_from(["{2}", "{1,3}", "?", "*", "{0,2}?"])).map(lambda two: f"(?:{two[0]}){two[1]}"),
    ),
    max_leaves=6,
)


@given(pattern=PARTS, data=st.data())
def test_no_text_that_a_pattern_accepts_has_another_length(pattern, data):
    lengths = lengths_of(pattern)
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    if lengths is not None:
        assert max(lengths, default=0) <= LONGEST
        assert len(text) in lengths
