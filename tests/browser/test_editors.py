"""An editor's day in the browser, on a wide screen and on a phone: nothing clipped, axe content, no script needed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.faq.content import SLUGS
from tests.browser import people
from tests.browser.conftest import PHONE, OpenPage
from tests.portal_process import Portal

MINE = SLUGS[7]
HOME = "/staff/admin/faq/entry/"
WIDE = 1440


def test_a_text_is_translated_looked_at_and_published(
    portal: Portal, open_page: OpenPage, assert_accessible: Callable[[Page], None]
) -> None:
    me = open_page(locale="en", width=WIDE)

    def look(page: Page) -> None:
        for width in (PHONE, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)

    people.log_in(me, portal, name="editor", look=lambda _page: None)
    # The login leads an editor, who has no queue, to the texts.
    expect(me.locator("h1")).to_have_text("Texts and translations")
    look(me)
    with me.expect_navigation():
        me.locator(f"a[href='{HOME}{MINE}/ar/']").click()
    look(me)

    source, target = me.locator(".sides .source").first, me.locator("textarea[name=question]")
    left, right = source.bounding_box(), target.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    expect(target).to_have_css("direction", "rtl")
    expect(source).to_have_css("direction", "ltr")

    target.fill("سؤال المحرر؟")
    with me.expect_navigation():
        me.get_by_role("button", name="Save as a draft and preview").click()
    expect(me.locator("h1")).to_have_text("سؤال المحرر؟")
    assert me.locator("html").get_attribute("dir") == "rtl"
    look(me)
    reader = open_page(locale="ar")
    reader.goto(portal.url(f"/ar/faq/{MINE}/"))
    expect(reader.locator("h1")).not_to_have_text("سؤال المحرر؟")

    with me.expect_navigation():
        me.get_by_role("link", name="Back to the text").click()
    look(me)
    with me.expect_navigation():
        me.get_by_role("button", name="Publish as reviewed").click()
    reader.reload()
    expect(reader.locator("h1")).to_have_text("سؤال المحرر؟")

    with me.expect_navigation():
        me.get_by_role("link", name="History").click()
    look(me)
    with me.expect_navigation():
        me.locator("tbody a").first.click()
    look(me)

    for path in (
        f"{HOME}{MINE}/fi/",
        f"{HOME}{MINE}/ar/withdraw/",
        f"{HOME}{MINE}/notes/",
        f"{HOME}glossary/sv/",
        f"{HOME}po/ar/",
        "/staff/admin/requests_app/holdertext/",
        "/staff/admin/requests_app/holdertext/kela/ar/",
    ):
        me.goto(portal.url(path))
        look(me)
