"""The wizard's pages: one question each, the check, the receipt. Thin: forms, rules and actions decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from requests_app.actions import intake, lifecycle
from requests_app.rules.vocabulary import STEPS
from requests_app.web.answers import see_other, too_many
from requests_app.web.wizard import cards, draft, guard, routing, steps
from requests_app.web.wizard.check import check, done
from requests_app.web.wizard.draft import Draft
from requests_app.web.wizard.forms import FORMS, HoldersForm, StepForm

METHODS = ["GET", "HEAD", "POST"]


def page_of(step: str, *, query: str = "") -> str:
    """Return the address of a step."""
    return reverse("wizard:step", args=[step]) + query


@require_http_methods(METHODS)
def step(request: HttpRequest, step: str) -> HttpResponse:
    """Show or take one step."""
    if step not in STEPS:
        raise Http404
    if request.method == "POST" and (wait := guard.wait_for(request, "step")):
        return too_many(request, wait)
    if step == "done":
        return done(request) if request.method != "POST" else see_other(page_of("done"))
    kept = draft.load(request.session)
    if step == "check":
        return check(request, kept)
    if not steps.may_open(step, kept):
        return _elsewhere(request, step, kept)
    return _question(request, step, kept or Draft())


def _elsewhere(request: HttpRequest, step: str, kept: Draft | None) -> HttpResponse:
    """Lead to the first question that is still open; without a draft to the beginning, which says why.

    What was typed into a page whose draft is gone meanwhile is kept where it is right, so that nobody types it
    twice.  Whom to ask hangs on the other answers, so that alone is not kept.
    """
    query = "?ended" if kept is None else ""
    if request.method == "POST" and step != "holders" and step in steps.order(kept):
        late = kept or Draft()
        form = FORMS[step](request.POST, draft=late)
        if form.is_valid():
            _store(step, late, form)
            draft.save(request.session, late)
            kept = late
    return see_other(page_of(steps.unfinished(kept) or "check", query=query))


def _question(request: HttpRequest, step: str, kept: Draft) -> HttpResponse:
    posted = request.method == "POST"
    plan = routing.plan(kept.answers, on=lifecycle.today()) if step == "holders" else None
    if plan is not None:
        # What the register says may have changed since the person looked, or this is the first look.
        kept.answers = replace(kept.answers, holders=_choice(kept, plan))
    form = FORMS[step](request.POST if posted else None, draft=kept)
    if plan is not None and isinstance(form, HoldersForm):
        form.for_plan(selectable=plan.selectable, desk=plan.desk)
    if posted and form.is_valid():
        return _take(request, step, kept, form, plan)
    return _page(request, step, kept, form, plan, status=422 if posted else 200)


def _choice(kept: Draft, plan: routing.Plan) -> tuple[str, ...]:
    """Return the holders to preselect: all that are proposed, at the first look."""
    if not kept.proposed and not kept.answers.holders:
        return plan.letters
    return routing.kept_choice(kept.answers, before=kept.proposed, now=plan)


def _take(
    request: HttpRequest, step: str, kept: Draft, form: StepForm, plan: routing.Plan | None
) -> HttpResponse:
    """Keep the answers of a valid form and lead to the next step, or back to the check page."""
    _store(step, kept, form)
    if plan is not None:
        kept.proposed = plan.proposed
    if (
        step in steps.AFFECT_ROUTING
        and "holders" in kept.done
        and routing.plan(kept.answers, on=lifecycle.today()).proposed != kept.proposed
    ):
        # Others are proposed now: the person looks again at who is asked.
        kept.done.discard("holders")
    if steps.unfinished(kept) is None and kept.receipt is None:
        # Drawn before the check page is opened, so that two tabs that send at once hold the same one.
        kept.receipt = intake.draw_receipt()
    draft.save(request.session, kept)
    if "check" in request.POST.getlist("then"):
        unfinished = steps.unfinished(kept)
        return see_other(page_of(unfinished, query="?change") if unfinished else page_of("check"))
    return see_other(page_of(steps.after(step, kept)))


def _store(step: str, kept: Draft, form: StepForm) -> None:
    """Write the answers of a valid form into the draft."""
    if step == "kind" and form.cleaned_data["kind"] != kept.answers.kind:
        # Another right asks for other words to each holder.
        kept.done.discard("holders")
    kept.answers = replace(kept.answers, **form.changes())
    kept.done.add(step)
    if step == "information":
        kept.everything = bool(form.cleaned_data["everything"])
    elif step == "sign":
        kept.drawing = form.cleaned_data["drawing"]
    elif step == "holders":
        kept.without_desk = bool(form.cleaned_data["without_desk"])


def _page(
    request: HttpRequest, step: str, kept: Draft, form: StepForm, plan: routing.Plan | None, *, status: int
) -> HttpResponse:
    changing = "change" in request.GET or "check" in request.POST.getlist("then")
    previous = steps.before(step, kept)
    said: dict[str, Any] = {
        "form": form,
        "step": step,
        "number": steps.order(kept).index(step) + 1,
        "count": len(steps.order(kept)),
        "changing": changing,
        "back": page_of("check") if changing else page_of(previous) if previous else reverse("pages:home"),
        "ended": "ended" in request.GET,
        "forgotten": "forgotten" in request.GET,
        "not_taken_along": "begun" in request.GET,
        "answers": kept.answers,
        "has_receipts": bool(draft.sent(request.session)),
    }
    if plan is not None:
        ticked = form.data.getlist("holders") if status == 422 else kept.answers.holders  # type: ignore[attr-defined]
        said["page"] = cards.holders_page(plan, chosen=ticked, language=request.LANGUAGE_CODE)
    return render(request, f"requests_app/wizard/{step}.html", said, status=status)


@require_http_methods(METHODS)
def forget(request: HttpRequest) -> HttpResponse:
    """Forget every answer and receipt of this browser, and ask it to do so too (W3C Clear Site Data)."""
    if request.method != "POST":
        # Somebody followed the address of the button: nothing is removed by looking.
        return see_other(page_of("kind"))
    request.session.flush()
    response = see_other(page_of("kind", query="?forgotten"))
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
