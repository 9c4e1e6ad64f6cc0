"""Who may say that a dataset is a reference, and who may point to it."""

from __future__ import annotations

import pytest

from bocage.access.models import DataRule, JournalEntry
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Audience
from bocage.catalog.references.errors import KeyNotUnique, NoDataYet, PointsToItself, ReferenceFieldUnfit, TooManyLinks
from bocage.catalog.references.models import ReferenceLayer, ReferenceLink
from bocage.catalog.references.relations import NONE, relations_of
from bocage.catalog.references.selectors import links_from, links_to, reference_for, references_for
from bocage.catalog.references.services import MOST_LINKS, declare_link, remove_link, unmark_reference
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.pipeline.references import services

pytestmark = pytest.mark.django_db


def test_a_coordinator_marks_and_marks_again(territory):
    first = territory.mark()
    again = territory.mark(kind=ReferenceKind.OTHER, label="")
    assert first.pk == again.pk
    found = ReferenceLayer.objects.get()
    assert (found.kind, found.key, found.label) == ("other", "code", "")
    assert found.marked_by == territory.people["chloe"]


@pytest.mark.parametrize("who", ["sam", "rose", "member"])
def test_nobody_else_marks_nor_unmarks(territory, who):
    with pytest.raises(AccessDenied):
        territory.mark(who=who)
    territory.mark()
    with pytest.raises(AccessDenied):
        unmark_reference(viewer=territory.may(who), dataset=territory.communes)
    assert ReferenceLayer.objects.exists()


def test_a_key_tells_the_rows_apart(territory):
    territory.publish(territory.communes, "('1', 'a', 1.5), ('1', 'b', 2.5)", code=T.STRING, nom=T.STRING, x=T.NUMBER)
    with pytest.raises(KeyNotUnique):
        territory.mark()
    with pytest.raises(ReferenceFieldUnfit) as refused:
        territory.mark(key="x")
    assert refused.value.fields["fields"] == "code, nom"
    with pytest.raises(ReferenceFieldUnfit):
        territory.mark(key='code" OR 1=1')
    territory.mark(key="nom")
    assert ReferenceLayer.objects.get().key == "nom"


def test_a_reference_holds_data(territory):
    empty = territory.dataset("vide", territory.metropole)
    with pytest.raises(NoDataYet):
        services.mark_reference(viewer=territory.may("chloe"), dataset=empty, kind=ReferenceKind.OTHER, key="code")


def test_a_link_is_declared_by_who_keeps_the_dataset_and_reads_the_whole_reference(territory):
    layer = territory.mark()
    with pytest.raises(AccessDenied):
        territory.link(layer, who="member")
    DataRule.objects.create(
        dataset=territory.communes.uid, audience=Audience.EVERYONE, columns={"nom": {"mask": "hide"}}
    )
    with pytest.raises(AccessDenied):
        territory.link(layer)
    DataRule.objects.all().delete()
    link = territory.link(layer)
    assert territory.link(layer).pk == link.pk, "once"
    remove_link(viewer=territory.may("rose"), link=link)
    assert not ReferenceLink.objects.exists()


def test_links_are_few_and_lead_elsewhere(territory):
    layer = territory.mark()
    with pytest.raises(PointsToItself):
        declare_link(viewer=territory.may("chloe"), dataset=territory.communes, field="code", reference=layer)
    ReferenceLink.objects.bulk_create(
        ReferenceLink(dataset=territory.schools, field=f"f{n}", reference=layer, declared_at=layer.marked_at)
        for n in range(MOST_LINKS)
    )
    with pytest.raises(TooManyLinks):
        territory.link(layer)


def test_both_ends_are_told_to_those_who_read_them(territory):
    layer = territory.mark()
    territory.link(layer)
    rose, chloe, member = (territory.may(who) for who in ("rose", "chloe", "member"))
    assert [one.dataset for one in links_to(chloe, layer)] == [territory.schools]
    territory.schools.visibility = "private"
    territory.schools.save()
    assert [one.dataset for one in links_to(rose, layer)] == [territory.schools]
    assert not links_to(chloe, layer).exists()
    territory.communes.visibility = "private"
    territory.communes.save()
    assert not links_from(member, territory.schools).exists()
    assert not references_for(ANONYMOUS).exists()
    with pytest.raises(NotFound):
        reference_for(member, "communes")
    assert reference_for(chloe, "communes") == layer


def told():
    """Kind, dataset, facts of the entries about references, the oldest first."""
    entries = JournalEntry.objects.filter(kind__startswith="reference.").order_by("number")
    return [(one.kind, one.dataset, dict(one.told)) for one in entries]


def test_the_journal_tells_who_chose_a_reference_and_what_points_to_it(territory):
    communes, schools = territory.communes.uid, territory.schools.uid
    layer = territory.mark()
    territory.mark()  # nothing new
    link = territory.link(layer)
    territory.link(layer)
    assert told() == [
        ("reference.marked", communes, {"about": "boundaries", "key": "code", "label": "nom"}),
        ("reference.linked", schools, {"field": "insee", "reference": communes}),
    ]
    first = JournalEntry.objects.get(kind="reference.marked")
    assert (first.person, first.organization) == (territory.people["chloe"].pk, "nantes")
    remove_link(viewer=territory.may("rose"), link=link)
    territory.link(layer)
    territory.mark(label="")
    unmark_reference(viewer=territory.may("chloe"), dataset=territory.communes)
    unmark_reference(viewer=territory.may("chloe"), dataset=territory.communes)  # it is none any more
    assert told()[2:] == [
        ("reference.unlinked", schools, {"field": "insee", "reference": communes}),
        ("reference.linked", schools, {"field": "insee", "reference": communes}),
        ("reference.marked", communes, {"about": "boundaries", "key": "code", "label": ""}),
        ("reference.unmarked", communes, {"about": "boundaries", "key": "code", "links": 1}),
    ]


def test_what_was_refused_is_not_told(territory):
    with pytest.raises(AccessDenied):
        territory.mark(who="sam")
    assert told() == []


def slugs(found):
    return [(one.other.slug, one.fields) for one in found]


def test_relations_are_told_to_those_who_read_both_ends_and_the_column(territory):
    territory.link(territory.mark())
    both = [territory.communes, territory.schools]
    found = relations_of(ANONYMOUS, both)
    assert slugs(found[territory.schools.pk].points_to) == [("communes", ("insee",))]
    assert slugs(found[territory.communes.pk].used_by) == [("ecoles", ("insee",))]
    DataRule.objects.create(
        dataset=territory.schools.uid, audience=Audience.EVERYONE, columns={"insee": {"mask": "hide"}}
    )
    assert relations_of(ANONYMOUS, both) == {}
    assert set(relations_of(territory.may("rose"), both)) == {one.pk for one in both}, "she keeps it"
    DataRule.objects.all().delete()
    for hidden in both:
        type(hidden).objects.filter(pk=hidden.pk).update(visibility="private")
        assert relations_of(ANONYMOUS, both) == {}
        type(hidden).objects.filter(pk=hidden.pk).update(visibility="open")


def test_relations_are_bounded_and_read_in_a_fixed_number_of_statements(
    territory, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("bocage.catalog.references.relations.MOST_TOLD", 2)
    layer = territory.mark()
    others = [territory.dataset(f"jeu-{n}", territory.commune) for n in range(3)]
    for other in (*others, territory.schools):
        ReferenceLink.objects.create(dataset=other, field="insee", reference=layer, declared_at=layer.marked_at)
    ReferenceLink.objects.create(dataset=others[0], field="commune", reference=layer, declared_at=layer.marked_at)
    with django_assert_num_queries(3):
        found = relations_of(ANONYMOUS, [territory.communes, *others])
    told = found[territory.communes.pk]
    assert (slugs(told.used_by), told.more) == ([("ecoles", ("insee",)), ("jeu-0", ("commune", "insee"))], True)
    assert slugs(found[others[0].pk].points_to) == [("communes", ("commune", "insee"))]
    assert territory.schools.pk not in found, "it was not asked of"
    assert found.get(territory.schools.pk, NONE).more is False
