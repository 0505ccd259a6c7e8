"""The FAQ's pages: the same for everybody, so that browsers and proxies may keep them; they touch no session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from portal.faq import publishing
from portal.faq.publishing import EntryView
from portal.languages import BY_CODE, DEFAULT, LANGUAGES, Language

ORIGINAL: Final = "https://espooskillscentrestudy.fi/"
"""The study's own FAQ, which every answer retells."""

_public = cache_control(public=True, max_age=300)
"""Kept for five minutes; after that the ETag says whether anything has changed (RFC 9110, 8.8.3)."""


@dataclass(frozen=True, slots=True)
class Alternate:
    """The address of a page in one language, for `hreflang`; `x-default` is for everybody else."""

    hreflang: str
    url: str


@conditional_page
@require_safe
@_public
def all_questions(request: HttpRequest) -> HttpResponse:
    """Show all questions in plain groups."""
    language = _language()
    context = {
        "groups": publishing.entries_by_group(language.code),
        "original": ORIGINAL,
        **_addresses("faq:list", languages=LANGUAGES, here=language),
    }
    return render(request, "portal/faq/list.html", context)


@conditional_page
@require_safe
@_public
def one_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one answer, in a fallback language where the reader's has none yet; 404 for an unknown slug."""
    reader = _language()
    entry = publishing.entry(slug, reader.code)
    if entry is None:
        raise Http404
    response = render(request, "portal/faq/entry.html", page_of(entry))
    if entry.is_fallback:
        response.headers["Content-Language"] = f"{reader.html}, {entry.language.html}"
    return response


def page_of(entry: EntryView) -> dict[str, Any]:
    """Return what the page of an entry shows, for readers and for the editors' preview."""
    return {
        "entry": entry,
        "original": ORIGINAL,
        # A fallback's canonical address is that of the language it is written in.
        **_addresses("faq:entry", languages=entry.languages, here=entry.language, slug=entry.slug),
    }


def _language() -> Language:
    return BY_CODE[translation.get_language() or DEFAULT]


def _addresses(view: str, *, languages: Iterable[Language], here: Language, **kwargs: str) -> dict[str, Any]:
    """Return `alternates`, `canonical` and `own_languages` (with the path of each) for the templates."""
    paths = {language: _path(view, language, kwargs) for language in languages}
    alternates = [Alternate(language.html, settings.BASE_URL + path) for language, path in paths.items()]
    default = paths.get(BY_CODE[DEFAULT], paths[here])
    return {
        "alternates": [*alternates, Alternate("x-default", settings.BASE_URL + default)],
        "canonical": settings.BASE_URL + paths[here],
        "own_languages": list(paths.items()),
    }


def _path(view: str, language: Language, kwargs: dict[str, str]) -> str:
    with translation.override(language.code):
        return reverse(view, kwargs=kwargs)
