"""Whoever sees a part edits that part, and learns nothing of the rest."""

from __future__ import annotations

import pytest

from bocage.pipeline.edits import errors
from bocage.pipeline.edits.changes import Change, Create, Delete, Drawing
from bocage.pipeline.pushes.errors import UnknownField
from tests.pipeline.edits.world import Layer, member, rule

ROWS = "insee = '44109'"


@pytest.fixture
def commune(bornes):
    """A contributor who sees the features of one commune, without the column `meta`, prices rounded."""
    rule(bornes.dataset, rows=ROWS, columns={"meta": {"mask": "hide"}, "prix": {"mask": "round", "to": "10"}})
    return bornes.by(member("contributor"))


def hidden_and_seen(bornes: Layer):
    """Identifiers, as everybody has them, of a feature of another commune and of one of theirs."""
    return bornes.identifier(id=11), bornes.identifier(id=12)


def test_rows_of_others_cannot_be_told_from_rows_that_are_not(bornes, commune):
    hidden, _seen = hidden_and_seen(bornes)
    before = bornes.rows()
    for identifier in (hidden, "0" * 32):
        for edit in (Delete(identifier), Change(identifier, {"nom": "à moi"}), Change(identifier, {}, whole=True)):
            with pytest.raises(errors.FeatureAbsent) as refused:
                commune.apply(edit)
            assert refused.value.fields == {"identifier": identifier}
    assert bornes.rows() == before


def test_a_new_feature_says_nothing_of_the_keys_that_are_taken(bornes, commune):
    for key in (11, 999):  # of a hidden feature, and of none
        with pytest.raises(errors.KeyGiven):
            commune.apply(Create({"id": key, "insee": "44109"}))
    [made] = commune.apply(Create({"insee": "44109", "nom": "Neuve"})).done
    number = int(commune.seen(made.identifier)[made.identifier].values["id"])
    assert number >= 2**30  # the next one would say how many there are
    assert bornes.rows("id")[-1] == (number,)


def test_nothing_is_written_that_the_writer_would_not_see(bornes, commune):
    _hidden, seen = hidden_and_seen(bornes)
    before = bornes.rows()
    for edit in (
        Create({"insee": "44143"}), Create({"nom": "nulle part"}), Change(seen, {"insee": "44143"}), Change(seen, {"insee": None}),
        Change(seen, {"nom": "x"}, whole=True),
    ):  # fmt: skip
        with pytest.raises(errors.OutsideYours):
            commune.apply(edit)
    assert bornes.rows() == before


def test_a_hidden_column_does_not_exist_and_stays(bornes, commune):
    _hidden, seen = hidden_and_seen(bornes)
    for edit in (Create({"insee": "44109", "meta": "{}"}), Change(seen, {"meta": "{}"})):
        with pytest.raises(UnknownField) as refused:
            commune.apply(edit)
        assert "meta" not in refused.value.fields["fields"]
    values = {"nom": "Entière", "insee": "44109"}
    commune.apply(Change(seen, values, Drawing({"type": "Point", "coordinates": [-1.5, 47.2]}), whole=True))
    assert [row for row in bornes.rows("id", "nom", "meta", "prix") if row[0] == 12] == [
        (12, "Entière", '{"a": 2.50}', 0.5)
    ]


def test_a_value_shown_in_part_is_never_written_over(bornes, commune):
    _hidden, seen = hidden_and_seen(bornes)
    read = commune.seen(seen)[seen]
    assert read.values["prix"] == "0.0"
    commune.apply(Change(seen, dict(read.values) | {"nom": "Autre"}, Drawing(read.geometry), whole=True))
    assert [row for row in bornes.rows("id", "nom", "prix") if row[0] == 12] == [(12, "Autre", 0.5)]
    for edit in (Change(seen, {"prix": 0.5}), Change(seen, {"prix": None}), Create({"insee": "44109", "prix": 3})):
        with pytest.raises(errors.ReadOnlyField):
            commune.apply(edit)


def test_a_blurred_position_is_never_written_over(bornes):
    rule(bornes.dataset, grid_m=1_000)
    theirs = bornes.by(member("contributor"))
    seen = theirs.identifier(id=12)
    read = theirs.seen(seen)[seen]
    true = bornes.rows("id", "geo", "lat")
    theirs.apply(Change(seen, {"nom": "Autre"}, Drawing(read.geometry)))
    assert bornes.rows("id", "geo", "lat") == true
    with pytest.raises(errors.ReadOnlyField):
        theirs.apply(Change(seen, {}, Drawing({"type": "Point", "coordinates": [-1.0, 47.0]})))


@pytest.mark.parametrize(
    "kept",
    [
        {"threshold": 2, "dimensions": ["insee"], "measures": ["prix"]},
        {"columns": {"id": {"mask": "hide"}}},
        {"columns": {"id": {"mask": "hash"}}},
    ],
)  # fmt: skip
def test_who_sees_counts_or_no_key_edits_nothing(bornes, kept):
    rule(bornes.dataset, **kept)
    theirs = bornes.by(member("contributor"))
    for edit in (Create({"insee": "44109"}), Delete(bornes.identifier(id=12))):
        with pytest.raises(errors.NotEditable):
            theirs.apply(edit)


def test_stewards_see_the_whole_and_edit_it(bornes):
    rule(bornes.dataset, rows="false")
    steward = bornes.by(member("steward"))
    steward.apply(Delete(bornes.identifier(id=11)))
    assert len(bornes.rows()) == 5


def test_a_rule_on_the_place_holds_for_what_is_written(bornes):
    rule(bornes.dataset, rows="in_bbox(geo, 47.1, -1.6, 47.3, -1.4)")
    theirs = bornes.by(member("contributor"))
    theirs.apply(Create({"nom": "dedans"}, Drawing({"type": "Point", "coordinates": [-1.5, 47.2]})))
    for drawing in (Drawing({"type": "Point", "coordinates": [2.0, 48.0]}), None):
        with pytest.raises(errors.OutsideYours):
            theirs.apply(Create({"nom": "dehors"}, drawing))
