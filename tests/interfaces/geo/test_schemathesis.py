"""schemathesis, unmodified, on the descriptions of the OGC interfaces: no fault, no status nor type that is not described.

`BOCAGE_TEST_SCHEMATHESIS=200` asks that many requests of each operation (a few minutes)."""

from __future__ import annotations

import os
import re
from urllib.request import urlopen

import pytest

from tests.interfaces.geo.desktop import CLIENTS
from tests.interfaces.geo.world import OPEN
from tests.oracles import SCHEMATHESIS

EXAMPLES = os.environ.get("BOCAGE_TEST_SCHEMATHESIS", "1")
SEED = os.environ.get("BOCAGE_TEST_SCHEMATHESIS_SEED", "1")
OTHERS = f"/collections/({'|'.join(slug for slug in OPEN if slug != 'arrets')})(/|$)"
"""Collections described like the first."""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("description", ["/ogc/api", "/records/api"])
def test_schemathesis_finds_no_fault(server, description):
    address = f"{server}{description}?f=json"
    with urlopen(address, timeout=60) as answer:  # what is slow once: it waits ten seconds for a description
        answer.read()
    told = SCHEMATHESIS.run(CLIENTS / "run_schemathesis.py", address, OTHERS, EXAMPLES, SEED, seconds=1800)
    assert "FAILURES" not in told, told
    assert re.search(r"\b(\d+) generated, \1 passed", told), told
    print(told)
