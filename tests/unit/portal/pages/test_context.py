"""Every page knows its own language and the way to itself in every other."""

from __future__ import annotations

import pytest
from django.test import RequestFactory, override_settings
from django.urls import set_script_prefix
from django.utils import translation

from portal.languages import BY_CODE, LANGUAGES, STAFF
from portal.pages import context
from portal.pages.context import language_links


def _urls(path: str) -> dict[str, str]:
    return {link.code: link.url for link in language_links(path, current=BY_CODE["fi"])}


def test_links_lead_to_the_same_page_with_its_query() -> None:
    urls = _urls("/fi/faq/08-is-mine-included/?a=1&b=2")
    assert list(urls) == [language.code for language in LANGUAGES]
    assert urls["sv"] == "/sv/faq/08-is-mine-included/?a=1&b=2"
    assert urls["fi"] == "/fi/faq/08-is-mine-included/?a=1&b=2"


@pytest.mark.parametrize("path", ["/", "", "/staff/", "/staff/fi/", "/xx/faq/", "//evil.example/fi/", "/fi"])
def test_a_path_without_a_language_leads_home(path: str) -> None:
    assert _urls(path)["en"] == "/en/"


@pytest.mark.parametrize("path", ["//evil.example/", "/fi//evil.example/", "///fi/x", "/fi/../../x"])
def test_no_link_leaves_the_site(path: str) -> None:
    assert all(url.startswith(f"/{code}/") for code, url in _urls(path).items())


def test_links_carry_name_tag_and_direction() -> None:
    arabic = next(link for link in language_links("/fi/", current=BY_CODE["ar"]) if link.code == "ar")
    assert (arabic.own_name, arabic.html, arabic.direction, arabic.current) == ("العربية", "ar", "rtl", True)
    assert [link.code for link in language_links("/fi/", current=BY_CODE["ar"]) if link.current] == ["ar"]


def test_links_keep_the_prefix_of_the_server() -> None:
    set_script_prefix("/portal/")
    try:
        assert _urls("/fi/faq/")["sv"] == "/portal/sv/faq/"
    finally:
        set_script_prefix("/")


@override_settings(OPERATOR="A & B", OPERATOR_EMAIL="help@example.org")
def test_page_gives_language_operator_and_languages_of_staff(rf: RequestFactory) -> None:
    with translation.override("ar"):
        given = context.page(rf.get("/ar/track/?x=%C3%A4"))
    assert given["page_language"] == BY_CODE["ar"]
    assert given["operator"] == context.Operator(name="A & B", email="help@example.org")
    assert [language.code for language in given["staff_languages"]] == list(STAFF)
    assert given["language_links"][0].url == "/fi/track/?x=%C3%A4"


def test_an_unknown_language_counts_as_the_default(rf: RequestFactory) -> None:
    with translation.override("de"):
        assert context.page(rf.get("/"))["page_language"] == BY_CODE["fi"]
