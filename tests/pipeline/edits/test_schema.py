"""A dataset that follows a schema, and refuses what does not, refuses it of a feature too, in words that its writer may read."""

from __future__ import annotations

import pytest

from bocage.access.viewer import OPERATOR
from bocage.check.conformities import follow
from bocage.check.models import Report, Schema, SchemaVersion
from bocage.pipeline.edits import errors
from bocage.pipeline.edits.changes import Change, Create
from tests.pipeline.edits.world import member, rule

DESCRIPTOR = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "insee", "type": "string", "constraints": {"enum": ["44109", "44143"]}},
        {"name": "prix", "type": "number", "constraints": {"maximum": 5}},
    ]
}


@pytest.fixture
def followed(bornes):
    schema = Schema.objects.create(name="local/bornes", kind="local", title="Bornes")
    version = SchemaVersion.objects.create(schema=schema, number="1", descriptor=DESCRIPTOR)
    follow(viewer=OPERATOR, dataset=bornes.dataset, version=version, policy="block")
    return bornes


def test_what_the_schema_refuses_is_refused_feature_by_feature(followed):
    before = followed.rows()
    with pytest.raises(errors.SchemaRefused) as refused:
        followed.apply(Create({"nom": "Chère", "prix": 50}))
    assert refused.value.fields["field"] == "prix"
    done = followed.apply(Create({"nom": "Bonne"}), Create({"insee": "75056"}), atomic=False)
    assert [type(one.fault) for one in done.done] == [type(None), errors.SchemaRefused]
    assert followed.rows()[:6] == before
    assert len(followed.rows()) == 7
    assert Report.objects.get(version=done.version)


def test_what_is_wrong_where_the_writer_does_not_look_is_not_told(followed):
    followed.apply(Change(followed.identifier(id=12), {"prix": 4.5}))
    rule(followed.dataset, columns={"prix": {"mask": "hide"}})
    Schema.objects.get(name="local/bornes").versions.update(
        descriptor={
            "fields": [
                *DESCRIPTOR["fields"][:2],
                {"name": "prix", "type": "number", "constraints": {"required": True, "maximum": 1}},
            ]
        }
    )
    theirs = followed.by(member("contributor"))
    theirs.apply(Change(followed.identifier(id=12), {"nom": "Autre"}))  # its price is no fault of theirs
    with pytest.raises(errors.BrokenUnseen) as refused:
        theirs.apply(Create({"nom": "Neuve"}))
    assert "prix" not in str(refused.value)
