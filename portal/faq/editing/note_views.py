"""The editors' page of the notes beside an entry: their days; their words are written with the entry's texts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.faq import notes
from portal.faq.editing.forms import NoteForm
from portal.faq.editing.views import SeeOther, by, for_editors
from portal.faq.models import ChangeNote
from portal.faq.stored import stored_text
from portal.faq.units import SOURCE, EntryUnit, unit_of
from portal.languages import BY_CODE


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def all_notes(request: HttpRequest, key: str) -> HttpResponse:
    """Show the notes of an entry with a form for another one, or add it."""
    unit = _entry(key)
    form = NoteForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        notes.add_note(unit.entry, day=form.cleaned_data["date"])
        messages.success(request, _("Added. Now write the note in Finnish; then it can be translated."))
        return SeeOther(reverse("admin:faq_text", kwargs={"key": unit.key, "language": SOURCE}))
    rows = [(note, stored_text(note, "text", SOURCE)) for note in unit.notes]
    return _page(request, "staff/editors/notes.html", unit, form, {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def one_note(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Show one note with its day, or give it another day, or take it away."""
    unit = _entry(key)
    note = get_object_or_404(ChangeNote, entry=unit.entry, pk=number)
    if request.method == "POST" and "remove" in request.POST:
        notes.remove_note(note, by=by(request))
        messages.success(request, _("The note was taken away. Its words are in the history."))
        return SeeOther(reverse("admin:faq_notes", kwargs={"key": unit.key}))
    form = NoteForm(request.POST or None, initial={"date": note.date}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        notes.move_note(note, day=form.cleaned_data["date"])
        messages.success(request, _("Saved."))
        return SeeOther(reverse("admin:faq_notes", kwargs={"key": unit.key}))
    context = {"note": note, "text": stored_text(note, "text", SOURCE)}
    return _page(request, "staff/editors/note.html", unit, form, context)


def _entry(key: str) -> EntryUnit:
    unit = unit_of(key)
    if not isinstance(unit, EntryUnit):
        raise Http404
    return unit


def _page(
    request: HttpRequest, template: str, unit: EntryUnit, form: NoteForm, more: dict[str, Any]
) -> HttpResponse:
    context = {"unit": unit, "form": form, "source": BY_CODE[SOURCE], **more}
    return render(
        request, template, context, status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    )
