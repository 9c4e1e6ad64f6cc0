"""schemathesis, unmodified, on our own `swagger.json`: no fault of the server, no answer that is not described.

`BOCAGE_TEST_SCHEMATHESIS=200` asks that many requests of each operation (a few minutes)."""

from __future__ import annotations

import os
import re

import pytest

from tests.interfaces.conftest import CLIENTS
from tests.oracles import SCHEMATHESIS

EXAMPLES = os.environ.get("BOCAGE_TEST_SCHEMATHESIS", "3")
SEED = os.environ.get("BOCAGE_TEST_SCHEMATHESIS_SEED", "1")


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_no_fault(portal):
    told = SCHEMATHESIS.run(CLIENTS / "run_schemathesis.py", portal, EXAMPLES, SEED, seconds=1800)
    assert "FAILURES" not in told, told
    assert re.search(r"\b(\d+) generated, \1 passed", told), told
    print(told)
