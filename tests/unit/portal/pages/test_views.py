"""The portal's own pages, as a reader without an account gets them."""

from __future__ import annotations

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client, override_settings

from portal.languages import BY_CODE, LANGUAGES, STAFF
from portal.pages.notices import notice_language, notice_languages

CODES = list(BY_CODE)
NOTICES = ("privacy", "accessibility")

pytestmark = pytest.mark.django_db


def get(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


# ------------------------------------------------------------------------------------------------ root


@pytest.mark.parametrize(("header", "home"), [("ar-SY,en;q=0.5", "/ar/"), ("de", "/fi/"), ("", "/fi/")])
def test_root_leads_to_the_best_language(client: Client, header: str, home: str) -> None:
    response = client.get("/", headers={"accept-language": header})
    assert (response.status_code, response["Location"]) == (302, home)
    assert "accept-language" in response["Vary"].lower()


# ------------------------------------------------------------------------------------------------ home


@pytest.mark.parametrize("code", CODES)
def test_home_has_one_heading_three_tasks_and_all_languages(client: Client, code: str) -> None:
    html = get(client, f"/{code}/")
    language = BY_CODE[code]
    assert f'<html lang="{language.html}" dir="{language.direction}">' in html
    assert len(re.findall(r"<h1\b", html)) == 1
    assert re.findall(r'class="task-card"\s+href="([^"]+)"', html) == [
        f"/{code}/am-i-included/",
        f"/{code}/request/",
        f"/{code}/track/",
    ]
    grid = html[html.index('<ul class="language-grid">') :]
    grid = grid[: grid.index("</ul>")]
    assert re.findall(r'href="([^"]+)"', grid) == [f"/{one.code}/" for one in LANGUAGES]
    assert re.findall(r'\slang="([^"]+)"', grid) == [one.html for one in LANGUAGES]
    assert all(f">{one.own_name}</bdi>" in grid for one in LANGUAGES)


def test_home_sets_no_cookie_and_may_be_kept(client: Client) -> None:
    response = client.get("/fi/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=300"}


@pytest.mark.parametrize("code", CODES)
def test_home_is_light(client: Client, code: str) -> None:
    """look.md, "Weight": 12 kB of HTML, and a first view of 30 kB in four requests."""
    html = client.get(f"/{code}/").content
    loaded = re.findall(rb'(?:<link rel="(?:icon|stylesheet)" href|<(?:img|script) src)="([^"]+)"', html)
    assert len(gzip.compress(html)) <= 12_000
    assert len(set(loaded)) + 1 <= 4
    sizes = [
        gzip.compress((settings.BASE_DIR / "static" / name).read_bytes())
        for name in ("tietoni.css", "favicon.svg")
    ]
    assert len(gzip.compress(html)) + sum(map(len, sizes)) <= 30_000


def test_skip_link_comes_first_and_reaches_the_content(client: Client) -> None:
    html = get(client, "/en/")
    body = html[html.index("<body") :]
    first = re.search(r"<a [^>]*>", body)
    assert first
    assert 'href="#main"' in first[0]
    assert '<main id="main"' in body


def test_language_switcher_is_a_list_of_links_to_the_same_page(client: Client) -> None:
    html = get(client, "/en/privacy/")
    switcher = html[html.index('<details class="languages">') : html.index("</details>")]
    assert "<select" not in switcher
    assert "<button" not in switcher
    assert re.findall(r'href="([^"]+)"', switcher) == [f"/{one.code}/privacy/" for one in LANGUAGES]
    assert switcher.count('aria-current="true"') == 1


def test_head_requests_are_answered_and_others_refused(client: Client) -> None:
    assert client.head("/fi/").status_code == 200
    assert client.post("/fi/").status_code == 405


# --------------------------------------------------------------------------------------------- notices


@pytest.mark.parametrize("name", NOTICES)
def test_official_languages_and_english_are_written(name: str) -> None:
    assert {"fi", "sv", "en"} <= set(notice_languages(name))


@pytest.mark.parametrize("name", NOTICES)
@pytest.mark.parametrize("code", CODES)
def test_notice_is_in_the_readers_language_or_says_that_it_is_not(
    client: Client, name: str, code: str
) -> None:
    html = get(client, f"/{code}/{name}/")
    written = notice_languages(name)
    text = notice_language(name, BY_CODE[code])
    assert code not in written or text.code == code
    assert f'<article class="prose" lang="{text.html}" dir="{text.direction}">' in html
    main = html[html.index("<main") : html.index("<article")]
    links = re.findall(r'href="([^"]+)"', main)
    assert links == ([] if code in written else [f"/{one}/{name}/" for one in written])
    assert len(re.findall(r"<h1\b", html)) == 1


@pytest.mark.parametrize("name", NOTICES)
def test_all_languages_of_a_notice_have_the_same_sections_and_articles_of_law(
    client: Client, name: str
) -> None:
    def outline(code: str) -> tuple[int, int, int]:
        html = get(client, f"/{code}/{name}/")
        text = html[html.index("<article") : html.index("</article>")]
        return text.count("<h2"), text.count("<li>"), text.count("<p>") + text.count('<p class="lead">')

    assert len({outline(code) for code in ("fi", "sv", "en")}) == 1


CITED = {
    "en": re.compile(r"Article (\d+)(?:\((\d+)\))?(?:\(([a-z])\))?"),
    "fi": re.compile(r"\b(\d+) artikla(?:n)?(?: (\d+) (?:kohta|kohdan))?(?: ([a-z]) alakohta)?"),
    "sv": re.compile(r"artikel (\d+)(?:\.(\d+))?(?: ([a-z])\b)?"),
}
"""How each language cites an article of the GDPR: its number, paragraph and point."""


def test_all_languages_of_the_privacy_notice_cite_the_same_law(client: Client) -> None:
    def law(code: str) -> tuple[list[tuple[str, str, str]], list[str]]:
        html = get(client, f"/{code}/privacy/")
        text = html[html.index("<article") : html.index("</article>")]
        return sorted(CITED[code].findall(text)), sorted(re.findall(r"\b\d+/\d{4}\b", text))

    english = law("en")
    assert ("9", "2", "f") in english[0]
    assert ("28", "", "") in english[0]
    assert law("fi") == law("sv") == english


@pytest.mark.parametrize("code", ["fi", "sv", "en"])
def test_the_accessibility_statement_has_what_the_law_asks_for(client: Client, code: str) -> None:
    """Act 306/2019: the state, what does not work, a way to give feedback with its time, and the supervisor."""
    html = get(client, f"/{code}/accessibility/")
    text = html[html.index("<article") : html.index("</article>")]
    for part in ("306/2019", "EN 301 549", "WCAG 2.1", "14 ", "saavutettavuus@traficom.fi", "029 534 5000"):
        assert part in text
    assert f'href="/{code}/feedback/"' in text


@pytest.mark.parametrize(
    ("code", "articles"),
    [
        (
            "en",
            ["Article 4(7)", "Article 6(1)(e)", "Article 9(2)(f)", "Article 15", "Article 77", "1050/2018"],
        ),
        ("fi", ["4 artiklan 7", "6 artiklan 1", "9 artiklan 2", "15 artikla", "77 artikla", "1050/2018"]),
        ("sv", ["artikel 4.7", "artikel 6.1 e", "artikel 9.2 f", "artikel 15", "artikel 77", "1050/2018"]),
    ],
)
def test_privacy_names_the_law(client: Client, code: str, articles: list[str]) -> None:
    html = get(client, f"/{code}/privacy/")
    assert [article for article in articles if article not in html] == []


@pytest.mark.parametrize("code", ["fi", "sv", "en"])
def test_privacy_promises_what_the_portal_keeps(client: Client, code: str) -> None:
    """The numbers of the notice are those of the code; whoever changes one is sent here."""
    from requests_app.actions import archive, retention
    from requests_app.sessions import MAX_AGE_SECONDS

    html = get(client, f"/{code}/privacy/")
    assert MAX_AGE_SECONDS == 24 * 60 * 60
    assert retention.KEEP_UNSENT_DAYS == 365
    assert retention.KEEP_FEEDBACK_DAYS == 365
    for number in (
        24,
        retention.KEEP_AFTER_CLOSING_DAYS,
        retention.KEEP_FEEDBACK_AFTER_END_DAYS,
        archive.KEY_BACKUP_DAYS,
    ):
        assert re.search(rf"\b{number}\b", html)


@override_settings(OPERATOR="Me <& You>", OPERATOR_EMAIL="help@example.org")
@pytest.mark.parametrize("name", NOTICES)
def test_operator_is_named_and_can_be_reached(client: Client, name: str) -> None:
    html = get(client, f"/en/{name}/")
    assert "Me &lt;&amp; You&gt;" in html
    assert 'href="mailto:help@example.org"' in html
    assert '<bdi dir="ltr" translate="no">help@example.org</bdi>' in html


@override_settings(OPERATOR="", OPERATOR_EMAIL="")
def test_without_an_operator_the_notice_warns(client: Client) -> None:
    assert "Do not enter real data" in get(client, "/en/privacy/")
    assert "mailto:tietosuoja@om.fi" in get(client, "/en/privacy/")


# ------------------------------------------------------------------------------------- language of staff


@pytest.mark.parametrize("code", STAFF)
def test_staff_choose_their_language_and_stay_where_they_were(client: Client, code: str) -> None:
    response = client.post("/staff/language/", {"language": code, "next": "/staff/?view=late"})
    assert (response.status_code, response["Location"]) == (302, "/staff/?view=late")
    assert response.cookies["staff_language"].value == code
    assert response.cookies["staff_language"]["httponly"]


@pytest.mark.parametrize("code", ["ar", "", "xx", "fi; Path=/"])
def test_other_languages_are_not_kept(client: Client, code: str) -> None:
    response = client.post("/staff/language/", {"language": code, "next": "/staff/"})
    assert response.status_code == 302
    assert "staff_language" not in response.cookies


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example", ""]
)
def test_the_way_back_never_leaves_the_site(client: Client, there: str) -> None:
    assert client.post("/staff/language/", {"language": "sv", "next": there})["Location"] == "/staff/"


def test_language_of_staff_is_changed_by_post_alone(client: Client) -> None:
    assert client.get("/staff/language/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/staff/language/", {"language": "sv"}).status_code == 403
