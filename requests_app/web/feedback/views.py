"""Pages of feedback: the form, and what happens next. Thin: the action stores it, the service desk reads it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from requests_app.actions import feedback
from requests_app.actions.retention import KEEP_FEEDBACK_AFTER_END_DAYS
from requests_app.doors import limits
from requests_app.reading.feedback import is_read
from requests_app.rules.feedback import ANSWER_WITHIN_DAYS
from requests_app.web.answers import see_other, too_many
from requests_app.web.feedback.about import asked_page
from requests_app.web.feedback.forms import FeedbackForm, typed
from requests_app.web.tracking.guard import network

WINDOW_SECONDS: Final = 60 * 60
MOST: Final = 30
"""Messages from one address in an hour; a library or a class may share one."""

PROMISES: Final = {"days": ANSWER_WITHIN_DAYS, "kept_days": KEEP_FEEDBACK_AFTER_END_DAYS}


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """Ask for feedback and take it; where nobody works at the desk, say so and take nothing."""
    if not is_read():
        return _page(request, {"is_read": False}, status=503 if request.method == "POST" else 200)
    host = request.get_host()
    if request.method != "POST":
        return _page(request, {"is_read": True, "form": FeedbackForm(host=host, page=asked_page(request))})
    address = network(request.META.get("REMOTE_ADDR", ""))
    counted = limits.count("feedback", address, window_seconds=WINDOW_SECONDS)
    if counted.number > MOST:
        return too_many(request, counted.seconds_left)
    filled = FeedbackForm(typed(request.POST), host=host)
    if not filled.is_valid():
        return _page(request, {"is_read": True, "form": filled}, status=422)
    feedback.give(filled.message(language=request.LANGUAGE_CODE), feedback_id=filled.cleaned_data["token"])
    return see_other(reverse("feedback:thanks"))


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say who reads it, when an answer comes, and what feedback is not."""
    return render(request, "requests_app/feedback/thanks.html", PROMISES)


def _page(request: HttpRequest, said: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "requests_app/feedback/form.html", {**said, **PROMISES}, status=status)
