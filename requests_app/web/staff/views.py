"""Pages of the staff: the queue, one case, the steps of the law, and the letters. Thin: reading and actions decide."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from requests_app import permissions
from requests_app.actions import access, casework
from requests_app.actions.access import NoSuchCase, NotRecorded, Opened
from requests_app.actions.casework import Refused
from requests_app.actions.drafts import draft
from requests_app.actions.lifecycle import Stale, today
from requests_app.doors import vault
from requests_app.reading import casefile, previews, worklist
from requests_app.reading.casefile import CasePage
from requests_app.rules.references import BadReference
from requests_app.rules.states import CLOCK_RUNS, IllegalMove
from requests_app.rules.vocabulary import KINDS
from requests_app.web.staff import steps
from requests_app.web.staff.door import refused, staff_page
from requests_app.web.staff.forms import Search, StepForm
from requests_app.web.staff.steps import Step
from requests_app.wording.cases import ASSIGNEE_NAMES, BASIS_NAMES, KIND_NAMES, STATE_NAMES, VIEW_NAMES
from requests_app.wording.refusals import illegal_text, refusal_text


class SeeOther(HttpResponseRedirect):
    """303 (RFC 9110, 15.4.4): what was sent is done, look at the result there."""

    status_code = HTTPStatus.SEE_OTHER


@require_safe
@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    """Show the cases of the member's holders, by due date."""
    filters = worklist.Filters.from_query(request.GET.dict())
    page = worklist.queue(request.user, filters=filters, page=page_number(request), today=today())
    return render(request, "staff/queue.html", _queue_context(request, page, search=Search()))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def search(request: HttpRequest) -> HttpResponse:
    """Jump to the case that a reference or diary number names; list them where it names several."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("staff:queue"))
    form = Search(request.POST)
    found: tuple[worklist.Row, ...] = ()
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            found = worklist.search(request.user, form.cleaned_data["q"], today=today())
        except BadReference:
            form.add_error("q", _("Write a reference or a diary number."))
        else:
            if len(found) == 1:
                return SeeOther(reverse("staff:case", args=[found[0].id]))
            if not found:
                status = HTTPStatus.NOT_FOUND
                form.add_error("q", _("Nothing was found among the cases of your office."))
    if found:
        return render(request, "staff/found.html", {"rows": found, "search": form})
    page = worklist.queue(request.user, filters=worklist.Filters(), today=today())
    context = {**_queue_context(request, page, search=form), "form": form}
    return render(request, "staff/queue.html", context, status=status)


def page_number(request: HttpRequest) -> int:
    """Return the number of the page that an address asks for, 1 where it asks for none."""
    typed = request.GET.get("page", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 8 else 1


def _queue_context(request: HttpRequest, page: worklist.QueuePage, *, search: Search) -> dict[str, Any]:
    query = page.filters.to_query()
    home = reverse("staff:queue")

    def address(**changed: str) -> str:
        wanted = {name: value for name, value in {**query, **changed}.items() if value}
        return f"{home}?{urlencode(wanted)}" if wanted else home

    active = [
        ("state", STATE_NAMES),
        ("assignee", ASSIGNEE_NAMES),
        ("kind", KIND_NAMES),
        ("basis", BASIS_NAMES),
    ]
    return {
        "page": page,
        "rows": page.rows,
        "search": search,
        "several_holders": permissions.memberships_of(request.user).count() > 1,
        "views": [
            {
                "name": VIEW_NAMES[view],
                "url": address(view="" if view == "open" else view),
                "current": view == page.filters.view,
            }
            for view in worklist.VIEWS
        ],
        "states": [(state, STATE_NAMES[state]) for state in worklist.STATES],
        "assignees": list(ASSIGNEE_NAMES.items()),
        "kinds": [(kind, KIND_NAMES[kind]) for kind in KINDS],
        "bases": [(basis, BASIS_NAMES[basis]) for basis in worklist.BASES],
        "chips": [
            {"name": names[query[key]], "url": address(**{key: ""})} for key, names in active if key in query
        ],
        "previous_url": address(page=str(page.page - 1)) if page.page > 1 else "",
        "next_url": address(page=str(page.page + 1)) if page.page < page.pages else "",
    }


def _of_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer for a view that opens a case: 404 and a line in the security log where it is not the member's.

    503 where the reading could not be written down: then nothing of the case is sent.
    """

    @wraps(view)
    def answered(request: HttpRequest, case_id: uuid.UUID, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, case_id, **kwargs)
        except NotRecorded:
            return render(request, "staff/not_recorded.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        except (NoSuchCase, vault.Unreadable):
            refused(request, "no_such_case", case_id=case_id)
            raise Http404 from None

    return answered


def _open(request: HttpRequest, case_id: uuid.UUID) -> tuple[Opened, CasePage]:
    """Open a case: the event is committed first; then its page is read."""
    opened = access.open_case(request.user, case_id, now=timezone.now())
    moves = casework.moves_of(opened.case, by=opened.membership)
    return opened, casefile.case_page(opened.case, moves=moves, key=opened.key, today=today())


@require_safe
@staff_page
@_of_case
def case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show one case; that it was opened is written down first, and the person sees it."""
    page = _open(request, case_id)[1]
    context = {"page": page, "steps": steps.of_the_law(page.moves), "chores": steps.chores(page.moves)}
    return render(request, "staff/case.html", context)


@require_safe
@staff_page
@_of_case
def letter(request: HttpRequest, case_id: uuid.UUID, letter_id: uuid.UUID) -> HttpResponse:
    """Send the PDF of a letter, after the download was written down."""
    opened = access.open_letter(request.user, case_id, letter_id, now=timezone.now())
    file = casefile.letter_file(opened.letter, key=opened.key, signed="signed" in request.GET)
    if file is None:
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(file.content, content_type=file.media_type, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
@_of_case
def step(request: HttpRequest, case_id: uuid.UUID, step: str) -> HttpResponse:
    """Show the form of one step and what it will do, or take it."""
    wanted = steps.STEPS.get(step)
    if wanted is None:
        raise Http404
    opened, page = _open(request, case_id)
    if not permissions.may_act(opened.membership):
        refused(request, "role_may_not_act", case_id=case_id)
        raise PermissionDenied
    if request.method == "POST":
        return _take(request, wanted, opened, page)
    if wanted.move not in page.moves:
        return _impossible(request, wanted, page)
    return _form_page(request, wanted, opened, page, wanted.form(case=opened.case, by=opened.membership))


def _take(request: HttpRequest, wanted: Step, opened: Opened, page: CasePage) -> HttpResponse:
    form = wanted.form(request.POST, case=opened.case, by=opened.membership)
    valid = form.is_valid()
    version = form.cleaned_data.get("version")
    if version is not None and version != opened.case.version:
        return _stale(request, wanted, opened, page, version)
    if not valid:
        return _form_page(request, wanted, opened, page, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        steps.act(wanted, form)
    except Stale:
        # Somebody was faster by a moment: read the case again to tell what they did.
        return _stale(request, wanted, *_open(request, opened.case.id), form.cleaned_data["version"])
    except IllegalMove:
        return _impossible(request, wanted, _open(request, opened.case.id)[1])
    except Refused as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, refusal_text(error.code, error.facts))
        return _form_page(request, wanted, opened, page, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Done: %(step)s.") % {"step": wanted.name})
    return SeeOther(reverse("staff:case", args=[opened.case.id]))


def _stale(request: HttpRequest, wanted: Step, opened: Opened, page: CasePage, version: int) -> HttpResponse:
    """Show what happened meanwhile, and the form again with what was typed, now for the case as it is."""
    meanwhile = page.since(version)
    if wanted.move not in page.moves:
        return _impossible(request, wanted, page, meanwhile=meanwhile)
    data = request.POST.copy()
    data["version"] = str(opened.case.version)
    form = wanted.form(data, case=opened.case, by=opened.membership)
    context = {"meanwhile": meanwhile, "is_stale": True}
    return _form_page(request, wanted, opened, page, form, status=HTTPStatus.CONFLICT, **context)


def _impossible(request: HttpRequest, wanted: Step, page: CasePage, **context: Any) -> HttpResponse:
    """Tell in words why the step can't be taken now."""
    why = illegal_text(page.case.state)
    if wanted.move == "extend" and page.case.extended_told_on is not None:
        why = refusal_text("extended_already", {})
    if wanted.move == "acknowledge" and page.case.state in CLOCK_RUNS:
        why = refusal_text("acknowledged_already", {})
    context = {"page": page, "step": wanted, "why": why, **context}
    return render(request, "staff/impossible.html", context, status=HTTPStatus.CONFLICT)


def _form_page(
    request: HttpRequest,
    wanted: Step,
    opened: Opened,
    page: CasePage,
    form: StepForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    preview = None
    if wanted.letter is not None:
        facts = draft(opened, wanted.letter, **form.for_letter())
        preview = previews.preview(wanted.letter, facts)
    context = {"page": page, "step": wanted, "form": form, "preview": preview, **context}
    return render(request, "staff/step.html", context, status=status)
