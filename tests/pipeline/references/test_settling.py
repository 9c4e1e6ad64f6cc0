"""A reference changes: which keys are no more, which rows pointed to them, who is told."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.models import DataRule
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Audience
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.scratch import scratch
from bocage.organizations.notices.models import Notice
from bocage.organizations.notices.telling import told
from bocage.pipeline.models import LinkState, ReferenceChange, ReferenceEffect
from bocage.pipeline.references.measuring import Pointing, Side, measure
from bocage.pipeline.references.selectors import changes_of, links_to, shown_to, states_from
from bocage.pipeline.references.settling import recount, settle, settle_dataset, settle_next
from bocage.store.layout import version_path
from bocage.store.services import move_head
from bocage.store.staged import StagedGeometry
from tests.store.making import table

pytestmark = pytest.mark.django_db


def test_what_points_to_nothing_is_counted_when_a_link_is_declared(territory):
    territory.link(territory.mark())
    state = LinkState.objects.get()
    assert (state.row_count, state.filled, state.lost) == (6, 4, 1), "an empty text points to nothing, and is not lost"
    assert state.examples == [["99999", 1]]


def test_a_merger_of_communes(territory):
    layer = territory.mark()
    territory.link(layer)
    territory.publish(
        territory.communes, "('44109', 'Nantes-sur-Loire'), ('44500', 'Sud-Loire')", code=T.STRING, nom=T.STRING
    )
    settle_dataset(territory.communes)
    change = ReferenceChange.objects.exclude(before=None).get()
    assert (change.gone, change.added, change.renamed, change.redrawn) == (2, 1, 1, 0)
    assert (change.before_number, change.number) == (1, 2)
    assert change.examples["gone"] == [["44143", "Rezé"], ["44162", "Saint-Herblain"]]
    effect = ReferenceEffect.objects.get()
    assert (effect.dataset, effect.gone, effect.renamed) == (territory.schools, 2, 1)
    assert LinkState.objects.get().lost == 3, "two of today, one of yesterday"


def test_keepers_are_told_once_and_only_they(territory):
    layer = territory.mark()
    territory.link(layer)
    territory.publish(territory.communes, "('44109', 'Nantes')", code=T.STRING, nom=T.STRING)
    settle_dataset(territory.communes)
    settle_dataset(territory.communes)
    settle(layer)
    notice = Notice.objects.get()
    assert notice.recipient == territory.people["rose"]
    [said] = told(notice.recipient, [notice])
    assert notice.facts["rows"] == "2"
    assert "Communes" in said.sentence
    assert "Ecoles" in said.sentence
    territory.communes.visibility = "private"
    territory.communes.save()
    assert told(notice.recipient, [notice]) == [], "a reference of which one may not know is not named"


def test_nobody_is_told_of_what_breaks_nothing(territory):
    territory.link(territory.mark())
    territory.publish(
        territory.communes, "('44109', 'Nantes'), ('44143', 'Rezé les Nantes')", code=T.STRING, nom=T.STRING
    )
    settle_dataset(territory.communes)
    assert ReferenceEffect.objects.get().renamed == 2
    assert not Notice.objects.exists()


def test_a_version_put_back_is_seen_by_the_worker(territory):
    layer = territory.mark()
    territory.link(layer)
    first = territory.communes.versions.get()
    assert not settle_next(), "nothing moved"
    territory.publish(territory.communes, "('44109', 'Nantes')", code=T.STRING, nom=T.STRING)
    assert settle_next()
    assert not settle_next()
    territory.communes.refresh_from_db()
    move_head(viewer=OPERATOR, dataset=territory.communes, version=first)
    assert settle_next()
    assert ReferenceChange.objects.first().added == 2
    assert LinkState.objects.get().lost == 1


def test_the_version_compared_with_has_left(territory):
    layer = territory.mark()
    first = territory.communes.versions.get()
    territory.publish(territory.communes, "('44109', 'Nantes')", code=T.STRING, nom=T.STRING)
    ReferenceChange.objects.all().update(version=None)
    first.delete()
    assert settle_next()
    assert ReferenceChange.objects.first().gone == 0
    assert layer.changes.count() == 2


def test_a_key_column_that_is_gone_leaves_nothing_to_point_to(territory):
    territory.link(territory.mark())
    territory.publish(territory.communes, "('Nantes')", nom=T.STRING)
    settle_dataset(territory.communes)
    assert LinkState.objects.get().lost == 4
    assert ReferenceEffect.objects.get().gone == 3


def test_the_dataset_that_points_is_counted_when_it_moves(territory):
    territory.link(territory.mark())
    territory.publish(territory.schools, "('e1', '44109'), ('e2', '12345')", id=T.STRING, insee=T.STRING)
    settle_dataset(territory.schools)
    assert LinkState.objects.get().examples == [["12345", 1]]
    territory.publish(territory.schools, "('e1')", id=T.STRING)
    recount(territory.schools)
    assert LinkState.objects.get().filled == 0, "the column that pointed is no more"


def test_a_file_that_is_not_there_is_not_a_reference_without_keys(territory):
    layer = territory.mark()
    territory.link(layer)
    version = territory.publish(territory.communes, "('44109', 'Nantes')", code=T.STRING, nom=T.STRING)
    version_path(version).unlink()
    assert not settle_next()
    assert settle(layer) is None
    assert not Notice.objects.exists()
    assert LinkState.objects.get().lost == 1


def test_another_key_is_another_count(territory):
    territory.publish(territory.schools, "('e1', 'Nantes'), ('e2', '44109')", id=T.STRING, insee=T.STRING)
    territory.link(territory.mark())
    assert LinkState.objects.get().examples == [["Nantes", 1]]
    territory.mark(key="nom", label="")
    assert LinkState.objects.get().examples == [["44109", 1]]


def test_a_shape_that_moves(territory):
    fields = (Field("code", T.STRING), Field("geo", T.GEOMETRY))
    where = StagedGeometry("geo", ("Point",), (-2.0, 47.0, -1.0, 48.0))
    sql = "SELECT '44109' AS code, ST_SetCRS(ST_Point({}, 47.2), 'OGC:CRS84') AS geo"
    territory.publish_sql(territory.communes, sql.format(-1.5), fields, geometry=where)
    territory.link(territory.mark(label=""))
    territory.publish_sql(territory.communes, sql.format(-1.6), fields, geometry=where)
    settle_dataset(territory.communes)
    change = ReferenceChange.objects.exclude(before=None).get()
    assert (change.gone, change.renamed, change.redrawn) == (0, 0, 1)
    assert ReferenceEffect.objects.get().redrawn == 1


def test_numbers_are_told_to_those_who_read_everything(territory):
    layer = territory.mark()
    territory.link(layer)
    territory.publish(territory.communes, "('44109', 'Nantes')", code=T.STRING, nom=T.STRING)
    settle_dataset(territory.communes)
    chloe, member = territory.may("chloe"), territory.may("member")
    [shown] = shown_to(chloe, layer, links_to(chloe, layer))
    assert shown.state.lost == 3
    assert changes_of(chloe, layer)[0].effects[0].gone == 2
    DataRule.objects.create(dataset=territory.schools.uid, audience=Audience.EVERYONE, rows="insee = '44109'")
    [shown] = shown_to(member, layer, links_to(member, layer))
    assert shown.state is None, "a reader of some rows is not told how many others there are"
    assert states_from(member, territory.schools)[0].state is None
    assert changes_of(member, layer)[0].effects == []
    territory.schools.visibility = "private"
    territory.schools.save()
    outside = territory.may("sam")
    assert shown_to(outside, layer, links_to(outside, layer)) == []
    assert changes_of(outside, layer)[0].effects == []


def test_counting_takes_as_many_statements_for_many_as_for_few(territory, django_assert_max_num_queries):
    layer = territory.mark()
    territory.link(layer)
    for n in range(6):
        other = territory.dataset(f"d{n}", territory.commune)
        territory.publish(other, "('x', '44143')", id=T.STRING, insee=T.STRING)
        layer.links.create(dataset=other, field="insee", declared_at=layer.marked_at)
    territory.publish(territory.communes, "('44143', 'Bouguenais')", code=T.STRING, nom=T.STRING)
    with django_assert_max_num_queries(22):
        settle(layer)
    assert ReferenceEffect.objects.count() == 7


CODES = st.sampled_from(["a", "b", "c", "é", "'", "1", "01", ""])
NAMES = st.sampled_from(["x", "y", None])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.dictionaries(CODES.filter(bool), NAMES, max_size=5),
    after=st.dictionaries(CODES.filter(bool), NAMES, max_size=5),
    values=st.lists(CODES, min_size=1, max_size=8),
)
def test_counts_are_those_of_sets(data_folder, before, after, values):
    with scratch("tests") as folder:
        was, now_ = _file(folder, before), _file(folder, after)
        rows = ", ".join(f"({_sql(value)})" for value in values)
        pointing = Pointing(table(folder, rows, v=T.STRING).path, "v")
        change, [count] = measure(Side(was, "k", "l"), Side(now_, "k", "l"), [pointing])
    gone, added = before.keys() - after.keys(), after.keys() - before.keys()
    renamed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert {state: change.counts.get(state, 0) for state in ("gone", "added", "renamed")} == {
        "gone": len(gone), "added": len(added), "renamed": len(renamed),
    }  # fmt: skip
    filled = [value for value in values if value]
    assert count.filled == len(filled)
    assert count.lost == sum(value not in after for value in filled)
    assert count.gone == sum(value in gone for value in filled)
    assert count.renamed == sum(value in renamed for value in filled)


def _file(folder, keys):
    rows = ", ".join(f"({_sql(key)}, {_sql(label)})" for key, label in {**keys, None: None}.items())
    return table(folder, rows, k=T.STRING, l=T.STRING).path


def _sql(text):
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"
