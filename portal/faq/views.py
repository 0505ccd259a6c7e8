"""The FAQ's pages: the same for everybody, so that browsers and proxies may keep them; they touch no session."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from portal.faq import publishing
from portal.faq.content import ORIGINAL
from portal.faq.finding import words_in
from portal.faq.pictures import picture_of
from portal.faq.publishing import EntryView
from portal.faq.search import LONGEST_QUERY
from portal.faq.structured import faq_page
from portal.languages import BY_CODE, DEFAULT, Language
from portal.sharing import page_path, shared

_public = cache_control(public=True, max_age=300)
"""Kept for five minutes; after that the ETag says whether anything has changed (RFC 9110, 8.8.3)."""


@conditional_page
@require_safe
@_public
def all_questions(request: HttpRequest) -> HttpResponse:
    """Show all questions in plain groups."""
    context = {
        "groups": publishing.entries_by_group(_language().code),
        "longest": LONGEST_QUERY,
        "original": ORIGINAL,
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
    response = render(request, "portal/faq/entry.html", page_of(entry, reader=reader))
    if entry.is_fallback:
        response.headers["Content-Language"] = f"{reader.html}, {entry.language.html}"
    return response


def page_of(entry: EntryView, *, reader: Language) -> dict[str, Any]:
    """Return what the page of an entry shows to a reader, and to the editors' preview."""
    # A fallback's canonical address is that of the language it is written in.
    found = shared(
        "faq:entry",
        title=entry.question,
        description=entry.words.partition("\n")[0],
        here=entry.language,
        languages=entry.languages,
        slug=entry.slug,
    )
    return {
        "entry": entry,
        "original": ORIGINAL,
        "own_languages": [(one, page_path("faq:entry", one, slug=entry.slug)) for one in entry.languages],
        "picture": picture_of(entry.number, language=reader, on=timezone.localdate()),
        "shared": found,
        "structured": faq_page(
            question=entry.question,
            answer=entry.words,
            language=entry.language.html,
            url=found.canonical,
            source=ORIGINAL,
        ),
        "words": words_in(entry, reader.code),
    }


def _language() -> Language:
    return BY_CODE[translation.get_language() or DEFAULT]
