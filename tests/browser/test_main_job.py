"""The main job, end to end, as people do it: a phone of 360 px, real letters, a real queue; axe on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import OpenPage
from tests.portal_process import Portal, wait_until

Accessible = Callable[[Page], None]


@pytest.mark.parametrize("language", ["ar"])
def test_from_question_eleven_to_the_extension_without_scripts(
    language: str, portal: Portal, open_page: OpenPage, assert_accessible: Accessible
) -> None:
    me = open_page(scripts=False, locale=language)
    me.goto(portal.url(f"/{language}/faq/"))
    assert_accessible(me)
    with me.expect_navigation():
        me.locator("main a[href$='/11-see-my-data/']").click()
    assert me.locator("html").get_attribute("dir") == "rtl"
    assert_accessible(me)
    with me.expect_navigation():
        me.locator(f"main a[href='/{language}/request/']").first.click()

    steps = people.walk_wizard(
        me,
        look=assert_accessible,
        person={"full_name": "آمنة Testi", "birth_date": "1.5.1990", **people.ADDRESS},
    )
    assert steps == [
        "kind",
        "who",
        "information",
        "period",
        "holders",
        "about-you",
        "answer",
        "sign",
        "check",
    ]
    people.go_on(me)
    assert people.step_of(me) == "done"
    assert_accessible(me)
    reference, secret = people.receipt(me)

    for holder, pdf in people.letters(me).items():
        text = people.text_of(pdf)
        assert str(pdf.root_object["/Lang"]) == "fi", holder
        assert reference in text
        assert "1.5.1990" in text
        assert "Testi" in text
        assert "tietosuoja-asetuksen" in text
        for other in {"Kansaneläkelaitos": "kela", "Verohallinto": "vero", "Omnia": "omnia"}.items():
            assert (other[0] in text) == (other[1] == holder), (holder, other)
        assert "VTT" not in text
        assert "tutkimus" not in text.lower()

    # Another device, with nothing but the slip; typed in small letters and without the signs between.
    again = open_page(scripts=False, locale=language)
    people.follow(
        again, portal, language=language, reference=reference.lower(), secret=secret.replace("-", " ").lower()
    )
    assert_accessible(again)
    kela = again.locator("section.holder-card", has=again.locator("a[data-letter=kela]"))
    expect(kela).to_have_count(1)
    posted = kela.locator("details", has=again.locator("[name=posted_on]"))
    posted.locator("summary").click()
    posted.locator("[name=posted_on]").fill(people.today())
    with again.expect_navigation():
        posted.locator("button[type=submit]").click()
    assert_accessible(again)

    clerk = open_page(scripts=False, locale="en", width=1280)
    people.log_in(clerk, portal, name="kela", look=assert_accessible)
    assert_accessible(clerk)
    assert "آمنة" not in clerk.content()
    people.open_case(clerk, portal, reference=reference)
    assert_accessible(clerk)
    expect(clerk.locator("main")).to_contain_text("آمنة Testi")
    people.take_step(clerk, "receive", look=assert_accessible, basis="post")
    people.take_step(
        clerk, "extend", look=assert_accessible, reason="The archives of four offices are searched."
    )
    expect(clerk.locator("main")).to_contain_text("The time was extended.")

    again.reload()
    assert_accessible(again)
    expect(kela.locator("blockquote").first).to_have_text("The archives of four offices are searched.")
    # Who opened it stands among the events; older ones are folded, which hides nothing from this reading.
    happened = " ".join(kela.locator(".timeline").all_text_contents())
    assert "فُتح الطلب في Tietoni" in happened
    assert "(Kela)" in happened

    def notice_ready() -> bool:
        again.reload()
        return kela.locator("ul.letters a").count() == 3

    wait_until(notice_ready, what="the notice of extension is ready for the resident", seconds=30)
    others = again.locator("section.holder-card", has=again.locator("a[data-letter=vero]"))
    expect(others.locator("blockquote")).to_have_count(0)


def test_a_drawn_signature_in_finnish_reaches_the_queue_by_itself(
    portal: Portal, open_page: OpenPage, assert_accessible: Accessible
) -> None:
    me = open_page(locale="fi-FI")
    me.goto(portal.url("/fi/request/"))
    people.walk_wizard(
        me,
        look=assert_accessible,
        person={"full_name": "Zahra Öhman-Testi", "birth_date": "1990-05-01", **people.ADDRESS},
    )
    people.go_on(me)
    assert_accessible(me)
    reference, secret = people.receipt(me)
    for holder, pdf in people.letters(me).items():
        assert "Zahra Öhman-Testi" in people.text_of(pdf), holder

    clerk = open_page(locale="fi-FI")
    people.log_in(clerk, portal, name="omnia", look=assert_accessible)
    people.open_case(clerk, portal, reference=reference)
    assert_accessible(clerk)
    people.take_step(clerk, "answer", look=assert_accessible, delivered_by="post")

    me = open_page(locale="fi-FI")
    people.follow(me, portal, language="fi", reference=reference, secret=secret)
    assert_accessible(me)
    omnia = me.locator("section.holder-card", has=me.locator("a[data-letter=omnia]"))
    expect(omnia.locator(".tag").first).to_have_text("Vastattu")
    kela = me.locator("section.holder-card", has=me.locator("a[data-letter=kela]"))
    expect(kela.locator("[name=posted_on]")).to_have_count(0)
