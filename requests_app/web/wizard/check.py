"""The check page, the one commit, and the receipt."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from requests_app.actions import intake, lifecycle
from requests_app.actions.intake import Asked, Receipt
from requests_app.models import Filing
from requests_app.reading import tracking
from requests_app.rules import references
from requests_app.rules.identity import mask
from requests_app.rules.vocabulary import DESK
from requests_app.web.answers import see_other, too_many
from requests_app.web.wizard import cards, draft, guard, routing, steps
from requests_app.web.wizard.draft import Draft, Sent
from requests_app.wording import vocabulary as words
from requests_app.wording.years import years_text

MOST_DRAWS = 5


def check(request: HttpRequest, kept: Draft | None) -> HttpResponse:
    """Show everything once more, or send it: once, whatever is pressed how often."""
    sent = _already_sent(request)
    if sent is not None or (kept is None and draft.sent(request.session)):
        return see_other(reverse("wizard:step", args=["done"]))
    unfinished = steps.unfinished(kept)
    if kept is None or unfinished is not None:
        query = "?ended" if kept is None else ""
        return see_other(reverse("wizard:step", args=[unfinished or "kind"]) + query)
    plan = routing.plan(kept.answers, on=lifecycle.today())
    items = routing.asked(
        plan,
        chosen=kept.answers.holders,
        without_desk=kept.without_desk,
        details={} if kept.answers.kind == "access" else kept.answers.details,
    )
    filing = intake.filed(kept.receipt) if kept.receipt else None
    if filing is not None:
        # Another tab sent it, and a page that was slower wrote the draft back.
        return _finished(request, kept, filing, items)
    if not items or plan.proposed != kept.proposed:
        # The register changed since the person looked at who is asked.
        kept.done.discard("holders")
        draft.save(request.session, kept)
        return see_other(reverse("wizard:step", args=["holders"]) + "?change")
    if kept.receipt is None:
        kept.receipt = intake.draw_receipt()
        draft.save(request.session, kept)
    if request.method != "POST":
        return _page(request, kept, items)
    if _shown_otherwise(request, kept, items):
        return _page(request, kept, items, changed=True)
    return _send(request, kept, items)


def _already_sent(request: HttpRequest) -> Sent | None:
    """Return the receipt that a second press of Send belongs to."""
    token = request.POST.get("token", "")
    return next((item for item in draft.sent(request.session) if token and item.receipt.token == token), None)


def _shown_otherwise(request: HttpRequest, kept: Draft, items: tuple[Asked, ...]) -> bool:
    """Return whether the page that was sent from showed something else: another tab changed an answer meanwhile."""
    seen, token = request.POST.get("seen", ""), request.POST.get("token", "")
    now = draft.digest(kept, items)
    if seen and not hmac.compare_digest(seen.encode(), now.encode()):
        return True
    return bool(token and kept.receipt and token != kept.receipt.token)


def _page(
    request: HttpRequest, kept: Draft, items: tuple[Asked, ...], *, changed: bool = False
) -> HttpResponse:
    answers = kept.answers
    said: dict[str, Any] = {
        "answers": answers,
        "born": _day(answers.birth_date),
        "subject_born": _day(answers.subject.birth_date),
        "sendings": cards.sendings(items, language=request.LANGUAGE_CODE),
        "desk": DESK,
        "years": years_text(answers.from_year, answers.to_year),
        "identity_code": mask(answers.identity_code) if answers.identity_code else "",
        "on_behalf": words.ON_BEHALF_NAMES[answers.on_behalf],
        "authority": words.AUTHORITY_NAMES.get(answers.subject.authority_basis, ""),
        "kind": words.KIND_NAMES[answers.kind],
        "letter_language": words.LETTER_LANGUAGE_NAMES[answers.letter_language],
        "answer_by": words.ANSWER_BY_NAMES[answers.answer_by],
        "signature": words.SIGNATURE_NAMES[answers.signature],
        "not_drawn": answers.signature == "drawn" and not kept.drawing,
        "lived": words.LIVED_NAMES[answers.lived_in_espoo],
        "services": [words.SERVICE_NAMES[key] for key in answers.services],
        "asks_background": "background" in answers.categories,
        "categories": cards.listed(cards.names_of(answers.categories)),
        "changed": changed,
        "token": kept.receipt.token if kept.receipt else "",
        "seen": draft.digest(kept, items),
        "back": reverse("wizard:step", args=["sign"]),
    }
    return render(request, "requests_app/wizard/check.html", said, status=409 if changed else 200)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _send(request: HttpRequest, kept: Draft, items: tuple[Asked, ...]) -> HttpResponse:
    """Make the filing in one commit and keep its receipt."""
    if wait := guard.wait_for(request, "filing"):
        return too_many(request, wait)
    holders = tuple(item.holder for item in items)
    # Services that were ticked and are not asked about any more are nobody's business.
    services = kept.answers.services if "background" in kept.answers.categories else ()
    # The person's own words are kept with the case they are for, and nowhere else.
    answers = replace(
        kept.answers, language=request.LANGUAGE_CODE, holders=holders, services=services, details={}
    )
    for _ in range(MOST_DRAWS):
        receipt = kept.receipt = kept.receipt or intake.draw_receipt()
        try:
            filing = intake.submit(answers, asked=items, receipt=receipt, drawing=kept.drawing)
        except intake.ReferenceTaken:
            # Nothing was stored; the person has not seen the reference yet, so another one serves as well.
            kept.receipt = _redrawn(receipt)
        else:
            return _finished(request, kept, filing, items)
    raise intake.ReferenceTaken


def _finished(request: HttpRequest, kept: Draft, filing: Filing, items: tuple[Asked, ...]) -> HttpResponse:
    """End the draft, which was sent as `filing`, and show its receipt."""
    assert kept.receipt is not None  # noqa: S101 - for the type checker.
    # A twin of this request may have been first, and may have had to draw another reference.
    receipt = replace(kept.receipt, reference=references.show(filing.reference))
    draft.finish(request.session, _sent(kept, receipt, items))
    return see_other(reverse("wizard:step", args=["done"]))


def _redrawn(receipt: Receipt) -> Receipt:
    """Return the receipt with another reference; filing, secret and token stay."""
    return replace(receipt, reference=intake.draw_receipt().reference)


def _sent(kept: Draft, receipt: Receipt, items: tuple[Asked, ...]) -> Sent:
    return Sent(
        receipt=receipt,
        asked=tuple((item.holder, item.categories) for item in items),
        from_year=kept.answers.from_year,
        to_year=kept.answers.to_year,
        signature=kept.answers.signature,
        drawn=bool(kept.drawing),
        sent_on=lifecycle.today().isoformat(),
    )


def done(request: HttpRequest) -> HttpResponse:
    """Show the receipt in two slips: one to show at an office, one that is nobody's business."""
    sent = draft.sent(request.session)
    if not sent:
        return see_other(reverse("wizard:step", args=["kind"]) + "?ended")
    last = sent[-1]
    filing = tracking.filing_page(last.receipt.filing_id, language=request.LANGUAGE_CODE)
    said = {
        "sent": last,
        "reference": last.receipt.reference,
        "secret": last.receipt.secret,
        "slip": cards.slips(last.asked, language=request.LANGUAGE_CODE),
        "slip_fi": cards.slips(last.asked, language="fi"),
        "years": years_text(last.from_year, last.to_year),
        "sent_on": date.fromisoformat(last.sent_on),
        "filing": filing,
        "earlier": sent[:-1],
        "signed_here": last.signature == "drawn" and last.drawn,
    }
    return render(request, "requests_app/wizard/done.html", said)
