"""What machines read to find their way: robots.txt (RFC 9309), sitemaps (sitemaps.org), security.txt (RFC 9116)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from portal.faq import publishing
from portal.languages import BY_CODE, LANGUAGES, STAFF, Language
from portal.pages.public import PAGES
from portal.sharing import Alternate, alternates, page_path

_public = cache_control(public=True, max_age=300)

NOT_FOR_CRAWLERS: Final = ("/staff/", "/*/request/", "/*/track/", "/*/search/")
"""People's own pages, and results of searches, which are without end."""

_VALID_DAYS: Final = 300
"""How long a security.txt is said to hold; RFC 9116, 2.5.5, recommends less than a year."""


@dataclass(frozen=True, slots=True)
class Place:
    """One page in a sitemap; `changed_on` is None where nobody has written down when it changed."""

    url: str
    changed_on: date | None
    alternates: tuple[Alternate, ...]


@conditional_page
@require_safe
@_public
def robots(request: HttpRequest) -> HttpResponse:
    """Let crawlers into the public pages alone, and name the sitemap."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {where}" for where in NOT_FOR_CRAWLERS),
        "",
        f"Sitemap: {settings.BASE_URL}{page_path('sitemap', LANGUAGES[0])}",
    ]
    return _text(lines)


@conditional_page
@require_safe
@_public
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a hole; 404 without OPERATOR_EMAIL, for a file without a contact says nothing."""
    if not settings.OPERATOR_EMAIL:
        raise Http404
    # The first of a month, so that the file stays the same for weeks.
    expires = (timezone.now() + timedelta(days=_VALID_DAYS)).date().replace(day=1)
    return _text(
        [
            f"Contact: mailto:{settings.OPERATOR_EMAIL}",
            f"Expires: {expires.isoformat()}T00:00:00Z",
            f"Preferred-Languages: {', '.join(BY_CODE[code].html for code in STAFF)}",
            f"Canonical: {settings.BASE_URL}{request.path}",
        ]
    )


@conditional_page
@require_safe
@_public
def sitemaps(request: HttpRequest) -> HttpResponse:
    """Show the index: one sitemap per language, with the day of its last change."""
    found = publishing.listed()
    places = [
        Place(
            settings.BASE_URL + page_path("sitemap-language", language, code=language.code),
            max((day for entry in found if (day := entry.changed_on.get(language))), default=None),
            (),
        )
        for language in LANGUAGES
    ]
    return _xml(request, "portal/sitemaps.xml", places, language=LANGUAGES[0])


@conditional_page
@require_safe
@_public
def sitemap(request: HttpRequest, code: str) -> HttpResponse:
    """Show the public pages that one language has, each with its other languages; 404 for an unknown language."""
    language = BY_CODE.get(code)
    if language is None:
        raise Http404
    return _xml(request, "portal/sitemap.xml", list(_places(language)), language=language)


def _places(language: Language) -> Iterator[Place]:
    for page in PAGES:
        if language in page.languages:
            url = settings.BASE_URL + page_path(page.view, language)
            yield Place(url, None, alternates(page.view, languages=page.languages))
    for entry in publishing.listed():
        if language in entry.changed_on:
            yield Place(
                settings.BASE_URL + page_path("faq:entry", language, slug=entry.slug),
                entry.changed_on[language],
                alternates("faq:entry", languages=entry.changed_on, slug=entry.slug),
            )


def _xml(request: HttpRequest, template: str, places: list[Place], *, language: Language) -> HttpResponse:
    response = render(request, template, {"places": places}, content_type="application/xml")
    response.headers["Content-Language"] = language.html
    return response


def _text(lines: list[str]) -> HttpResponse:
    # The words of these files are English, whatever the language that the browser asks for.
    headers = {"Content-Language": "en"}
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8", headers=headers)
