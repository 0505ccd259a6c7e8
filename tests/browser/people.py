"""What a resident and a member of staff do in the browser, step by step, as tests of several kinds need it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.portal_process import Portal, wait_until

Look = Callable[[Page], None]
"""What is done on every page on the way: axe, mostly."""

CATEGORIES: Final = ("benefits", "skills_centre", "social_health", "tax")
HOLDERS: Final = ("kela", "luvn", "omnia", "vero")
"""Whom the register names for CATEGORIES from 2023 on."""

ADDRESS: Final = {"street": "Testikatu 1 A 2", "postal_code": "02600", "city": "Espoo"}


def today() -> str:
    """Return today in Finland as people there type it."""
    day = datetime.now(ZoneInfo("Europe/Helsinki")).date()
    return f"{day.day}.{day.month}.{day.year}"


def step_of(page: Page) -> str:
    """Return the step of the wizard that the page is, by its address."""
    return page.url.split("?")[0].rstrip("/").rpartition("/")[2]


def go_on(page: Page) -> None:
    """Submit the first form of the main part by its own button and wait for the answer."""
    with page.expect_navigation():
        page.locator("main form[method=post] button[type=submit]").first.click()


def walk_wizard(
    page: Page, *, look: Look, person: Mapping[str, str], categories: Sequence[str] = CATEGORIES
) -> list[str]:
    """Answer every step up to the check page; return the steps in the order they came."""
    seen = []
    for _ in range(15):
        look(page)
        step = step_of(page)
        seen.append(step)
        if step == "check":
            return seen
        if step == "information":
            for category in categories:
                page.locator(f"input[name=categories][value={category}]").check()
        elif step == "period":
            page.locator("[name=from_year]").fill("2023")
            page.locator("[name=to_year]").fill("2024")
        elif step == "about-you":
            for name, value in person.items():
                page.locator(f"[name={name}]").fill(value)
        elif step == "sign" and page.locator(".sign-pad canvas").count():
            draw(page)
        go_on(page)
        assert step_of(page) != step, f"{step} did not advance: {page.locator('main').inner_text()}"
    raise AssertionError(f"The check page was not reached: {seen}")


def draw(page: Page) -> None:
    """Choose to draw, and draw two strokes with the mouse."""
    page.locator("input[name=signature][value=drawn]").check()
    board = page.locator(".sign-pad canvas")
    expect(board).to_be_visible()
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    for shift in (0.2, 0.6):
        page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * shift)
        page.mouse.down()
        for at in range(2, 9):
            page.mouse.move(
                box["x"] + box["width"] * at / 10, box["y"] + box["height"] * (shift + (at % 3) / 10)
            )
        page.mouse.up()


def receipt(page: Page) -> tuple[str, str]:
    """Return reference and secret from the receipt."""
    values = [page.locator(f"data#{name}").get_attribute("value") for name in ("reference", "secret")]
    assert all(values), values
    return values[0] or "", values[1] or ""


def letters(page: Page, *, wanted: Sequence[str] = HOLDERS) -> dict[str, PdfReader]:
    """Wait until every letter can be downloaded; return them read back, by holder."""

    def ready() -> bool:
        page.reload()
        return page.locator("a[data-letter]").count() == len(wanted)

    wait_until(ready, what="the letters are ready", seconds=60)
    found = {}
    for link in page.locator("a[data-letter]").all():
        holder, address = link.get_attribute("data-letter"), link.get_attribute("href")
        answer = page.request.get(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + (address or ""))
        assert answer.ok, f"{holder}: {answer.status}"
        found[holder or ""] = PdfReader(BytesIO(answer.body()))
    assert sorted(found) == sorted(wanted)
    return found


def text_of(pdf: PdfReader) -> str:
    """Return all text of a PDF, with runs of white space as one space."""
    return re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in pdf.pages))


def follow(page: Page, portal: Portal, *, language: str, reference: str, secret: str) -> None:
    """Sign in to a filing as anybody would who has nothing but the slip."""
    page.goto(portal.url(f"/{language}/track/"))
    page.locator("[name=reference]").fill(reference)
    page.locator("[name=secret]").fill(secret)
    go_on(page)


def log_in(page: Page, portal: Portal, *, name: str, look: Look) -> None:
    """Log in as a demo member of staff, with password and the code of the moment."""
    page.goto(portal.url("/staff/"))
    look(page)
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(portal.environment["DEMO_PASSWORD"])
    go_on(page)
    look(page)
    codes = portal.run_command("demo", "--codes").stdout
    code = next(line.split()[1] for line in codes.splitlines() if line.split()[:1] == [name])
    page.locator("[name=code]").fill(code)
    go_on(page)
    expect(page.locator("[name=code]")).to_have_count(0)


def open_case(page: Page, portal: Portal, *, reference: str) -> None:
    """Open a case from the queue by its reference, as soon as its letter has been handed over."""
    case = page.get_by_role("link", name=reference)

    def is_there() -> bool:
        page.goto(portal.url("/staff/"))
        return case.count() == 1

    wait_until(is_there, what="the case is in the queue", seconds=150)
    with page.expect_navigation():
        case.click()


def take_step(page: Page, slug: str, *, look: Look, **answers: str) -> None:
    """Take one step of the law on an open case."""
    with page.expect_navigation():
        page.locator(f"a[href$='/{slug}/']").first.click()
    look(page)
    for name, value in answers.items():
        field = page.locator(f"main [name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"main [name={name}][value={value}]").check()
        else:
            field.fill(value)
    go_on(page)
    look(page)
