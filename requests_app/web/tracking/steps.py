"""The steps of a person with a case of their own: posted, answered, withdrawn. Each has a page of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from requests_app.actions import remedies, signing, tracking
from requests_app.actions.casework import Refused
from requests_app.actions.lifecycle import Stale
from requests_app.doors.signed import MOST_BYTES, NotTaken
from requests_app.models import Case, Letter
from requests_app.rules.states import IllegalMove, allowed
from requests_app.web.tracking import access, guard
from requests_app.web.tracking.answers import problem, see_other, too_many
from requests_app.web.tracking.forms import (
    AnsweredForm,
    ComplaintForm,
    PostedForm,
    SignedForm,
    StepForm,
    typed,
)
from requests_app.web.tracking.views import access_ended
from requests_app.wording.refusals import refusal_text
from requests_app.wording.signing import problem_text
from requests_app.wording.tracking import PERSON_STATE_NAMES

Act = Callable[[Case, StepForm], Case]
Done = Callable[[Case, StepForm], bool]

_methods = require_http_methods(["GET", "HEAD", "POST"])


@_methods
def posted(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Log the day on which the person posted the letter."""
    return _step(request, case_id, move="post", form_class=PostedForm)


@_methods
def answered(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Log the day on which the person got the answer."""
    return _step(request, case_id, move="got_answer", form_class=AnsweredForm)


@_methods
def withdraw(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask whether the request is to be withdrawn, and withdraw it."""
    return _step(request, case_id, move="withdraw", form_class=StepForm)


@_methods
def remind(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Have a reminder to the holder written."""
    return _step(request, case_id, move="remind", form_class=StepForm)


@_methods
def complain(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Have a complaint to the supervisory authority written."""
    return _step(request, case_id, move="complain", form_class=ComplaintForm)


@_methods
def signed(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Take the letter that the person signed, as a PDF or as a photo."""
    return _step(request, case_id, move="sign", form_class=SignedForm)


def _post(case: Case, form: StepForm) -> Case:
    return tracking.posted(case, posted_on=form.day(), version=form.seen_version())


def _got_answer(case: Case, form: StepForm) -> Case:
    return tracking.got_answer(case, answered_on=form.day(), version=form.seen_version())


def _withdraw(case: Case, form: StepForm) -> Case:
    return tracking.withdraw(case, version=form.seen_version())


def _remind(case: Case, form: StepForm) -> Case:
    return remedies.remind(case, version=form.seen_version())


def _complain(case: Case, form: StepForm) -> Case:
    return remedies.complain(case, own=form.cleaned_data["own"], version=form.seen_version())


def _sign(case: Case, form: StepForm) -> Case:
    return signing.take(case, form.cleaned_data["file"].read(MOST_BYTES + 1), version=form.seen_version())


_ACTS: Final[dict[str, Act]] = {
    "post": _post,
    "got_answer": _got_answer,
    "withdraw": _withdraw,
    "remind": _remind,
    "complain": _complain,
    "sign": _sign,
}


def _signed_since(case: Case, form: StepForm) -> bool:
    since = case.version - form.seen_version()
    return since in (1, 2) and case.letters.filter(signed_at__isnull=False).exists()


_DONE: Final[dict[str, Done]] = {
    "post": lambda case, form: case.state == "posted" and case.posted_on == form.day(),
    "got_answer": lambda case, _form: case.state == "answered",
    "withdraw": lambda case, _form: case.state == "withdrawn",
    "sign": _signed_since,
    "remind": lambda case, form: _written_since(case, Letter.Kind.REMINDER, form),
    "complain": lambda case, form: _written_since(case, Letter.Kind.COMPLAINT, form),
}
"""How a case looks in which a step was taken already: a second click is answered like the first."""


def _written_since(case: Case, kind: Letter.Kind, form: StepForm) -> bool:
    """Return whether the change that came between was this same letter, so that a double click makes one."""
    return case.version == form.seen_version() + 1 and case.letters.filter(kind=kind).exists()


def _step(request: HttpRequest, case_id: uuid.UUID, *, move: str, form_class: type[StepForm]) -> HttpResponse:
    followed = access.followed(request.session)
    if not followed:
        return access_ended()
    case = _own(followed, case_id)
    if request.method != "POST":
        if move not in allowed(case.state, actor="person"):
            return _not_now(request, case)
        return _page(request, case, form_class(initial={"version": case.version}), move=move)
    wait = guard.step_wait(case.filing_id)
    if wait:
        return too_many(request, wait)
    form = form_class(typed(request.POST, *form_class.base_fields), request.FILES)
    if not form.is_valid():
        return _page(request, case, form, move=move, status=422)
    try:
        case = _ACTS[move](case, form)
    except NotTaken as error:
        form.add_error("file", problem_text(error.code))
        return _page(request, case, form, move=move, status=422)
    except Refused as error:
        form.add_error(error.field or None, refusal_text(error.code, error.facts))
        return _page(request, case, form, move=move, status=422)
    except (Stale, IllegalMove):
        return _changed_meanwhile(request, case_id, form, move=move)
    messages.success(request, _saved(move, case), extra_tags="tracking")
    return see_other(reverse("tracking:filing", args=[case.filing_id]))


def _own(followed: list[uuid.UUID], case_id: uuid.UUID) -> Case:
    """Return a case of one of these filings; raises Http404 for anybody else's."""
    for filing_id in reversed(followed):
        case = tracking.own_case(filing_id, case_id)
        if case is not None and case.state != "purged":
            return case
    raise Http404


def _changed_meanwhile(
    request: HttpRequest, case_id: uuid.UUID, form: StepForm, *, move: str
) -> HttpResponse:
    """Answer a step on a case that is not any more as the person saw it: done already, impossible, or ask again."""
    case = _own(access.followed(request.session), case_id)
    if _DONE[move](case, form):
        return see_other(reverse("tracking:filing", args=[case.filing_id]))
    if move not in allowed(case.state, actor="person"):
        return _not_now(request, case)
    again = type(form)({**form.data, "version": str(case.version)})
    again.is_valid()
    again.add_error(
        None,
        _(
            "Something happened in this request since you opened the page. Nothing was saved. Look at your request "
            "first, or send the form again."
        ),
    )
    return _page(request, case, again, move=move, status=409)


def _page(request: HttpRequest, case: Case, form: StepForm, *, move: str, status: int = 200) -> HttpResponse:
    said = {"form": form, "case": case, "move": move, "holder": str(case.holder)}
    return render(request, "requests_app/tracking/step.html", said, status=status)


def _not_now(request: HttpRequest, case: Case) -> HttpResponse:
    facts = {"holder": str(case.holder), "state": PERSON_STATE_NAMES[case.state]}
    text = (
        _("%(holder)s: the request has this state now: %(state)s. In it this step is not possible.") % facts
    )
    return problem(request, _("This step is not possible now"), text, status=409, filing_id=case.filing_id)


def _saved(move: str, case: Case) -> str:
    holder = {"holder": str(case.holder)}
    if move == "post":
        return _("Saved: you posted the letter. (%(holder)s)") % holder
    if move == "sign":
        return _("The signed letter is saved. (%(holder)s)") % holder
    if move == "remind":
        return _("The reminder is being written. (%(holder)s)") % holder
    if move == "complain":
        return _("The complaint is being written. (%(holder)s)") % holder
    if move == "got_answer":
        return _("Saved: you got an answer. (%(holder)s)") % holder
    return _("You withdrew the request. (%(holder)s)") % holder
