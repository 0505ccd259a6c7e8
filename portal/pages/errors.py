"""Answers to what went wrong: each in the reader's language, each with a way on.

They are called as Django calls its error handlers, and show nothing of the exception: it may quote an address
or a name.  `server_error` needs nothing that may be the cause of the fault, so it speaks every language.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import translation

from portal.languages import BY_CODE


def bad_request(request: HttpRequest, _exception: Exception | None = None, **_: object) -> HttpResponse:
    """Return 400 (RFC 9110, 15.5.1): the address or the form could not be understood."""
    return _page(request, "400.html", status=400)


def permission_denied(request: HttpRequest, _exception: Exception | None = None, **_: object) -> HttpResponse:
    """Return 403 (RFC 9110, 15.5.4): known or not, this is not for the one who asks."""
    return _page(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, **_: object) -> HttpResponse:
    """Return 403 for a form whose token is missing or old; Django's reason is not shown."""
    return _page(request, "403_csrf.html", status=403)


def page_not_found(request: HttpRequest, _exception: Exception | None = None, **_: object) -> HttpResponse:
    """Return 404 (RFC 9110, 15.5.5): there is no such page."""
    return _page(request, "404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    """Return 413 (RFC 9110, 15.5.14): what was sent is larger than the portal takes."""
    return _page(request, "413.html", status=413)


def not_ready(request: HttpRequest, *, wait: int) -> HttpResponse:
    """Return 503 (RFC 9110, 15.6.4): what was asked for can't be made now, but may be after `wait` seconds."""
    response = _page(request, "503.html", status=503, minutes=max(1, -(-wait // 60)))
    response.headers["Retry-After"] = str(wait)
    return response


def server_error(_request: HttpRequest) -> HttpResponse:
    """Return 500 (RFC 9110, 15.6.1) without database, session or context processors."""
    try:
        stylesheet = static("tietoni.css")
    except ValueError:  # The list of static files is missing: then the page goes plain, but it goes.
        stylesheet = ""
    return HttpResponseServerError(get_template("500.html").render({"stylesheet": stylesheet}))


def _page(request: HttpRequest, template: str, *, status: int, **context: object) -> HttpResponse:
    """Render `template` in the language of the path, also where the fault came before the middleware."""
    first = request.path_info.lstrip("/").partition("/")[0]
    with translation.override(first if first in BY_CODE else translation.get_language()):
        return render(request, template, context, status=status)
