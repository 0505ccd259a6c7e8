"""Public pages on the narrowest phone and as people adjust them: nothing is clipped, nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from portal.faq.content import SLUGS
from portal.languages import BY_CODE, LANGUAGES
from portal.pages.public import PAGES
from portal.sharing import page_path
from tests.browser.conftest import OpenPage
from tests.portal_process import Portal

LOOKED_AT: Final = [one.code for one in LANGUAGES] if os.environ.get("TEST_EVERY_LANGUAGE") else ["ru", "ar"]
"""The longest words and the other direction in every run; all 17 when the environment asks (docs/measurements.md)."""

NARROW: Final = 320
"""WCAG 2.2, 1.4.10: no sideways scrolling at this width."""

WITH_PICTURES: Final = (SLUGS[2], SLUGS[3], SLUGS[5])

SPACING: Final = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }
"""
"""WCAG 2.2, 1.4.12: what a reader may set without losing anything."""

LARGE: Final = "html { font-size: 200% !important; }"

ADOPT: Final = """rules => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""
"""A reader's own rules, as a browser's extension brings them: no inline style, so the CSP has no say."""

OVERFLOWING: Final = """() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    if (one.closest(".vh, .skip, svg, .table-wrap, details:not([open]) > :not(summary)")) continue;
    const box = one.getBoundingClientRect();
    if (box.width && (box.left < -1 || box.right > wide + 1)) found.push(`${one.tagName} ${one.className}`);
    const cut = getComputedStyle(one).overflow === "hidden" && one.scrollWidth > one.clientWidth + 1;
    if (cut) found.push(`cut: ${one.tagName} ${one.className}`);
  }
  if (document.documentElement.scrollWidth > wide) found.push(`page: ${document.documentElement.scrollWidth}`);
  return found;
}"""

OUTSIDE: Final = """() => [...document.querySelectorAll("figure svg")].flatMap(svg => {
  const sheet = svg.viewBox.baseVal;
  return [...svg.querySelectorAll("text, rect, circle")].filter(one => {
    const box = one.getBBox();
    return box.x < -1 || box.y < -1 || box.x + box.width > sheet.width + 1 || box.y + box.height > sheet.height + 1;
  }).map(one => one.textContent || one.tagName);
})"""


def paths(code: str) -> Iterator[str]:
    """Yield every public page of a language, a search that finds and one that does not, and answers with a picture."""
    yield from (page_path(page.view, BY_CODE[code]) for page in PAGES)
    yield from (f"/{code}/search/?q=Fiona", f"/{code}/search/?q=zzzz")
    yield from (
        f"/{code}/faq/{slug}/" for slug in (SLUGS if os.environ.get("TEST_EVERY_LANGUAGE") else WITH_PICTURES)
    )


@pytest.mark.parametrize("code", LOOKED_AT)
def test_narrow_large_and_spaced_nothing_is_lost(
    code: str, portal: Portal, open_page: OpenPage, assert_accessible: Callable[[Page], None]
) -> None:
    page = open_page(width=NARROW, locale=code)
    for path in paths(code):
        page.goto(portal.url(path))
        assert page.evaluate(OVERFLOWING) == [], path
        assert page.evaluate(OUTSIDE) == [], path
        assert_accessible(page)
        for rules in (LARGE, SPACING):
            page.evaluate(ADOPT, rules)
            assert page.evaluate(OVERFLOWING) == [], f"{path} {rules}"
    assert page.context.cookies() == []


@pytest.mark.parametrize("code", LOOKED_AT)
def test_in_forced_colours_pictures_can_be_read(code: str, portal: Portal, open_page: OpenPage) -> None:
    page = open_page(width=NARROW, locale=code, forced_colors="active", color_scheme="dark")
    for slug in WITH_PICTURES:
        page.goto(portal.url(f"/{code}/faq/{slug}/"))
        colours = page.evaluate(
            """() => [".source", ".goal", "text", "circle.full", "path"].flatMap(name => {
              const one = document.querySelector(`figure ${name}`);
              if (!one) return [];
              const style = getComputedStyle(one);
              return [[name, name === "path" ? style.stroke : style.fill]];
            })"""
        )
        of = dict(colours)
        ground = of.pop(".source", of.pop(".goal", "rgb(0, 0, 0)"))
        of.pop(".goal", "")
        assert of
        assert ground not in of.values(), of


def test_every_picture_fits_in_every_language(portal: Portal, open_page: OpenPage) -> None:
    """Words of every length: the drawing was laid out without knowing the reader's font."""
    page = open_page(width=NARROW)
    for language in LANGUAGES:
        for slug in WITH_PICTURES:
            page.goto(portal.url(f"/{language.code}/faq/{slug}/"))
            assert page.evaluate(OUTSIDE) == [], (language.code, slug)


def test_search_works_with_the_keyboard_and_without_scripts(portal: Portal, open_page: OpenPage) -> None:
    page = open_page(scripts=False, locale="ar")
    page.goto(portal.url("/ar/faq/"))
    page.locator("input[type=search]").fill("المجموعه الضابطه")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".found a").first).to_have_attribute("href", f"/ar/faq/{SLUGS[3]}/")
    expect(page.locator(".found mark").first).to_be_visible()
    expect(page.locator("input[type=search]")).to_have_value("المجموعه الضابطه")


def test_a_picture_is_there_in_words_as_well(portal: Portal, open_page: OpenPage) -> None:
    page = open_page(scripts=False)
    page.goto(portal.url(f"/en/faq/{SLUGS[2]}/"))
    figure = page.locator("figure")
    expect(figure.locator("svg")).to_have_accessible_name("How the data travel, as the study describes it")
    expect(figure.locator("li").first).to_be_hidden()
    figure.locator("summary").click()
    expect(figure.locator("li").first).to_be_visible()
    page.emulate_media(media="print")
    page.reload()
    expect(figure.locator("li").first).to_be_visible()
