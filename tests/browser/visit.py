"""Somebody in front of the site, and everything that their browser complains about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Download,
    Locator,
    Page,
    Request,
    Response,
    WebError,
    expect,
)
from playwright.sync_api import Error as PageError

from bocage.config.environment import Environment
from tests.browser.site import Site

PATIENCE_MS = 20_000
PAUSE_MS = 100
LOCAL_SCHEMES = ("data:", "blob:")
BASEMAP = str(Environment.model_fields["basemap_style_url"].default)
"""The only address of another site that a page may ask, and only a map. Nothing answers it here: the maps do without."""


@dataclass(frozen=True)
class Device:
    name: str
    width: int
    height: int
    touch: bool = False

    @contextmanager
    def context(self, browser: Browser, *, script: bool) -> Iterator[BrowserContext]:
        """A browser without memory, of a French reader."""
        context = browser.new_context(
            viewport={"width": self.width, "height": self.height},
            is_mobile=self.touch,
            has_touch=self.touch,
            java_script_enabled=script,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        yield context
        context.close()


DESKTOP = Device("desktop", 1280, 900)
PHONE = Device("phone", 375, 812, touch=True)
DEVICES = (DESKTOP, PHONE)

expect.set_options(timeout=PATIENCE_MS)


AXE = {"resultTypes": ["violations"]}
"""Every rule; only of what breaks one is it told where and why."""
LEAVINGS = 5
"""How many times a page may give way to the next one while it is looked at."""


@dataclass
class Visit:
    """`faults`: what no page may do, as it happens. `album`: the folder of the pictures, or None. `also`: in whose width each page
    is looked at too, where the gestures are the same whatever the width."""

    context: BrowserContext
    site: Site
    device: Device
    script: bool = True
    album: Path | None = None
    also: tuple[Device, ...] = ()
    faults: list[str] = field(default_factory=list)
    looked_at: int = 0

    def __post_init__(self) -> None:
        self.context.route(re.compile(r"^https?://(?!127\.0\.0\.1:)"), lambda route: route.abort())
        self.page: Page = self.context.new_page()
        self.context.on("console", self._console)
        self.context.on("weberror", self._error)
        self.context.on("request", self._request)
        self.context.on("response", self._response)
        self._arriving: Request | None = None
        self.page.on("request", self._leave)
        self.page.on("requestfinished", self._arrive)
        self.page.on("requestfailed", self._arrive)
        self.page.on("framenavigated", lambda frame: frame.parent_frame or self._arrive(self._arriving))

    def open(self, path: str) -> int:
        """Go to this address of the site; the status of the answer."""
        answer = self.page.goto(f"{self.site.url}{path}")
        assert answer is not None
        return answer.status

    def look(self, name: str) -> None:
        """The page is accessible, fits the width of the device and has one main title."""
        self._look(name, self.device)
        for device in self.also:
            self._resize(device)
            self._look(name, device)
        if self.also:
            self._resize(self.device)

    def _look(self, name: str, device: Device) -> None:
        self.looked_at += 1
        self._keep_picture(name)
        with self._with_script() as page:
            report = self._settled_report(page)
            if report.violations_count:
                self.faults.append(f"{name} ({device.name}): {report.generate_report()}")
            excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if excess > 0:
                self.faults.append(f"{name}: {excess} pixels wider than the {device.name}")
            titles = page.locator("h1").count()
            if titles != 1:
                self.faults.append(f"{name}: {titles} main titles")

    def _resize(self, device: Device) -> None:
        self.page.set_viewport_size({"width": device.width, "height": device.height})

    def wait_for_script(self) -> None:
        """What the scripts of the page add is there: a choice made before would be heard by nobody."""
        if self.script:
            expect(self.page.locator("html")).to_have_class("has-script")

    def sign_in(self, mailbox: str) -> None:
        """As this demonstration account."""
        account = self.site.account(mailbox)
        self.open("/accounts/login/")
        form = self.page.locator("form.form")
        form.get_by_label("Courriel").fill(account["email"])
        form.get_by_label("Mot de passe").fill(account["password"])
        form.get_by_role("button", name="Se connecter").click()
        self.page.wait_for_url("**/console/")

    def find_in_menu(self, name: str) -> Locator:
        """A link or button of the menus, which a phone folds behind a button."""
        self.wait_for_script()
        button = self.page.get_by_role("button", name="Menu", exact=True)
        if button.is_visible() and button.get_attribute("aria-expanded") == "false":
            button.click()
        menu = self.page.locator("#site-menu")
        return menu.get_by_role("link", name=name).or_(menu.get_by_role("button", name=name))

    def follow_tab(self, name: str) -> None:
        self.page.locator("nav.tabs").get_by_role("link", name=name, exact=True).click()

    def download(self, link: Locator) -> Download:
        with self.page.expect_download() as started:
            link.click()
        return started.value

    @contextmanager
    def _with_script(self) -> Iterator[Page]:
        """The page; where scripts are off, axe cannot run: then a twin of the page, in which those of the site never come."""
        if self.script or self.context.browser is None:
            yield self.page
            return
        with self.device.context(self.context.browser, script=True) as twin:
            for cookie in self.context.cookies():
                twin.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": self.site.url}])
            twin.route("**/*.js", lambda route: route.abort())
            page = twin.new_page()
            page.goto(self.page.url)
            yield page

    def _settled_report(self, page: Page) -> AxeResults:
        """What axe says of a page that stays: after a click, the one looked at first may still be the one before."""
        for _leaving in range(LEAVINGS):
            self._wait_for_arrival(page)
            try:
                began = page.evaluate("performance.timeOrigin")
                report = Axe().run(page, options=AXE)
                if page.evaluate("performance.timeOrigin") == began and self._arriving is None:
                    return report
            except PageError:
                page.wait_for_timeout(PAUSE_MS)
        return Axe().run(page, options=AXE)

    def _wait_for_arrival(self, page: Page) -> None:
        for _pause in range(PATIENCE_MS // PAUSE_MS):
            if self._arriving is None:
                break
            page.wait_for_timeout(PAUSE_MS)
        page.wait_for_load_state("load")

    def _leave(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._arriving = request

    def _arrive(self, request: Request | None) -> None:
        if request == self._arriving:
            self._arriving = None

    def _keep_picture(self, name: str) -> None:
        if self.album is not None:
            path = self.album / f"{self.looked_at:02d}-{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"
            self.page.screenshot(path=path, full_page=True, animations="disabled")

    def _console(self, message: ConsoleMessage) -> None:
        # A refused address is told by `_response`, except the page itself: journeys open absent pages on purpose.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console of {self._address()}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"error in {self._address()}: {error.error}")

    def _request(self, request: Request) -> None:
        here = self._address().split("?")[0]
        on_a_map = here.endswith(("/map/", "/map/sheet/")) or "/styles/" in here  # where a style is tried
        if on_a_map and request.url == BASEMAP:
            return
        if not request.url.startswith((f"{self.site.url}/", *LOCAL_SCHEMES)):
            self.faults.append(f"{self._address()} asks another site: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"{self._address()} asks {response.url}: {response.status}")

    def _address(self) -> str:
        return self.page.url.removeprefix(self.site.url)
