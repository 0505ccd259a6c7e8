"""Public pages: who holds what, and whether a letter is one that the portal made. They store nothing."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from portal.languages import DEFAULT
from requests_app.actions import lifecycle
from requests_app.doors import limits
from requests_app.reading import holders, origin
from requests_app.reading.origin import Origin
from requests_app.web.public.forms import VerifyForm
from requests_app.web.tracking.answers import too_many
from requests_app.web.tracking.guard import network

WINDOW_SECONDS: Final = 10 * 60
MOST_CHECKS: Final = 30
"""Letters that one address may have checked in a window: reading a PDF is work, guessing a code is hopeless."""

KINDS: Final = {
    "unchanged": "success",
    "known_code": "info",
    "added": "warning",
    "unknown_code": "warning",
    "not_ours": "warning",
}
"""What kind of notice a verdict is; the others are errors."""


@conditional_page
@require_safe
@cache_control(public=True, max_age=300)
def who_holds_what(request: HttpRequest) -> HttpResponse:
    """Show categories, years and holders, then how each holder is reached."""
    language = translation.get_language() or DEFAULT
    overview = holders.who_holds_what(on=lifecycle.today(), language=language)
    return render(request, "requests_app/who_holds_what.html", {"overview": overview})


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Take a letter's file or code and say what is known of it; the QR code on a letter brings its code along."""
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
    elif "code" in request.GET:
        form = VerifyForm({"code": request.GET["code"]})
    else:
        return render(request, "requests_app/verify.html", {"form": VerifyForm()})
    checks = limits.count(
        "verify", network(request.META.get("REMOTE_ADDR", "")), window_seconds=WINDOW_SECONDS
    )
    if checks.number > MOST_CHECKS:
        return too_many(request, checks.seconds_left)
    if not form.is_valid():
        return render(request, "requests_app/verify.html", {"form": form}, status=422)
    found = _origin(form)
    if found.verdict == "unreadable":
        form.add_error("file", found.lines()[0])
        return render(request, "requests_app/verify.html", {"form": form}, status=422)
    context = {"form": form, "lines": found.lines(), "kind": KINDS.get(found.verdict, "error")}
    return render(request, "requests_app/verify.html", context)


def _origin(form: VerifyForm) -> Origin:
    pdf: bytes = form.cleaned_data["file"]
    return origin.of_pdf(pdf) if pdf else origin.of_code(form.cleaned_data["code"])
