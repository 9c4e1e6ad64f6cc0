"""What watches the journeys does watch: each kind of fault, made on purpose, is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visit import PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("document.body.setAttribute('onclick', 'void 0'); document.body.click()", "Content Security Policy"),
        ("new Image().src = 'https://example.org/x.png'", "Content Security Policy"),
        ("setTimeout(() => { throw new Error('broken') })", "broken"),
        ("fetch('/absent')", "/absent: 404"),
        (
            "document.querySelector('[type=search]').replaceWith(document.createElement('input'))",
            "Form elements must have labels",
        ),
        ("document.querySelector('main').style.width = '600px'", "wider than the phone"),
        ("document.querySelector('h1').remove()", "0 main titles"),
    ],
    ids=["inline script", "another site", "error", "absent file", "no label", "overflow", "no title"],
)
def test_a_fault_is_seen(enter: Callable[..., Visit], script: str, fault: str) -> None:
    visit = enter(PHONE)
    visit.open("/explore/")
    assert not visit.faults
    visit.page.evaluate(f"() => {{ {script} }}")
    visit.page.wait_for_load_state("networkidle")
    visit.look("spoilt")
    seen = "\n".join(visit.faults)
    visit.faults.clear()
    assert fault in seen
