"""What went wrong is said in the reader's language, with a way on, and without what they typed."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.test import Client, RequestFactory, override_settings
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from portal.languages import BY_CODE, LANGUAGES
from portal.pages import errors


def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Return the answer of the handler for `code`."""
    match code:
        case "400":
            return errors.bad_request(request, Exception("typed xyzzy"))
        case "403":
            return errors.permission_denied(request, PermissionDenied("typed xyzzy"))
        case "csrf":
            return errors.csrf_failure(request, reason="typed xyzzy")
        case "404":
            return errors.page_not_found(request, Http404("typed xyzzy"))
        case "413":
            return errors.too_large(request)
        case "503":
            return errors.not_ready(request, wait=90)
        case _:
            return errors.server_error(request)


STATUS = {"400": 400, "403": 403, "csrf": 403, "404": 404, "413": 413, "500": 500, "503": 503}


@pytest.mark.parametrize("code", STATUS)
def test_status_and_nothing_of_the_cause(rf: RequestFactory, code: str) -> None:
    response = answer(rf.get("/fi/x/"), code)
    assert response.status_code == STATUS[code]
    assert "xyzzy" not in response.content.decode()


@pytest.mark.parametrize("code", [code for code in STATUS if code != "500"])
@pytest.mark.parametrize("language", BY_CODE)
def test_page_is_in_the_language_of_the_path(rf: RequestFactory, code: str, language: str) -> None:
    with translation.override("en"):
        html = answer(rf.get(f"/{language}/x/"), code).content.decode()
    wanted = BY_CODE[language]
    assert f'<html lang="{wanted.html}" dir="{wanted.direction}">' in html


@pytest.mark.parametrize("code", [code for code in STATUS if code != "500"])
def test_page_has_one_heading_and_a_way_on(rf: RequestFactory, code: str) -> None:
    html = answer(rf.get("/en/x/"), code).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert main.count("<h1") == 1
    assert re.search(r'<a class="button" href="/en/', main)


def test_outside_the_languages_the_active_one_is_used(rf: RequestFactory) -> None:
    with translation.override("sv"):
        html = errors.page_not_found(rf.get("/nowhere")).content.decode()
    assert '<html lang="sv"' in html


@pytest.mark.parametrize(("minutes", "words"), [(1, "1 minute."), (2, "2 minutes."), (None, "1 minute.")])
def test_page_of_too_many_says_how_long_to_wait(rf: RequestFactory, minutes: int | None, words: str) -> None:
    with translation.override("en"):
        html = render(rf.post("/en/track/"), "429.html", {"minutes": minutes}).content.decode()
    assert f"You can try again in {words}" in html
    assert '<a class="button" href="/en/"' in html


def test_what_is_not_ready_says_when_it_may_be(rf: RequestFactory) -> None:
    response = errors.not_ready(rf.get("/en/leaflet.pdf"), wait=90)
    assert response["Retry-After"] == "90"
    assert "You can try again in 2 minutes." in response.content.decode()


def test_server_error_speaks_every_language_and_asks_nothing(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_request: HttpRequest) -> dict[str, object]:
        raise AssertionError("a context processor was called")

    monkeypatch.setattr("portal.pages.context.page", refuse)
    html = errors.server_error(rf.get("/fi/")).content.decode()
    sections = re.findall(r'<section lang="([^"]+)" dir="(\w+)">(.*?)</section>', html, re.DOTALL)
    assert [(tag, direction) for tag, direction, _ in sections] == [
        (language.html, language.direction) for language in LANGUAGES
    ]
    for language, (_tag, _direction, section) in zip(LANGUAGES, sections, strict=True):
        assert f'href="/{language.code}/"' in section


@pytest.mark.django_db
def test_server_error_makes_no_query(
    rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        errors.server_error(rf.get("/fi/"))


def test_server_error_goes_plain_where_static_files_are_missing(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_name: str) -> str:
        raise ValueError

    monkeypatch.setattr(errors, "static", missing)
    response = errors.server_error(rf.get("/fi/"))
    assert response.status_code == 500
    assert "stylesheet" not in response.content.decode()


def test_template_of_server_error_renders_with_no_context_at_all() -> None:
    assert "Technical error" in get_template("500.html").render()


@override_settings(BODY_LIMIT_BYTES=10, DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_a_body_that_is_too_large_meets_our_page(client: Client) -> None:
    response = client.post("/ar/track/", {"reference": "x" * 100})
    assert response.status_code == 413
    assert 'dir="rtl"' in response.content.decode()


def test_a_missing_page_meets_our_page(client: Client) -> None:
    response = client.get("/sv/finns-inte/")
    assert response.status_code == 404
    assert '<html lang="sv"' in response.content.decode()


def test_a_form_without_its_token_meets_our_page() -> None:
    response = Client(enforce_csrf_checks=True).post("/en/track/", {})
    assert response.status_code == 403
    assert "This page was open for too long" in response.content.decode()
