"""One site and one browser for this package, one context for each test.

The browser does not outlive the package: while Playwright runs, its event loop would make Django refuse the database to the
tests that come next in the same process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import Site, running
from tests.browser.visit import DESKTOP, DEVICES, PHONE, Device, Visit

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-gl=swiftshader",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; skips, and says how to get it, where it is absent."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no browser: `chromium` is not in PATH; on Debian, `apt install chromium`")
    return path


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory, migrated: Callable[[Path], Path]) -> Iterator[Site]:
    with running(migrated(tmp_path_factory.mktemp("site"))) as site:
        yield site


@pytest.fixture(params=DEVICES, ids=lambda device: device.name)
def device(request: pytest.FixtureRequest) -> Device:
    """Where the page is read; a test that asks for it runs on each."""
    found: Device = request.param
    return found


@pytest.fixture
def enter(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """A function that lets somebody in: another person, with cookies of their own. What the page did wrong fails the test."""
    folder = os.environ.get("BOCAGE_TEST_SCREENSHOTS")
    visits: list[Visit] = []
    with ExitStack() as stack:

        def somebody(device: Device = DESKTOP, *, script: bool = True, also: tuple[Device, ...] = ()) -> Visit:
            context = stack.enter_context(device.context(browser, script=script))
            album = Path(folder) / device.name / request.function.__name__.removeprefix("test_") if folder else None
            visits.append(Visit(context=context, site=site, device=device, script=script, album=album, also=also))
            return visits[-1]

        yield somebody
        faults = [fault for visit in visits for fault in visit.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def visit(enter: Callable[..., Visit], device: Device) -> Visit:
    """A stranger, on each device."""
    return enter(device)


@pytest.fixture
def resized(enter: Callable[..., Visit]) -> Visit:
    """A stranger at a desk, for gestures that are the same on a phone: every page is looked at in the width of both."""
    return enter(DESKTOP, also=(PHONE,))
