"""The way into the wizard. What another page of the portal already knows of the answers may come along.

A page that sets no cookie has no token to send, so a post is believed by where the browser says that it comes from.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from requests_app.rules.answers import Answers
from requests_app.rules.vocabulary import CATEGORIES, LIVED_IN_ESPOO, SERVICES
from requests_app.web.answers import see_other, too_many
from requests_app.web.wizard import draft, guard
from requests_app.web.wizard.draft import Draft

TAKEN_ALONG: Final = {"categories": CATEGORIES, "services": SERVICES, "lived_in_espoo": LIVED_IN_ESPOO}
"""The fields of the contract that may come along, with their values."""


# The token of Django would need a cookie on the page before, which is public; `_is_from_here` takes its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the first question, with answers of a posted form already ticked: into an empty draft alone.

    A post from elsewhere, or with a value that is not in the vocabulary, begins with nothing ticked; it neither reads
    nor sets a session, so that it can't take the draft of a person away either.  Where the person has answered
    a question already, in another tab perhaps, what they answered stays and the first page says so.
    """
    first = reverse("wizard:step", args=["kind"])
    if request.method != "POST" or not _is_from_here(request):
        return see_other(first)
    answers = _known(request.POST)
    if answers is None:
        return see_other(first)
    if wait := guard.wait_for(request, "step"):
        return too_many(request, wait)
    kept = draft.load(request.session)
    if kept is not None and kept.done:
        return see_other(f"{first}?begun")
    draft.save(request.session, Draft(answers=answers))
    return see_other(first)


def _is_from_here(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this very host has sent the form.

    By Fetch Metadata (W3C, `Sec-Fetch-Site`) and by `Origin` (RFC 6454, 7), each where it is sent; an old browser
    that sends neither is asked for its `Referer`.  Who sends none of the three is not believed.
    """
    headers = request.headers
    here = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is None and origin is None:
        return headers.get("Referer", "").startswith(tuple(f"{address}/" for address in here))
    return site in (None, "same-origin") and (origin is None or origin in here)


def _known(posted: QueryDict) -> Answers | None:
    """Return the answers that came along, None where there are none or one of them is not in the vocabulary."""
    came = {name: posted.getlist(name) for name in TAKEN_ALONG if name in posted}
    if not came or any(set(values) - set(TAKEN_ALONG[name]) for name, values in came.items()):
        return None
    (lived,) = came.get("lived_in_espoo", ["yes"])[-1:]
    return Answers(
        categories=_in_order(CATEGORIES, came.get("categories", ())),
        services=_in_order(SERVICES, came.get("services", ())),
        lived_in_espoo=lived,
    )


def _in_order(keys: Collection[str], chosen: Collection[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key in chosen)
