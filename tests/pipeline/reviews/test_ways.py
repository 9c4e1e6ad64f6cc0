"""Every way by which data comes stops for its review: addresses polled, records pushed, rows mended; and nothing is lost."""

from __future__ import annotations

import hashlib
import shutil
from datetime import timedelta

import pytest

from bocage.access.viewer import OPERATOR
from bocage.capture.connectors.delivery import Delivery
from bocage.capture.connectors.kinds import CONNECTORS
from bocage.check.conformities import follow
from bocage.check.models import Quarantine, Report, Schema, SchemaVersion
from bocage.check.quarantines import mend
from bocage.kernel.clock import now
from bocage.pipeline import carrying, claims
from bocage.pipeline.housekeeping import tidy
from bocage.pipeline.incoming import incoming_folder
from bocage.pipeline.models import Push, PushQueue, Run
from bocage.pipeline.pushes import due
from bocage.pipeline.replaying import request_replay
from bocage.pipeline.reviews import keeping, proposing
from bocage.pipeline.reviews.deciding import accept, send_back, withdraw
from bocage.pipeline.reviews.errors import OwnProposal, PushesStay
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.requirements import require_on
from bocage.pipeline.services import follow_url, request_run, retry_run
from bocage.store.selectors import current_version
from tests.pipeline.pushes.conftest import Device
from tests.pipeline.reviews.conftest import waiting, work

pytestmark = pytest.mark.django_db

ONE = "id,nom\n1,Ouche-Dinier\n2,Port-au-Blé\n"


# Addresses polled -----------------------------------------------------------------------------------------------------


@pytest.fixture
def address(monkeypatch, tmp_path):
    """What the polled address gives: `address.content`."""

    class Polled:
        content = ONE

        def deliver(self, origin, folder):
            if origin.file is not None:
                return CONNECTORS.get("file").deliver(origin, folder)
            path = folder / "fetched.csv"
            path.write_text(self.content)
            sha256 = hashlib.sha256(self.content.encode()).hexdigest()
            if origin.seen.get("sha256") == sha256:
                return None
            return Delivery(
                path, filename="ecoles.csv", size_bytes=path.stat().st_size, digest=lambda: sha256,
                address=origin.url, seen={"sha256": sha256},
            )  # fmt: skip

    polled = Polled()
    real = CONNECTORS.get
    monkeypatch.setattr(carrying.CONNECTORS, "get", lambda kind: polled if kind == "url" else real(kind))
    return polled


def test_what_was_polled_is_what_is_published(town, address):
    town.require()
    source = follow_url(viewer=town.may("alice"), dataset=town.dataset, url="https://a.example/e.csv", every=None)
    assert work().status == "review"
    address.content = "id,nom\n9,Autre\n"
    with pytest.raises(OwnProposal):
        accept(viewer=town.may("alice"), review=waiting())
    accept(viewer=town.may("bob"), review=waiting())
    done = work()
    assert done.status == "done"
    assert [row["nom"] for row in town.rows()] == ["Ouche-Dinier", "Port-au-Blé"]
    assert done.version.provenance["url"] == "https://a.example/e.csv"
    request_run(viewer=OPERATOR, source=source)
    assert work().status == "review", "what came since is another proposal"
    review = waiting()
    assert review.authors == [town.people["alice"].pk], "whoever chose the address answers for what it gives"
    run = review.run
    send_back(viewer=town.may("bob"), review=review, reason="Non.")
    run.refresh_from_db()
    retry_run(viewer=town.may("carole"), run=run)
    assert work().status == "review", "proposed again, from what was fetched"


def test_polls_that_change_nothing_leave_the_proposal(town, address):
    town.require()
    source = follow_url(viewer=town.may("alice"), dataset=town.dataset, url="https://a.example/e.csv", every=None)
    work()
    review = waiting()
    request_run(viewer=OPERATOR, source=source)
    assert work().status == "unchanged"
    assert waiting() == review


# Records pushed -------------------------------------------------------------------------------------------------------


@pytest.fixture
def device(town):
    device = Device(town.dataset, key=["id"])
    device.push({"id": "1", "nom": "Ouche-Dinier"})
    publish(device)
    require_on(viewer=town.may("alice"), dataset=town.dataset)
    return device


def publish(device):
    """What the worker does when the journal is due: the run, or None when one is there already."""
    PushQueue.objects.filter(dataset=device.dataset).update(due_at="2000-01-01T00:00:00Z")
    return work() if due.create_due_push_runs() else None


def names(device):
    return [row["nom"] for row in device.rows("nom")]


def test_a_batch_waits_while_records_come(town, device):
    device.push({"id": "2", "nom": "Port-au-Blé"})
    assert publish(device).status == "review"
    device.push({"id": "3", "nom": "Houssais"})
    assert publish(device) is None, "one batch waits at a time"
    assert names(device) == ["Ouche-Dinier"]
    assert waiting().row_count == 2
    accept(viewer=town.may("bob"), review=waiting())
    assert work().status == "done"
    assert names(device) == ["Ouche-Dinier", "Port-au-Blé"], "what came after was not reviewed"
    assert Push.objects.count() == 1
    assert publish(device).status == "review"


def test_a_batch_is_sent_back_and_not_lost(town, device):
    device.push({"id": "2", "nom": "Port-au-Blé"})
    publish(device)
    with pytest.raises(PushesStay):
        withdraw(viewer=town.may("carole"), review=waiting())
    send_back(viewer=town.may("bob"), review=waiting(), reason="Essais.")
    assert names(device) == ["Ouche-Dinier"]
    assert Push.objects.get().aside["code"] == "pipeline.sent-back"
    assert publish(device) is None
    device.push({"id": "4", "nom": "Chêne Creux"})
    assert publish(device).status == "review"
    assert waiting().row_count == 2, "without those that were sent back"


def test_who_opened_the_address_does_not_decide(town):
    device = Device(town.dataset)
    device.address.created_by = town.people["alice"]
    device.address.save()
    town.require()
    device.push({"nom": "Ouche-Dinier"})
    publish(device)
    with pytest.raises(OwnProposal):
        accept(viewer=town.may("alice"), review=waiting())


# Rows mended ----------------------------------------------------------------------------------------------------------


def test_mended_rows_are_reviewed(town, propose):
    schema = Schema.objects.create(name="local/ecoles", kind="local", title="Écoles")
    fields = [{"name": "id", "type": "string"}, {"name": "places", "type": "integer"}]
    version = SchemaVersion.objects.create(schema=schema, number="1.0.0", descriptor={"fields": fields})
    follow(viewer=OPERATOR, dataset=town.dataset, version=version, policy="quarantine")
    town.require()
    propose("id;places\nA;12\nB;beaucoup\n")
    assert not Quarantine.objects.exists(), "rows are kept aside with the version, not before"
    assert Report.objects.get().version is None
    accept(viewer=town.may("bob"), review=waiting())
    assert work().status == "done"
    report = Report.objects.get()
    assert report.version == current_version(town.dataset)
    quarantine = Quarantine.objects.get()
    mend(viewer=town.may("carole"), quarantine=quarantine, changes={3: {"places": "7"}})
    request_replay(viewer=town.may("carole"), quarantine=quarantine)
    assert work().status == "review"
    review = waiting()
    assert (review.kind, review.row_count) == ("mended", 2)
    accept(viewer=town.may("bob"), review=review)
    assert work().status == "done"
    assert [row["places"] for row in town.rows()] == [12, 7]
    quarantine.refresh_from_db()
    assert quarantine.settled_how == "replayed"


# Interruptions --------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """As `kill -9`: nothing is tidied up."""


@pytest.mark.parametrize("step", ["look_at", "put_in_place", "_record"])
def test_killed_at_any_step_it_is_proposed_once(town, address, monkeypatch, step):
    town.require()
    follow_url(viewer=town.may("alice"), dataset=town.dataset, url="https://a.example/e.csv", every=None)
    where = keeping if step == "put_in_place" else proposing
    real = getattr(where, step)

    def die(*given, **named):
        if step == "put_in_place":
            real(*given, **named)  # in place, and no row names it
        raise Killed

    monkeypatch.setattr(where, step, die)
    with pytest.raises(Killed):
        work()
    monkeypatch.setattr(where, step, real)
    run = Run.objects.get()
    assert (run.status, Review.objects.count()) == ("running", 0)
    Run.objects.update(lease_until=now() - timedelta(seconds=1))
    assert work().status == "review"
    review = waiting()
    assert keeping.path_of(review).is_file()
    keeping.sweep(young=-1)
    assert [path.stem for path in keeping.reviews_folder().iterdir()] == [review.uid]
    accept(viewer=town.may("bob"), review=review)
    assert work().status == "done"
    assert len(town.rows()) == 2


def test_housekeeping_leaves_what_waits(town, propose, monkeypatch):
    town.require()
    run = propose(ONE)
    monkeypatch.setattr("bocage.pipeline.housekeeping.YOUNG_SECONDS", -1)
    tidy()
    assert (incoming_folder() / run.uid).is_dir()
    assert keeping.path_of(waiting()).is_file()
    accept(viewer=town.may("bob"), review=waiting())
    assert work().status == "done"


def test_an_accepted_run_whose_file_is_gone_fails_and_says_so(town, propose):
    town.require()
    run = propose(ONE)
    accept(viewer=town.may("bob"), review=waiting())
    shutil.rmtree(incoming_folder() / run.uid)
    assert work().status == "failed"
    assert current_version(town.dataset) is None
    assert claims.claim_next() is None
