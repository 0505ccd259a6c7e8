"""The page of the self-check. Its answer is reckoned from what was sent, and nothing of it is stored, logged or set."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods

from portal.faq.content import ORIGINAL, SLUGS
from portal.pages.errors import too_large
from portal.pages.self_check import handover
from portal.pages.self_check.forms import SelfCheckForm
from portal.pages.self_check.rule import judge
from portal.pages.self_check.words import OUTCOME_NAMES, REASON_TEXTS

MOST_BYTES: Final = 10_000
"""Of a posted form; that of the page has a few hundred."""

WRITTEN: Final = "2021"
"""When the study's answers were written, as their reviewed files say."""

_SAID: Final = {"original": ORIGINAL, "written": WRITTEN, "groups": SLUGS[3], "mine": SLUGS[7]}


# A post changes nothing: it sets no cookie and needs none, so that it can't be forged to any effect. Asking for a
# token would set a cookie on a public page.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest) -> HttpResponse:
    """Ask three questions; answer them with what the study says, never with anything that an address could keep."""
    return _answer(request) if request.method == "POST" else _questions(request)


@conditional_page
@cache_control(public=True, max_age=300)
def _questions(request: HttpRequest) -> HttpResponse:
    return _page(request, "questions", form=SelfCheckForm())


def _answer(request: HttpRequest) -> HttpResponse:
    """Return the outcome, or 422 with what is missing; the middleware forbids to store either (RFC 9111, 5.2.2.5)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return too_large(request)
    form = SelfCheckForm(request.POST)
    if not form.is_valid():
        return _page(request, "questions", form=form, status=422)
    answers = form.answers()
    verdict = judge(answers)
    return _page(
        request,
        "outcome",
        form=form,
        outcome=OUTCOME_NAMES[verdict.outcome],
        reasons=[REASON_TEXTS[reason] for reason in verdict.reasons],
        taken_along=handover.fields(answers),
    )


def _page(request: HttpRequest, name: str, *, status: int = 200, **said: Any) -> HttpResponse:
    return render(request, f"portal/self_check/{name}.html", {**_SAID, **said}, status=status)
