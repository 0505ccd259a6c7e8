"""The editors' page of a language's PO file: for translators outside, and back."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.faq import po
from portal.faq.editing.forms import PoForm
from portal.faq.editing.views import SeeOther, by, for_editors
from portal.faq.units import SOURCE
from portal.languages import BY_CODE, Language


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def exchange(request: HttpRequest, language: str) -> HttpResponse:
    """Show the way to a language's PO file and the form for one that came back, or take it."""
    own = _language(language)
    form = PoForm(request.POST or None, request.FILES or None, label_suffix="")
    faults: tuple[po.Wrong, ...] = ()
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            taken = po.take(values["file"], own.code, status=values["status"], by=by(request))
        except po.RefusedFile as refused:
            faults = refused.faults
        else:
            number = len(taken.saved)
            text = ngettext("%(number)d text was imported.", "%(number)d texts were imported.", number)
            messages.success(request, text % {"number": number})
            return SeeOther(reverse("admin:faq_entry_changelist"))
    context = {"form": form, "language": own, "faults": faults, "source": BY_CODE[SOURCE]}
    refused_status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or faults else HTTPStatus.OK
    return render(request, "staff/editors/po.html", context, status=refused_status)


@require_safe
@for_editors
def download(request: HttpRequest, language: str) -> HttpResponse:
    """Send a language's PO file."""
    own = _language(language)
    headers = {
        "Content-Disposition": f'attachment; filename="tietoni-faq-{own.code}.po"',
        "X-Content-Type-Options": "nosniff",
    }
    content_type = "text/x-gettext-translation; charset=utf-8"
    return HttpResponse(po.export(own.code), content_type=content_type, headers=headers)


def _language(code: str) -> Language:
    if code == SOURCE or code not in BY_CODE:
        raise Http404
    return BY_CODE[code]
