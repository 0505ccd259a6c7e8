"""The portal's own pages: home, privacy, accessibility, the way from `/`, and the language of staff pages."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_POST, require_safe

from portal.faq.publishing import most_asked
from portal.languages import BY_CODE, DEFAULT, STAFF
from portal.pages.context import language_links
from portal.pages.language_choice import best_language
from portal.pages.notices import notice_language, notice_languages

STAFF_COOKIE: Final = "staff_language"
_YEAR: Final = 365 * 24 * 60 * 60
_public = cache_control(public=True, max_age=300)
"""The same for everybody: browsers and proxies may keep it for five minutes."""


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Redirect `/` to the home page in the language that the browser asks for (RFC 9110, 12.5.4)."""
    code = best_language(request.headers.get("Accept-Language", ""))
    with translation.override(code):
        response = HttpResponseRedirect(reverse("pages:home"))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@conditional_page
@require_safe
@_public
def home(request: HttpRequest) -> HttpResponse:
    """Show the three tasks, the languages and the questions asked most."""
    language = translation.get_language() or DEFAULT
    return render(request, "portal/home.html", {"most_asked": most_asked(language)})


@conditional_page
@require_safe
@_public
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the portal's own privacy notice (GDPR Art. 13)."""
    return _notice(request, "privacy")


@conditional_page
@require_safe
@_public
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement (Act 306/2019, s. 9)."""
    return _notice(request, "accessibility")


@require_POST
def staff_language(request: HttpRequest) -> HttpResponse:
    """Keep the language that a member of staff chose, in a cookie, and go back to their page."""
    here = request.POST.get("next", "")
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(here, allowed_hosts=hosts, require_https=request.is_secure()):
        here = "/staff/"
    response = HttpResponseRedirect(here)
    chosen = request.POST.get("language", "")
    if chosen in STAFF:
        response.set_cookie(
            STAFF_COOKIE, chosen, max_age=_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response


def _notice(request: HttpRequest, name: str) -> HttpResponse:
    reader = BY_CODE[translation.get_language() or DEFAULT]
    written = notice_languages(name)
    text = notice_language(name, reader)
    links = [link for link in language_links(request.path_info, current=reader) if link.code in written]
    context = {"text": text, "links": links, "body": f"portal/{name}/{text.code}.html"}
    return render(request, f"portal/{name}.html", context)
