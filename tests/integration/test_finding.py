"""Search and the words explained, from the address to the page."""

from __future__ import annotations

import logging
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.faq import finding, glossary
from portal.faq.content import SLUGS
from portal.faq.models import Entry, Translation
from portal.faq.stored import column
from portal.languages import BY_CODE, LANGUAGES
from tests.glossary_files import terms

pytestmark = [pytest.mark.any_database, pytest.mark.django_db, pytest.mark.usefixtures("published_faq")]

CODES = [language.code for language in LANGUAGES]


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few words explained, in Finnish and English."""
    monkeypatch.setattr(glossary, "terms", terms)
    monkeypatch.setattr(finding, "terms", terms)


def main_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    html: str = response.content.decode()
    return html.split("<main", 1)[1].split("</main>", 1)[0]


def found(client: Client, language: str, query: str) -> list[str]:
    """Return the slugs of the answers that a search shows, in their order."""
    main = main_of(client, f"/{language}/search/?{urlencode({'q': query})}")
    results = main.split('class="found"', 1)
    return (
        re.findall(rf'href="/{language}/faq/([\w-]+)/"', results[1].split("</ol>")[0]) if results[1:] else []
    )


# ------------------------------------------------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("language", "query", "first"),
    [
        ("fi", "Kuinka kauan tietojani säilytetään?", SLUGS[5]),
        ("fi", "VERROKKIRYHMA", SLUGS[3]),
        ("sv", "forskningsmiljon", SLUGS[2]),
        ("en", "medicine", SLUGS[4]),
        ("en", "object forbid", SLUGS[8]),
        ("ar", "المجموعه الضابطه", SLUGS[3]),
        ("ar", "kirjaamo", SLUGS[10]),
    ],
)
def test_the_answer_is_found_in_the_reader_s_words(
    client: Client, language: str, query: str, first: str
) -> None:
    assert found(client, language, query)[0] == first


@pytest.mark.parametrize("code", CODES)
def test_every_answer_is_found_by_its_own_question(client: Client, code: str) -> None:
    """One plain request per answer; where words of a question are common, the answer is among the first three."""
    for entry in Entry.objects.all():
        question = getattr(entry, column("question", code))
        assert entry.slug in found(client, code, question)[:3], question


def test_hits_are_marked_in_question_and_excerpt_and_nothing_gets_through(client: Client) -> None:
    main = main_of(client, f"/en/search/?{urlencode({'q': 'Fiona <script>alert(1)</script>'})}")
    assert "<mark>Fiona</mark>" in main
    assert "<script" not in main
    assert 'value="Fiona &lt;script&gt;' in main


def test_words_explained_are_found_too(client: Client) -> None:
    main = main_of(client, "/en/search/?q=verrokkiryhma")
    assert re.findall(r'href="/en/glossary/#([\w-]+)"', main) == ["control-group"]
    assert 'class="notice' not in main


def test_nothing_found_leads_on(client: Client) -> None:
    for code in CODES:
        main = main_of(client, f"/{code}/search/?q=zzzzxq")
        assert 'class="found"' not in main
        links = re.findall(r'href="([^"]+)"', main)
        assert f"/{code}/faq/08-is-mine-included/" in links
        assert {f"/{code}/faq/", f"/{code}/glossary/", f"/{code}/request/"} <= set(links)


@pytest.mark.parametrize("query", ["", "   ", "?", "\x00", "%", "\ud83d\ude00"])
def test_an_empty_query_has_an_answer(client: Client, query: str) -> None:
    try:
        query.encode()
    except UnicodeEncodeError:
        query = query.encode("utf-16", "surrogatepass").decode("utf-16")
    assert found(client, "en", query) == []


def test_a_query_is_kept_nowhere(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.get("/fi/search/?q=salaisuus")
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert not response.wsgi_request.session.accessed
    assert "ETag" not in response.headers
    assert not [line for line in caplog.records if "salaisuus" in line.getMessage()]


def test_a_long_query_is_cut(client: Client) -> None:
    response = client.get("/en/search/", {"q": "x" * 5000 + " Fiona"})
    assert response.status_code == 200
    assert "x" * 101 not in response.content.decode().split("<main")[1]


def test_the_form_alone_may_be_kept_and_says_what_it_searches(client: Client) -> None:
    response = client.get("/en/search/")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    again = client.get("/en/search/", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    html = response.content.decode()
    assert "and nothing else. Do not write anything about yourself." in html
    assert 'name="robots" content="noindex"' in html
    assert client.post("/en/search/", {"q": "x"}).status_code == 405


def test_the_list_of_questions_has_the_search_field(client: Client) -> None:
    for code in CODES:
        form = main_of(client, f"/{code}/faq/").split("<form", 1)[1].split("</form>", 1)[0]
        assert f'action="/{code}/search/"' in form
        assert 'method="get"' in form
        assert 'type="search"' in form
        assert re.findall(r'<label for="(\w+)">[^<]+</label>', form) == re.findall(
            r'<input[^>]*\bid="(\w+)"', form
        )


def test_the_language_switcher_keeps_the_query(client: Client) -> None:
    html = client.get("/en/search/?q=Kela").content.decode()
    assert 'href="/fi/search/?q=Kela"' in html


def test_a_fallback_is_searched_and_shown_in_its_own_language(client: Client) -> None:
    Translation.objects.filter(entry__slug=SLUGS[3], language="ar").update(status="draft")
    main = main_of(client, "/ar/search/?q=verrokkiryhm%C3%A4")
    assert re.search(r'<li lang="fi" dir="ltr">\s*<a href="/ar/faq/04-whose-information/"', main)


def test_an_answer_that_is_not_public_is_not_found(client: Client) -> None:
    Translation.objects.filter(entry__slug=SLUGS[3], language="sv").update(status="draft")
    assert SLUGS[3] not in found(client, "fi", "verrokkiryhmä")


@pytest.mark.parametrize("query", ["Kela", "henkilötiedot ja tutkimus", "zzz"])
def test_the_number_of_queries_is_constant(
    client: Client, query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # Four to search, two more for the questions asked most where nothing was found.
    with django_assert_max_num_queries(6):
        client.get("/fi/search/", {"q": query})


# ----------------------------------------------------------------------------------------------- words explained


def test_words_stand_in_alphabetical_order_with_finnish_word_and_anchor(client: Client) -> None:
    main = main_of(client, "/en/glossary/")
    assert re.findall(r'<div id="([\w-]+)">', main) == ["decision", "control-group", "identity-code"]
    assert '<bdi lang="fi">verrokkiryhmä</bdi>' in main
    assert "everybody gets &lt;from&gt; the register" in main
    # English has no such word: the Finnish one is shown as Finnish, in its place.
    assert re.search(r'<dfn lang="fi" dir="ltr">\s*äänestys\s*</dfn>', main)


def test_in_finnish_a_word_is_not_said_twice(client: Client) -> None:
    main = main_of(client, "/fi/glossary/")
    assert re.findall(r'<div id="([\w-]+)">', main) == ["identity-code", "control-group", "decision"]
    assert "<bdi" not in main


def test_the_page_of_words_in_every_language(client: Client) -> None:
    for code in CODES:
        response = client.get(f"/{code}/glossary/")
        assert response.status_code == 200
        assert f'<html lang="{BY_CODE[code].html}"' in response.content.decode()
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert not response.cookies
        again = client.get(f"/{code}/glossary/", headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304


def test_an_answer_lists_the_words_that_occur_in_it(client: Client) -> None:
    def words_of(path: str) -> list[Any]:
        return re.findall(r'href="/\w+/glossary/#([\w-]+)"', main_of(client, path))

    assert words_of(f"/en/faq/{SLUGS[3]}/") == ["control-group"]
    assert words_of(f"/fi/faq/{SLUGS[2]}/") == ["identity-code"]
    # Arabic has no words of its own here: Finnish ones are found by the Finnish word in brackets.
    assert words_of(f"/ar/faq/{SLUGS[3]}/") == ["control-group"]
    assert words_of(f"/en/faq/{SLUGS[9]}/") == []
    assert "Words in this answer" not in unescape(main_of(client, f"/en/faq/{SLUGS[9]}/"))
