"""Pages that help to find: search among the answers, and the words explained."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from portal.faq import glossary
from portal.faq.alphabets import sorting_key
from portal.faq.finding import find
from portal.faq.publishing import most_asked
from portal.faq.search import LONGEST_QUERY
from portal.languages import DEFAULT

_public = cache_control(public=True, max_age=300)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the search form and, for a query `q`, what was found; the query is kept nowhere (no-store)."""
    if "q" not in request.GET:
        return _empty_form(request)
    language = translation.get_language() or DEFAULT
    query = request.GET["q"][:LONGEST_QUERY].replace("\0", "").strip()
    found = find(query, language)
    context = {
        "query": query,
        "found": found,
        "longest": LONGEST_QUERY,
        "most_asked": () if found.entries or found.words else most_asked(language),
    }
    response = render(request, "portal/search.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@conditional_page
@require_safe
@_public
def words(request: HttpRequest) -> HttpResponse:
    """Show the words explained in the order of the reader's alphabet, each under an anchor of its key."""
    language = translation.get_language() or DEFAULT
    in_order = sorted(glossary.terms(language), key=lambda term: sorting_key(term.term, language))
    return render(request, "portal/glossary.html", {"terms": in_order})


@conditional_page
@_public
def _empty_form(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/search.html", {"longest": LONGEST_QUERY})
