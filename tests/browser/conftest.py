"""A real browser on a real portal: Debian's Chromium through Playwright, at 360 px unless told otherwise.

    def test_wizard(portal, open_page):
        page = open_page(scripts=False, locale="ar")
        page.goto(portal.url("/ar/"))

What the browser's console complains about, an answer of 500 or more, and a request to any other host fail the
test.
Tests here don't touch Django's database: they ask the portal, by page or by `portal.run_command`.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    Route,
    sync_playwright,
)

from tests import services
from tests.portal_process import Portal

FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # Chromium's sandbox can't be set up by root, and containers run tests as root.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
)
PHONE: Final = 360
"""Width in CSS pixels of the narrowest phone the portal is made for."""

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as one that needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass
class Complaints:
    """What went wrong in the browser's eyes; `expect` names what a test brings about on purpose."""

    seen: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Take no offence at complaints that match the regular expression."""
        self.expected.append(pattern)

    def unexpected(self) -> list[str]:
        """Return the complaints that nobody expected."""
        return [line for line in self.seen if not any(re.search(known, line) for known in self.expected)]

    def listen_to(self, page: Page) -> None:
        """Collect what `page` complains about from now on."""

        def on_console(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                self.seen.append(
                    f"console {message.type}: {message.text} ({message.location.get('url', '')})"
                )

        def on_request(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in {"http", "https"} and parts.hostname != "127.0.0.1":
                self.seen.append(f"request to another host: {request.url}")

        def on_response(response: Response) -> None:
            if response.status >= 500:
                self.seen.append(f"answer {response.status}: {response.url}")

        page.on("console", on_console)
        page.on("pageerror", lambda error: self.seen.append(f"script error: {error}"))
        page.on("request", on_request)
        page.on("response", on_response)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Chromium, one per test module.

    Not one per session: while Playwright runs, Django believes it is in an event loop and refuses its
    database to the other tests of this worker.
    """
    services.require("browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=services.chromium_program(), args=list(FLAGS), chromium_sandbox=os.geteuid() != 0
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Return a running portal with demo data, shared by the tests of one module."""
    with Portal(tmp_path_factory.mktemp("portal") / "var") as running:
        yield running


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Collect what the browser complains about in this test; fail it in the end for what was not expected."""
    collected = Complaints()
    yield collected
    assert not collected.unexpected(), "\n".join(collected.unexpected())


@pytest.fixture
def scriptless() -> set[BrowserContext]:
    """Return the browser contexts that this test has opened without scripts."""
    return set()


@pytest.fixture
def open_page(
    browser: Browser, complaints: Complaints, scriptless: set[BrowserContext]
) -> Iterator[OpenPage]:
    """Return a function that opens a page in a browser context (cookies, history) of its own.

    Its arguments: `scripts` (True), `width` (360), `height` (740), `locale` ("fi-FI": Accept-Language) and
    anything else that Playwright's `new_context` takes.
    """
    contexts = []

    def open_it(
        *,
        scripts: bool = True,
        width: int = PHONE,
        height: int = 740,
        locale: str = "fi-FI",
        **options: object,
    ) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts,
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Europe/Helsinki",
            **options,  # type: ignore[arg-type]  # Playwright's own keyword arguments, checked by Playwright.
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if not scripts:
            scriptless.add(context)
        page = context.new_page()
        complaints.listen_to(page)
        context.on("page", complaints.listen_to)
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture
def assert_accessible(browser: Browser, scriptless: set[BrowserContext]) -> Callable[[Page], None]:
    """Return a function that fails, with axe's report, where axe finds anything on a page (WCAG 2.2 AA)."""
    axe = Axe()

    def examine(page: Page) -> None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        results = axe.run(page, options={"runOnly": {"type": "tag", "values": tags}})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    def check(page: Page) -> None:
        if page.context not in scriptless:
            examine(page)
            return
        with _twin(browser, page) as twin:
            examine(twin)

    return check


@contextlib.contextmanager
def _twin(browser: Browser, page: Page) -> Iterator[Page]:
    """Show what `page` shows in a context where axe, a script itself, may run and the page's own scripts may not."""
    content, address = page.content(), page.url
    context = browser.new_context(
        viewport=page.viewport_size, storage_state=page.context.storage_state(), locale="fi-FI"
    )

    def answer(route: Route) -> None:
        if route.request.is_navigation_request():
            headers = {"Content-Security-Policy": "script-src 'none'"}
            route.fulfill(body=content, content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.continue_()

    try:
        twin = context.new_page()
        twin.route("**/*", answer)
        twin.goto(address)
        yield twin
    finally:
        context.close()
