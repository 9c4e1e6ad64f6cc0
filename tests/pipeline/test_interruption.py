"""A cancellation stops the statement that is running, not only the step after it."""

from __future__ import annotations

import time

import pytest

from bocage.access.viewer import OPERATOR
from bocage.pipeline import carrying, claims, lease
from bocage.pipeline.models import Run
from bocage.pipeline.services import cancel_run, carry_out, request_publication
from bocage.store.workshop import workshop

ENDLESS = "SELECT count(*) FROM range(100000) a, range(100000) b, range(1000) c WHERE a.range + b.range = c.range * 7"


@pytest.mark.django_db(transaction=True)
def test_a_long_statement_is_interrupted(workbench, dataset, dropped, monkeypatch):
    def stage(_file, *, directory, **_rest):
        with workshop(directory / "engine") as shop:
            shop.execute(ENDLESS)

    monkeypatch.setattr(carrying, "stage", stage)
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.1)
    run = request_publication(viewer=OPERATOR, dataset=dataset, **dropped())
    claimed = claims.claim_next()
    cancel_run(viewer=OPERATOR, run=Run.objects.get(pk=run.pk))
    start = time.monotonic()
    assert carry_out(claimed).status == "cancelled"
    assert time.monotonic() - start < 15
