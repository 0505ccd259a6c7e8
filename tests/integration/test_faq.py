"""The pages of the FAQ: what a reader gets of what is public, in every language."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from portal.faq import publishing
from portal.faq.content import GROUPS, SLUGS
from portal.faq.models import ChangeNote, Entry, Translation
from portal.faq.revisions import Author, save
from portal.faq.stored import FIELDS, column
from portal.faq.units import unit_of
from portal.languages import BY_CODE, DEFAULT, LANGUAGES

pytestmark = [pytest.mark.any_database, pytest.mark.django_db, pytest.mark.usefixtures("published_faq")]


CODES = [language.code for language in LANGUAGES]
MINE = SLUGS[7]
ASK = SLUGS[10]


def write(slug: str, language: str, **texts: str) -> None:
    """Store texts as an editor would."""
    Entry.objects.filter(slug=slug).update(**{column(name, language): text for name, text in texts.items()})


def stored(slug: str, name: str, language: str) -> str:
    return str(getattr(Entry.objects.get(slug=slug), column(name, language)) or "")


def text_of(response: Any) -> str:
    return str(response.content.decode())


def get(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return text_of(response)


def without_data(html: str) -> str:
    """Leave out the block of data for search engines, a script element that nothing runs, if it is a whole one."""
    return re.sub(r'<script type="application/ld\+json">{[^<>]*}</script>', "", html, count=1)


def part(html: str, first: str, last: str) -> str:
    """Return what stands between two marks."""
    return html.split(first, 1)[1].split(last, 1)[0]


@pytest.mark.parametrize("code", CODES)
def test_the_list_has_every_question_in_plain_groups(client: Client, code: str) -> None:
    html = part(get(client, f"/{code}/faq/"), "<main", "</main>")

    numbers = [number for group in GROUPS.values() for number in group]
    assert re.findall(rf'href="/{code}/faq/([\w-]+)/"', html) == [SLUGS[number - 1] for number in numbers]
    assert "<details" not in html
    assert html.count("<h2") == len(GROUPS) + 1
    for slug in SLUGS:
        assert stored(slug, "question", code).replace("'", "&#x27;") in html


@pytest.mark.parametrize("code", CODES)
def test_every_entry_in_every_language(client: Client, code: str) -> None:
    language = BY_CODE[code]
    for slug in SLUGS:
        response = client.get(f"/{code}/faq/{slug}/")
        html = text_of(response)

        assert response.status_code == 200
        assert f'<html lang="{language.html}" dir="{language.direction}">' in html
        assert response.headers["Content-Language"] == language.html
        main = part(html, "<main", "</main>")
        question = stored(slug, "question", code).replace("'", "&#x27;")
        assert re.search(rf"<h1[^>]*>{re.escape(question)}</h1>", main)
        # The short answer comes first, then the answer, then what has changed since, beside it.
        places = [main.index(mark) for mark in ("<h1", 'class="short-answer"', 'class="prose"', "<aside")]
        assert places == sorted(places)
        assert 'href="https://espooskillscentrestudy.fi/"' in main
        assert "Maahanmuuttajien osaamiskeskuksen analytiikka-/tekoälytutkimus" in main or code == "fi"
        assert "2021" in part(main, "</h1>", 'class="short-answer"')
        assert "<script" not in without_data(html)
        assert "style=" not in html


@pytest.mark.parametrize("code", CODES)
def test_search_engines_find_the_other_languages(client: Client, code: str) -> None:
    from django.conf import settings

    for path in (f"faq/{MINE}/", "faq/"):
        head = part(get(client, f"/{code}/{path}"), "<head>", "</head>")
        found = dict(re.findall(r'rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"', head))

        assert found == {
            **{language.html: f"{settings.BASE_URL}/{language.code}/{path}" for language in LANGUAGES},
            "x-default": f"{settings.BASE_URL}/{DEFAULT}/{path}",
        }
        assert re.search(r'rel="canonical"\s+href="([^"]+)"', head)[1] == f"{settings.BASE_URL}/{code}/{path}"  # type: ignore[index]


@pytest.mark.parametrize("path", ["/ar/faq/", f"/ar/faq/{ASK}/"])
def test_pages_may_be_kept_and_are_sent_once(client: Client, path: str) -> None:
    first = client.get(path)

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in first.headers
    assert not first.cookies
    assert "Cookie" not in first.headers.get("Vary", "")
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["Cache-Control"] == "public, max-age=300"

    Entry.objects.filter(slug=ASK).update(**{column("question", "ar"): "سؤال جديد؟"})
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", ["/fi/faq/", f"/fi/faq/{ASK}/"])
def test_a_session_is_neither_read_nor_made(client: Client, path: str) -> None:
    client.cookies["session"] = "a" * 32
    response = client.get(path)

    assert response.status_code == 200
    assert not response.wsgi_request.session.accessed
    assert not response.cookies


@pytest.mark.parametrize("code", CODES)
def test_the_number_of_queries_is_constant(
    client: Client, code: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        client.get(f"/{code}/faq/")
    for slug in SLUGS:
        with django_assert_num_queries(8):
            client.get(f"/{code}/faq/{slug}/")
    write(MINE, "en", short="")
    with django_assert_num_queries(8):
        client.get(f"/en/faq/{MINE}/")


@pytest.mark.parametrize("code", CODES)
def test_an_unknown_question_is_not_found_in_the_reader_s_language(client: Client, code: str) -> None:
    for path in (f"/{code}/faq/12-more/", f"/{code}/faq/{SLUGS[0]}x/", f"/{code}/faq/08/"):
        response = client.get(path)

        assert response.status_code == 404
        assert f'<html lang="{BY_CODE[code].html}" dir="{BY_CODE[code].direction}">' in text_of(response)
        assert f'href="/{code}/faq/"' in text_of(response)
        assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("path", ["/fi/faq/", f"/fi/faq/{ASK}/"])
def test_pages_take_nothing(client: Client, path: str) -> None:
    assert client.post(path, {"x": "1"}).status_code == 405
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("code", CODES)
def test_two_answers_lead_into_the_wizard_and_one_to_the_self_check(client: Client, code: str) -> None:
    wizard, self_check = f"/{code}/request/", f"/{code}/am-i-included/"
    ways_on = {MINE: {wizard, self_check}, ASK: {wizard}}
    for slug in SLUGS:
        main = part(get(client, f"/{code}/faq/{slug}/"), "<main", "</main>")
        buttons = re.findall(r'<a class="button"\s+href="([^"]+)"', main)
        assert set(buttons) == ways_on.get(slug, set())


@pytest.mark.parametrize("code", CODES)
def test_related_and_neighbouring_questions(client: Client, code: str) -> None:
    main = part(get(client, f"/{code}/faq/{SLUGS[4]}/"), "<main", "</main>")
    assert re.findall(rf'href="/{code}/faq/([\w-]+)/"', main) == [SLUGS[3], SLUGS[7], SLUGS[3], SLUGS[5]]

    first = part(get(client, f"/{code}/faq/{SLUGS[0]}/"), "<main", "</main>")
    assert re.findall(rf'href="/{code}/faq/([\w-]+)/"', first) == [SLUGS[2], SLUGS[1]]
    last = part(get(client, f"/{code}/faq/{SLUGS[10]}/"), "<main", "</main>")
    assert re.findall(rf'href="/{code}/faq/([\w-]+)/"', last) == [SLUGS[8], SLUGS[9]]


def test_what_has_changed_since_stands_beside_the_answer(client: Client) -> None:
    main = part(get(client, f"/en/faq/{SLUGS[8]}/"), "<main", "</main>")
    aside = part(main, "<aside", "</aside>")

    assert "Article 21(6)" in aside
    assert 'datetime="2026-11-24"' in aside
    assert "Article 21(6)" not in main.replace(aside, "")


def test_an_unreviewed_text_says_so(client: Client) -> None:
    sentence = "No person has reviewed this text yet."
    assert sentence in get(client, f"/en/faq/{MINE}/")

    Translation.objects.filter(entry__slug=MINE, language="en").update(status="reviewed")

    assert sentence not in get(client, f"/en/faq/{MINE}/")
    assert sentence in get(client, f"/en/faq/{ASK}/")


@pytest.mark.parametrize("missing", [*FIELDS, "everything", "published"])
def test_a_missing_translation_falls_back_and_says_so(client: Client, missing: str) -> None:
    if missing == "published":
        Translation.objects.filter(entry__slug=MINE, language="ar").update(status="draft")
    else:
        names = FIELDS if missing == "everything" else (missing,)
        Entry.objects.filter(slug=MINE).update(**{column(name, "ar"): None for name in names})

    others = [code for code in CODES if code != "ar"]
    response = client.get(f"/ar/faq/{MINE}/")
    html = text_of(response)

    assert response.status_code == 200
    assert response.headers["Content-Language"] == "ar, fi"
    assert '<html lang="ar" dir="rtl">' in html
    main = part(html, "<main", "</main>")
    assert f'<h1 lang="fi" dir="ltr">{stored(MINE, "question", "fi")}</h1>' in main
    assert stored(MINE, "short", "fi") in main
    notice = part(main, '<div class="notice info">', "</div>")
    assert re.findall(r'href="([^"]+)"', notice) == [f"/{code}/faq/{MINE}/" for code in others]
    head = part(html, "<head>", "</head>")
    assert re.findall(r'hreflang="([^"]+)"', head) == [*(BY_CODE[code].html for code in others), "x-default"]
    assert re.search(r'rel="canonical"\s+href="[^"]+/fi/faq/', head)
    listed = part(get(client, "/ar/faq/"), "<main", "</main>")
    assert re.search(rf'href="/ar/faq/{MINE}/"\s+lang="fi"\s+dir="ltr"', listed)
    home = get(client, "/ar/")
    assert re.search(rf'href="/ar/faq/{MINE}/"\s+lang="fi"\s+dir="ltr"', home)


def test_a_language_that_has_it_shows_no_notice(client: Client) -> None:
    assert 'class="notice info"' not in get(client, f"/ar/faq/{MINE}/")


@pytest.mark.parametrize("official", ["fi", "sv"])
@pytest.mark.parametrize("how", ["missing", "draft"])
def test_an_entry_is_public_only_with_both_official_languages(
    client: Client, official: str, how: str
) -> None:
    if how == "missing":
        write(MINE, official, body="")
    else:
        Translation.objects.filter(entry__slug=MINE, language=official).update(status="draft")

    for code in CODES:
        assert client.get(f"/{code}/faq/{MINE}/").status_code == 404
        for path in (f"/{code}/faq/", f"/{code}/faq/{SLUGS[3]}/", f"/{code}/faq/{SLUGS[6]}/"):
            assert f"/faq/{MINE}/" not in part(get(client, path), "<main", "</main>")
    assert publishing.entry(MINE, "en") is None


def test_hostile_texts_of_an_editor_do_no_harm(client: Client) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3))"
    write(MINE, "en", question=evil[:90], short=evil, body=evil)
    ChangeNote.objects.filter(entry__slug=MINE).update(**{column("text", "en"): evil})

    for path in (f"/en/faq/{MINE}/", "/en/faq/", "/en/"):
        html = get(client, path)
        assert "<script" not in without_data(html)
        assert "<img src=x" not in html
        assert 'href="javascript' not in html


@pytest.mark.parametrize("code", CODES)
def test_pages_are_light(client: Client, code: str) -> None:
    """The look allows 12 kB of compressed HTML."""
    for path in ("faq/", *(f"faq/{slug}/" for slug in SLUGS)):
        assert len(gzip.compress(client.get(f"/{code}/{path}").content)) <= 12_000


def test_pictures_stand_with_their_answers_and_in_words(client: Client) -> None:
    for number, slug in enumerate(SLUGS, start=1):
        main = part(get(client, f"/ar/faq/{slug}/"), "<main", "</main>")
        assert main.count("<svg role=") == main.count("<figcaption>") == (number in {1, 3, 4, 6, 7})
        if "<figure" in main:
            figure = part(main, "<figure", "</figure>")
            assert main.index('class="prose"') < main.index("<figure") < main.index("<aside")
            assert re.findall(r"<li>[^<]+</li>", part(figure, "<details>", "</details>"))


def test_digits_of_dates_are_western(client: Client) -> None:
    html = get(client, f"/ar/faq/{MINE}/")

    assert not re.search("[٠-٩۰-۹]", html)


# -------------------------------------------------------------------------------------------------- translation state


@pytest.mark.parametrize("code", CODES)
def test_readers_are_told_when_the_source_went_on(client: Client, code: str) -> None:
    sentence = "after this translation was made"
    with translation.override(code):
        shown = gettext("Read the Finnish text")
    unit = unit_of(MINE)
    assert unit is not None
    save(unit, "fi", {"short": "Uusi lyhyt vastaus."}, status="unreviewed", by=Author())

    main = part(get(client, f"/{code}/faq/{MINE}/"), "<main", "</main>")

    if code == "fi":
        assert shown not in main
        return
    place = part(main, "</h1>", 'class="short-answer"')
    today = timezone.localdate()
    assert f'<time datetime="{today.isoformat()}">' in place
    assert re.search(rf'<a href="/fi/faq/{MINE}/" hreflang="fi">{re.escape(shown)}</a>', place)
    assert code != "en" or sentence in place
    assert f'hreflang="fi">{shown}' not in get(client, f"/{code}/faq/{ASK}/")
