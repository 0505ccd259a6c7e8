"""Pages of the service desk: the list of feedback and one message. For everybody else they are not there."""

from __future__ import annotations

import uuid
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from requests_app import permissions
from requests_app.actions import feedback as actions
from requests_app.actions.casework import Refused
from requests_app.actions.lifecycle import Stale, today
from requests_app.doors import vault
from requests_app.models import Membership
from requests_app.reading import feedback as reading
from requests_app.reading.feedback import NoSuchFeedback, OpenedFeedback
from requests_app.rules.feedback import MAX_TEXT, STATES
from requests_app.web.answers import see_other
from requests_app.web.staff.door import View, refused, security, staff_page
from requests_app.web.staff.views import page_number
from requests_app.web.texts import LinesField
from requests_app.wording.feedback import STATE_NAMES, STEP_NAMES
from requests_app.wording.refusals import REFUSAL_TEXTS, refusal_text


class EndForm(forms.Form):
    """How a message ends, and a note for the desk; `version` is that of the message which the form was shown for."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=gettext_lazy("What has been done?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), REFUSAL_TEXTS["unknown_choice"]),
    )
    note = LinesField(
        label=gettext_lazy("Note"),
        required=False,
        rows=3,
        max_length=MAX_TEXT,
        help_text=gettext_lazy("For the desk alone. It is deleted together with the message."),
    )

    def __init__(self, data: Any = None, *, opened: OpenedFeedback) -> None:
        first = opened.next_states[0] if len(opened.next_states) == 1 else None
        initial = {"version": opened.feedback.version, "state": first, "note": opened.note}
        super().__init__(data, initial=initial, label_suffix="")
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker; it is declared above.
        field.choices = [(state, STEP_NAMES[state]) for state in opened.next_states]


def desk_page(view: View) -> View:
    """Let only members of the service desk pass; other staff get 404, and a line in the security log."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        membership = permissions.desk_membership(request.user)
        if membership is None:
            refused(request, "not_at_the_desk", feedback_id=kwargs.get("feedback_id"))
            raise Http404
        return view(request, membership=membership, **kwargs)

    return staff_page(guarded)


@require_safe
@desk_page
def feedback_list(request: HttpRequest, *, membership: Membership) -> HttpResponse:
    """Show what was written to the desk, by last day; nothing of the text."""
    found = reading.listing(
        request.user, state=request.GET.get("state", ""), page=page_number(request), today=today()
    )
    home = reverse("desk:feedback")

    def address(state: str, page: int = 1) -> str:
        wanted = {"state": state if state != STATES[0] else "", "page": str(page) if page > 1 else ""}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"{home}?{query}" if query else home

    context = {
        "page": found,
        "states": [
            {"name": STATE_NAMES[state], "url": address(state), "current": state == found.state}
            for state in STATES
        ],
        "previous_url": address(found.state, found.page - 1) if found.page > 1 else "",
        "next_url": address(found.state, found.page + 1) if found.page < found.pages else "",
    }
    return render(request, "staff/feedback_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def message(request: HttpRequest, *, membership: Membership, feedback_id: uuid.UUID) -> HttpResponse:
    """Show one message, with a line in the security log; or end it."""
    try:
        opened = reading.opened(request.user, feedback_id, today=today())
    except NoSuchFeedback:
        refused(request, "no_such_feedback", feedback_id=feedback_id)
        raise Http404 from None
    security.info(
        "feedback was opened", code="feedback_opened", n_user=request.user.pk, n_feedback=str(feedback_id)
    )
    may_act = permissions.may_act(membership)
    if request.method != "POST":
        form = EndForm(opened=opened) if may_act and opened.next_states else None
        return _page(request, opened, form)
    if not may_act:
        refused(request, "role_may_not_act", feedback_id=feedback_id)
        raise PermissionDenied
    return _end(request, opened, membership)


def _end(request: HttpRequest, opened: OpenedFeedback, membership: Membership) -> HttpResponse:
    form = EndForm(request.POST, opened=opened)
    valid = form.is_valid()
    if form.cleaned_data.get("version") != opened.feedback.version:
        return _stale(request, opened)
    if not valid:
        return _page(request, opened, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        actions.end(opened.feedback, by=membership, **form.cleaned_data)
    except (Stale, vault.Unreadable):
        # Somebody was faster by a moment: read it again, which is 404 where it was purged.
        return see_other(reverse("desk:message", args=[opened.feedback.id]))
    except Refused as error:
        form.add_error(error.field or None, refusal_text(error.code, error.facts))
        return _page(request, opened, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Done: %(step)s.") % {"step": STATE_NAMES[form.cleaned_data["state"]]})
    return see_other(reverse("desk:feedback"))


def _stale(request: HttpRequest, opened: OpenedFeedback) -> HttpResponse:
    """Show the message as it is now: somebody else was faster, and nothing was saved."""
    form = EndForm(opened=opened) if opened.next_states else None
    return _page(request, opened, form, status=HTTPStatus.CONFLICT, is_stale=True)


def _page(
    request: HttpRequest,
    opened: OpenedFeedback,
    form: EndForm | None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    is_stale: bool = False,
) -> HttpResponse:
    context = {"opened": opened, "form": form, "is_stale": is_stale}
    return render(request, "staff/feedback.html", context, status=status)
