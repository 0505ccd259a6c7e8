"""From home through the self-check into the wizard: no scripts, a phone, from right to left; axe on every page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import PHONE, Complaints, OpenPage
from tests.portal_process import Portal

Accessible = Callable[[Page], None]


def choose(page: Page, **answers: str) -> None:
    """Choose answers by the keys of the form, and submit."""
    for name, values in answers.items():
        for value in values.split():
            page.locator(f"input[name={name}][value={value}]").check()
    people.go_on(page)


def test_three_questions_and_the_way_on_without_scripts(
    portal: Portal, open_page: OpenPage, assert_accessible: Accessible, complaints: Complaints
) -> None:
    complaints.expect("status of 422")
    me = open_page(scripts=False, locale="ar")

    def look() -> None:
        assert_accessible(me)
        assert me.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert "?" not in me.url

    me.goto(portal.url("/ar/"))
    with me.expect_navigation():
        me.locator("main a.task-card").first.click()
    assert me.locator("html").get_attribute("dir") == "rtl"
    look()

    choose(me, client="never", services="none kela")
    expect(me.locator(".error-summary")).to_be_focused()
    expect(me.locator(".error-summary a")).to_have_count(2)
    expect(me.locator("input[name=client][value=never]")).to_be_checked()
    look()
    me.locator(".error-summary a").first.click()
    expect(me.locator("input[name=lived]").first).to_be_focused()

    me.locator("input[name=services][value=none]").uncheck()
    choose(me, lived="yes", services="migri")
    expect(me.locator("h1")).to_have_count(1)
    expect(me.locator(".short-answer")).to_be_visible()
    look()
    assert me.context.cookies() == []

    me.locator("main details summary").click()
    expect(me.locator("[type=checkbox][name=services][value=migri]")).to_be_checked()
    look()
    people.go_on(me)
    assert people.step_of(me) == "kind"
    look()
    seen = []
    while people.step_of(me) != "holders":
        step = people.step_of(me)
        seen.append(step)
        if step == "information":
            for category in ("background", "benefits", "residence"):
                expect(me.locator(f"input[name=categories][value={category}]")).to_be_checked()
            expect(me.locator("input[name=categories]:checked")).to_have_count(3)
        if step == "services":
            for service in ("kela", "migri"):
                expect(me.locator(f"input[name=services][value={service}]")).to_be_checked()
            expect(me.locator("input[name=services]:checked")).to_have_count(2)
        people.go_on(me)
        assert people.step_of(me) != step
    assert seen == ["kind", "who", "information", "period", "services"]
