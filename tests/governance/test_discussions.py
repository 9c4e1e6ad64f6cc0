"""Discussions: who reads, who writes, who moderates, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.governance.discussions.errors import DiscussionClosed, DiscussionFull, ReasonMissing, SignInToWrite
from bocage.governance.discussions.models import Discussion, Remark
from bocage.governance.discussions.selectors import discussion_for, discussions_of, remarks_of
from bocage.governance.discussions.services import close, hide, open_discussion, remark, show_again
from bocage.governance.restraint import PER_HOUR, TooManyMessages
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.organizations.models import Notice, User
from bocage.organizations.notices.telling import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(land):
    return open_discussion(
        viewer=land.may("zoe"), dataset=land.dataset, subject="Une école manque", text="Voir https://a.example/ecole."
    )


def test_everybody_reads_what_is_open(land, thread):
    [one] = discussions_of(ANONYMOUS, land.dataset)
    assert (one.subject, one.visible) == ("Une école manque", 1)
    [shown] = remarks_of(ANONYMOUS, discussion_for(ANONYMOUS, thread.uid))
    assert (shown.name, shown.answers, shown.mine) == ("Zoe Test", False, False)
    assert [piece.address for piece in shown.pieces] == ["", "https://a.example/ecole", ""]


def test_strangers_do_not_write(land, thread):
    with pytest.raises(SignInToWrite):
        open_discussion(viewer=ANONYMOUS, dataset=land.dataset, subject="a", text="b")
    with pytest.raises(SignInToWrite):
        remark(viewer=Viewer(user_id=10**9), discussion=thread, text="b")


def test_nobody_reads_nor_writes_on_what_they_may_not_know_of(land, thread):
    land.hide()
    for viewer in (ANONYMOUS, land.may("zoe"), land.may("fanny")):
        with pytest.raises(NotFound):
            discussion_for(viewer, thread.uid)
        with pytest.raises(AccessDenied):
            discussions_of(viewer, land.dataset)
    thread.refresh_from_db()
    with pytest.raises(AccessDenied):
        remark(viewer=land.may("zoe"), discussion=Discussion.objects.get(), text="b")
    assert discussion_for(land.may("denis"), thread.uid) == thread


def test_who_answers_for_the_data_is_said(land, thread):
    remark(viewer=land.may("alice"), discussion=thread, text="Merci, c’est ajouté.")
    remark(viewer=land.may("denis"), discussion=thread, text="Bien vu.")
    assert [one.answers for one in remarks_of(ANONYMOUS, thread)] == [False, True, False]


def test_addresses_of_e_mail_are_never_shown(land):
    nameless = User.objects.create_user("secret@example.org", None)
    from bocage.access.standing import viewer_of

    made = open_discussion(viewer=viewer_of(nameless), dataset=land.dataset, subject="a", text="b http://spam.example")
    with translation.override("fr"):
        [shown] = remarks_of(ANONYMOUS, made)
    assert "secret" not in shown.name
    assert [piece.address for piece in shown.pieces] == [""], "an account of today writes no link"
    assert "secret" not in str([notice.facts for notice in Notice.objects.all()])


def test_hidden_with_a_reason_then_shown_again(land, thread):
    pk = Remark.objects.get().pk
    with pytest.raises(ReasonMissing):
        hide(viewer=land.may("alice"), discussion=thread, pk=pk, reason=" ")
    for who in ("zoe", "denis", "carole", "fanny"):
        with pytest.raises(AccessDenied):
            hide(viewer=land.may(who), discussion=thread, pk=pk, reason="no")
    hide(viewer=land.may("alice"), discussion=thread, pk=pk, reason="Propos hors sujet.")
    assert not discussions_of(ANONYMOUS, land.dataset).exists()
    with pytest.raises(NotFound):
        discussion_for(ANONYMOUS, thread.uid)
    [shown] = remarks_of(land.may("alice"), thread)
    assert (shown.hidden, shown.reason, shown.pieces) == (True, "Propos hors sujet.", ())
    assert shown.text.startswith("Voir")
    remark(viewer=land.may("alice"), discussion=thread, text="Suite.")
    [shown, _after] = remarks_of(ANONYMOUS, thread)
    assert (shown.hidden, shown.text, shown.pieces) == (True, "", ())
    show_again(viewer=land.may("alice"), discussion=thread, pk=pk)
    assert [one.hidden for one in remarks_of(ANONYMOUS, thread)] == [False, False]


def test_a_remark_of_another_discussion_is_not_reached(land, thread):
    other = open_discussion(viewer=land.may("zoe"), dataset=land.dataset, subject="a", text="b")
    pk = thread.remarks.get().pk
    hide(viewer=land.may("alice"), discussion=other, pk=pk, reason="no")
    assert Remark.objects.get(pk=pk).hidden_at is None


def test_closed_and_opened_again(land, thread):
    with pytest.raises(AccessDenied):
        close(viewer=land.may("zoe"), discussion=thread, closed=True)
    close(viewer=land.may("alice"), discussion=thread, closed=True)
    with pytest.raises(DiscussionClosed):
        remark(viewer=land.may("zoe"), discussion=thread, text="b")
    close(viewer=land.may("emma"), discussion=thread, closed=False)
    remark(viewer=land.may("zoe"), discussion=thread, text="b")


def test_stewards_and_participants_are_told(land, thread):
    def people(code):
        return {notice.recipient.first_name for notice in Notice.objects.filter(code=code)}

    assert people("governance.discussion-opened") == {"Alice"}
    remark(viewer=land.may("fanny"), discussion=thread, text="Chez nous aussi.")
    assert people("governance.remark-made") == {"Alice", "Zoe"}
    zoe = land.people["zoe"]
    with translation.override("en"):
        assert told(zoe, Notice.objects.filter(recipient=zoe))[0].sentence == (
            "Fanny Test wrote in a discussion on “Écoles”."
        )
    land.hide()
    assert told(zoe, Notice.objects.filter(recipient=zoe)) == []


def test_how_much_one_may_write(land, thread, monkeypatch):
    for _n in range(PER_HOUR - 1):
        remark(viewer=land.may("zoe"), discussion=thread, text="encore")
    with pytest.raises(TooManyMessages):
        remark(viewer=land.may("zoe"), discussion=thread, text="encore")
    remark(viewer=land.may("denis"), discussion=thread, text="moi non")
    Remark.objects.update(at=now() - timedelta(hours=2))
    remark(viewer=land.may("zoe"), discussion=thread, text="plus tard")
    monkeypatch.setattr("bocage.governance.discussions.services.MOST_REMARKS", 5)
    with pytest.raises(DiscussionFull):
        remark(viewer=land.may("denis"), discussion=thread, text="trop")


def test_a_long_discussion_costs_a_handful_of_statements(land, thread, django_assert_max_num_queries):
    Remark.objects.bulk_create(
        Remark(discussion=thread, author=land.people["zoe"], text="x", at=now()) for _n in range(100)
    )
    viewer = land.may("denis")
    with django_assert_max_num_queries(6):
        remarks_of(viewer, discussion_for(viewer, thread.uid))
