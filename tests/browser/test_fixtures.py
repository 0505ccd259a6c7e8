"""The browser's fixtures notice what they are there to notice; a page that complains must not pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Complaints, OpenPage

PAGE = "<!doctype html><html lang=en><title>T</title><main><h1>Heading</h1>{}</main></html>"


def show(page: Page, content: str, *, status: int = 200) -> None:
    """Show `content` as if a portal had sent it, without one."""

    def answer(route: Route) -> None:
        route.fulfill(status=status, body=PAGE.format(content), content_type="text/html")

    page.route("**/shown", answer)
    page.goto("http://127.0.0.1:9/shown")


def test_a_quiet_page_passes(open_page: OpenPage, complaints: Complaints) -> None:
    show(open_page(), "<p>Quiet</p>")
    assert complaints.seen == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("<script>console.error('broken')</script>", "console error: broken"),
        ("<script>throw new Error('thrown')</script>", "script error: thrown"),
        (
            "<img alt=x src=http://elsewhere.invalid/x.png>",
            "request to another host: http://elsewhere.invalid/",
        ),
    ],
)
def test_what_a_page_does_wrong_is_seen(
    content: str, complaint: str, open_page: OpenPage, complaints: Complaints
) -> None:
    page = open_page()
    show(page, content)
    page.wait_for_load_state("load")
    assert any(complaint in line for line in complaints.unexpected()), complaints.seen
    complaints.expect(r"broken|thrown|elsewhere|Failed to load resource")
    assert complaints.unexpected() == []


def test_an_answer_of_500_is_seen(open_page: OpenPage, complaints: Complaints) -> None:
    show(open_page(), "", status=500)
    assert any("answer 500" in line for line in complaints.unexpected())
    complaints.expect("500")


def test_without_scripts_none_runs_at_the_width_of_a_phone(open_page: OpenPage) -> None:
    page = open_page(scripts=False, locale="ar")
    show(page, "<p id=said>by the page</p><script>said.textContent = 'by a script'</script>")
    assert page.locator("#said").inner_text() == "by the page"
    assert page.viewport_size == {"width": 360, "height": 740}


@pytest.mark.parametrize("scripts", [True, False])
def test_axe_finds_a_fault(
    scripts: bool, open_page: OpenPage, assert_accessible: Callable[[Page], None]
) -> None:
    page = open_page(scripts=scripts)
    show(page, "<p>Fine</p>")
    assert_accessible(page)
    page.unroute("**/shown")
    show(page, "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_looking_with_axe_brings_no_scripts_back(
    open_page: OpenPage, assert_accessible: Callable[[Page], None]
) -> None:
    page = open_page(scripts=False)
    show(page, "<p id=said>by the page</p><script>said.textContent = 'by a script'</script>")
    assert_accessible(page)
    assert page.locator("#said").inner_text() == "by the page"
    page.reload()
    assert page.locator("#said").inner_text() == "by the page"
