"""Names that XML takes, and the way back."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bocage.publish.wfs.names import (
    feature_id,
    field_name,
    identifier_of,
    local_name,
    property_name,
    slug_of,
    type_name,
)

NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
SLUGS = st.from_regex(r"[a-z0-9_-]{1,30}", fullmatch=True)
FIELDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], max_codepoint=0xFFFF), min_size=1, max_size=20)


@given(SLUGS)
def test_types(slug):
    assert NCNAME.fullmatch(local_name(slug))
    assert slug_of(type_name(slug)) == slug
    assert identifier_of(slug, feature_id(slug, "ab12-2")) == "ab12-2"


@given(SLUGS, SLUGS)
def test_two_datasets_never_share_a_type(one, other):
    assert (local_name(one) == local_name(other)) == (one == other)


@given(FIELDS.filter(lambda name: not set(name) & set("/[@:") and name.strip() == name))
def test_properties(name):
    assert NCNAME.fullmatch(property_name(name))
    if not re.search(r"_x[0-9A-F]{4,6}_", name):
        assert field_name(f"bocage:{property_name(name)}") == name


def test_plain_names_stay():
    assert property_name("code_insee") == "code_insee"
    assert field_name("bocage:lieux/bocage:code_insee") == "code_insee"
    assert field_name("@gml:id") == "_id"
