"""Feedback, as it is given on a phone without scripts and read at the desk; axe on every page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import Complaints, OpenPage
from tests.portal_process import Portal

Accessible = Callable[[Page], None]
TEXT = "الصفحة لا تُقرأ\nKuva puuttuu"


def test_feedback_goes_from_a_page_to_the_desk_without_scripts(
    portal: Portal, open_page: OpenPage, assert_accessible: Accessible, complaints: Complaints
) -> None:
    complaints.expect("status of 422")
    me = open_page(scripts=False, locale="ar")
    me.goto(portal.url("/ar/faq/"))
    with me.expect_navigation():
        me.locator(".site-footer a[href='/ar/feedback/']").click()
    assert_accessible(me)
    expect(me.locator("[name=page]")).to_have_value("/ar/faq/")
    assert me.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # Nothing filled in: the summary comes first, has the focus, and leads to the fields.
    people.go_on(me)
    assert_accessible(me)
    expect(me.locator(".error-summary")).to_be_focused()
    with me.expect_event("framenavigated"):
        me.locator(".error-summary a[href='#id_text']").click()
    expect(me.locator("#id_text")).to_be_focused()
    expect(me.locator("[name=page]")).to_have_value("/ar/faq/")

    me.locator("[name=topic][value=accessibility]").check()
    me.locator("[name=text]").fill(TEXT)
    me.locator("[name=email]").fill("lukija@example.org")
    people.go_on(me)
    assert me.url == portal.url("/ar/feedback/thanks/")
    assert_accessible(me)
    assert [cookie.get("name") for cookie in me.context.cookies()] == ["csrf"]

    clerk = open_page(scripts=False, locale="en")
    people.log_in(clerk, portal, name="desk", look=lambda _: None)
    with clerk.expect_navigation():
        clerk.locator(".staff-nav a[href='/staff/feedback/']").click()
    assert_accessible(clerk)
    assert "Kuva puuttuu" not in clerk.content()
    with clerk.expect_navigation():
        clerk.locator("main table a").first.click()
    assert_accessible(clerk)
    assert clerk.locator("main blockquote").inner_text().strip() == TEXT
    expect(clerk.locator("main")).to_contain_text("lukija@example.org")
    people.go_on(clerk)
    assert_accessible(clerk)
    expect(clerk.locator(".error-summary")).to_be_focused()
    clerk.locator("[name=state][value=answered]").check()
    clerk.locator("[name=note]").fill("Answered on the phone page")
    people.go_on(clerk)
    expect(clerk.locator("main .notice")).to_contain_text("Done")
    expect(clerk.locator("main table")).to_have_count(0)

    other = open_page(scripts=False, locale="en")
    people.log_in(other, portal, name="kela", look=lambda _: None)
    expect(other.locator(".staff-nav a[href='/staff/feedback/']")).to_have_count(0)
    answer = other.request.get(portal.url("/staff/feedback/"))
    assert answer.status == 404
