"""Pages of tracking: sign-in, the filing, its letters, leaving. Thin: reading and actions decide."""

from __future__ import annotations

import logging
import uuid

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from requests_app.actions import lifecycle, tracking
from requests_app.actions.chain import PERSON
from requests_app.doors import calendar_file, vault
from requests_app.models import Letter
from requests_app.reading import own_letters
from requests_app.reading import tracking as reading
from requests_app.web.tracking import access, guard
from requests_app.web.tracking.answers import problem, see_other, too_many
from requests_app.web.tracking.forms import AnsweredForm, PostedForm, SignInForm, typed
from requests_app.wording.tracking import calendar_words

security = logging.getLogger("security")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for reference and secret; where the session follows filings, show the last one right here."""
    if request.method == "POST":
        return _let_in(request)
    links = reading.filings(access.followed(request.session))
    if links:
        page = reading.filing_page(links[-1].id, language=request.LANGUAGE_CODE)
        if page is not None:
            return _filing_page(request, page, links)
    return _sign_in_page(request, SignInForm())


def _let_in(request: HttpRequest) -> HttpResponse:
    """Let the right secret in, whatever was tried before; slow all others down."""
    data = typed(request.POST, "reference", "secret")
    found = tracking.find(data["reference"], data["secret"])
    if found is not None:
        access.follow(request, found.id)
        return see_other(reverse("tracking:sign-in"))
    form = SignInForm(data)
    if form.is_valid():
        # One sentence for both: nobody learns whether a reference exists.
        form.add_error(None, _("We found no request with this reference and this secret. Check both."))
    if form.is_empty():
        return _sign_in_page(request, form, status=422)
    security.info("a wrong reference or secret")
    wait = guard.wrong(address=request.META.get("REMOTE_ADDR", ""), reference=data["reference"])
    if not wait:
        return _sign_in_page(request, form, status=422)
    response = _sign_in_page(request, form, status=429, minutes=-(-wait // 60))
    response.headers["Retry-After"] = str(wait)
    return response


def _sign_in_page(
    request: HttpRequest, form: SignInForm, *, status: int = 200, minutes: int = 0
) -> HttpResponse:
    said = {"form": form, "minutes": minutes, "ended": "ended" in request.GET, "left": "left" in request.GET}
    return render(request, "requests_app/tracking/sign_in.html", said, status=status)


@require_safe
def filing(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """Show one of the filings that the session follows."""
    followed = access.followed(request.session)
    if not followed:
        return access_ended()
    page = reading.filing_page(filing_id, language=request.LANGUAGE_CODE) if filing_id in followed else None
    if page is None:
        raise Http404
    return _filing_page(request, page, reading.filings(followed))


def access_ended() -> HttpResponseRedirect:
    """Lead to the sign-in page, which explains that the session is over."""
    return see_other(reverse("tracking:sign-in") + "?ended")


def _filing_page(
    request: HttpRequest, page: reading.FilingPage, links: list[reading.FilingLink]
) -> HttpResponse:
    cases = [
        {
            "view": case,
            "posted": PostedForm(initial={"version": case.version}, auto_id=f"{case.anchor}-posted-%s"),
            "answered": AnsweredForm(initial={"version": case.version}, auto_id=f"{case.anchor}-answered-%s"),
        }
        for case in page.cases
    ]
    said = {
        "page": page,
        "cases": cases,
        "others": [link for link in links if link.id != page.id],
        "saved": [message for message in messages.get_messages(request) if message.extra_tags == "tracking"],
        "another": SignInForm(auto_id="another-%s"),
    }
    return render(request, "requests_app/tracking/filing.html", said)


@require_GET
def letter(request: HttpRequest, filing_id: uuid.UUID, letter_id: uuid.UUID) -> HttpResponse:
    """Send a letter of a filing that the session follows; the event is committed before the first byte leaves."""
    followed = access.followed(request.session)
    if not followed:
        return access_ended()
    head = own_letters.head(filing_id, letter_id) if filing_id in followed else None
    if head is None or head.state == Letter.State.PURGED:
        raise Http404
    if head.state != Letter.State.READY:
        return problem(
            request,
            _("This letter is not ready yet"),
            _("Look again in a minute."),
            status=409,
            filing_id=filing_id,
        )
    wait = guard.step_wait(filing_id)
    if wait:
        return too_many(request, wait)
    try:
        lifecycle.record(head.case_id, "downloaded", actor=PERSON, facts={"letter": head.kind})
        pdf = own_letters.pdf(head)
    except vault.Unreadable:
        raise Http404 from None
    except DatabaseError:
        return problem(
            request,
            _("The letter can’t be opened right now"),
            _(
                "We write down each time a letter is opened, and just now this did not work. Try again in a minute."
            ),
            status=503,
            filing_id=filing_id,
        )
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{head.file_name}"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


@require_safe
def calendar(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Send the day by which an answer is due, or may come, as a file for the person's calendar."""
    followed = access.followed(request.session)
    if not followed:
        return access_ended()
    language = request.LANGUAGE_CODE
    kept = reading.day_to_keep(case_id, among=followed, language=language, today=lifecycle.today())
    if kept is None:
        raise Http404
    title, text = calendar_words(kept.holder, is_guess=kept.is_guess)
    file = calendar_file.day_file(
        kept.day,
        uid=kept.case_id,
        host=request.get_host(),
        title=title,
        text=text,
        address=request.build_absolute_uri(reverse("tracking:sign-in")),
        made_at=timezone.now(),
    )
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tietoni.ics"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Forget everything that this session holds, and ask the browser to do so too (W3C Clear Site Data)."""
    if request.method != "POST":
        return see_other(reverse("tracking:sign-in"))
    request.session.flush()
    response = see_other(reverse("tracking:sign-in") + "?left")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
