"""What watches the journeys does watch: each kind of fault, made on purpose, is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visit import PHONE, Visit

pytestmark = pytest.mark.browser

SPOIL = """() => {
  const one = (place) => document.querySelector(place);
  document.body.setAttribute("onclick", "void 0");
  new Image().src = "https://example.org/x.png";
  setTimeout(() => { throw new Error("broken"); });
  fetch("/nowhere");
  one("h1").remove();
  one("main").style.width = "600px";
  const unnamed = document.createElement("input");
  one("main").append(unnamed);
}"""

SEEN = (
    "event handler",  # the content policy refuses it…
    "https://example.org/x.png",  # … and this
    "broken",
    "/nowhere: 404",
    "0 main titles",
    "wider than the phone",
    "does not have an explicit <label>",
)


def test_each_fault_is_seen(enter: Callable[..., Visit]) -> None:
    visit = enter(PHONE)
    visit.open("/help/")
    visit.look("as it is")
    assert not visit.faults
    visit.page.evaluate(SPOIL)
    visit.page.wait_for_load_state("networkidle")
    visit.look("spoilt")
    seen = "\n".join(visit.faults)
    visit.faults.clear()
    assert [fault for fault in SEEN if fault not in seen] == [], seen
