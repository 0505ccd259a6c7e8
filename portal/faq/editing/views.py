"""The editors' pages of texts: the overview, a text beside its source, its preview and its history. Thin."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.faq import progress, publishing, revisions
from portal.faq.editing import pages
from portal.faq.editing.forms import RestoreForm, TextForm
from portal.faq.models import Revision, Translation
from portal.faq.revisions import Author, Overtaken
from portal.faq.units import SOURCE, EntryUnit, Unit, outdated, unit_of
from portal.faq.views import page_of
from portal.languages import BY_CODE, LANGUAGES, OFFICIAL, Language

Status = Translation.Status

MOST_SHOWN: Final = 100
"""The longest history on one page; older revisions are kept and have their addresses."""


class SeeOther(HttpResponseRedirect):
    """303 (RFC 9110, 15.4.4): what was sent is done, look at the result there."""

    status_code = HTTPStatus.SEE_OTHER


def for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only those pass who may change the FAQ; the site's door (login, second factor) stands before this."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("faq.change_entry"):
            raise PermissionDenied
        return view(request, **kwargs)

    return guarded


def place(key: str, language: str) -> tuple[Unit, Language]:
    """Return the text and the language of an address; 404 for what is not there."""
    unit = unit_of(key)
    if unit is None or language not in BY_CODE:
        raise Http404
    return unit, BY_CODE[language]


def by(request: HttpRequest) -> Author:
    """Return who is logged in as an author."""
    user = request.user
    return revisions.author(user) if isinstance(user, User | AnonymousUser) else Author()


def address(name: str, unit: Unit, language: Language, **more: object) -> str:
    """Return the address of one of these pages."""
    return reverse(f"admin:{name}", kwargs={"key": unit.key, "language": language.code, **more})


# -------------------------------------------------------------------------------------------------------- overview
@require_safe
@for_editors
def overview(request: HttpRequest) -> HttpResponse:
    """Show every text in every language, at a glance."""
    context = {"rows": progress.overview(), "languages": LANGUAGES, "source": BY_CODE[SOURCE]}
    return render(request, "staff/editors/overview.html", context)


# -------------------------------------------------------------------------------------------------------- one text
@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def text(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show a text beside its source, or save it."""
    unit, own = place(key, language)
    if request.method == "POST":
        return _save(request, unit, own)
    return _text_page(request, unit, own)


def _text_page(
    request: HttpRequest,
    unit: Unit,
    language: Language,
    data: Any = None,
    *,
    overtaken: bool = False,
) -> HttpResponse:
    texts, waiting = revisions.beginning(unit, language.code)
    origins = revisions.made_from(unit, language.code)
    old = outdated(origins, unit.digests())
    newest = revisions.history(unit, language.code).first()
    if overtaken:
        data = data.copy()
        data["seen"] = str(newest.pk if newest else 0)
    form = TextForm(
        data,
        unit=unit,
        language=language,
        texts=texts,
        outdated=old,
        waiting=waiting,
        seen=newest.pk if newest else 0,
    )
    row = unit.translations().filter(language=language.code).first()
    context = {
        **_frame(unit, language),
        "form": form,
        "fields": pages.fields_of(unit, language.code, form, origins, old),
        "is_source": language.code == SOURCE,
        "row": row,
        "waiting": waiting,
        "went_on": bool(
            waiting and revisions.history(unit, language.code).filter(applied_at__gt=waiting.made_at).exists()
        ),
        "newest": newest,
        "overtaken": overtaken,
        "is_official": language.code in OFFICIAL,
    }
    status = HTTPStatus.CONFLICT if overtaken else HTTPStatus.OK
    if form.is_bound and not overtaken:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "staff/editors/text.html", context, status=status)


def _save(request: HttpRequest, unit: Unit, language: Language) -> HttpResponse:
    data = request.POST.copy()
    if "preview" in data:
        data["status"], data["publish_at"] = Status.DRAFT, ""
    texts, waiting = revisions.beginning(unit, language.code)
    old = outdated(revisions.made_from(unit, language.code), unit.digests())
    form = TextForm(data, unit=unit, language=language, texts=texts, outdated=old, waiting=waiting, seen=0)
    if not form.is_valid():
        return _text_page(request, unit, language, data)
    status = form.cleaned_data["status"]
    try:
        revision = revisions.save(
            unit,
            language.code,
            form.texts,
            status=status,
            by=by(request),
            compared=revisions.Compared(form.sources, form.confirmed),
            publish_at=form.cleaned_data["publish_at"] if status != Status.DRAFT else None,
            seen=form.cleaned_data["seen"],
        )
    except Overtaken:
        return _text_page(request, unit, language, data, overtaken=True)
    messages.success(request, _said(revision))
    if "preview" in request.POST:
        return SeeOther(address("faq_preview", unit, language))
    return SeeOther(address("faq_text", unit, language))


def _said(revision: Revision | None) -> str:
    """Return in a sentence what became of what was sent."""
    if revision is None:
        return _("Nothing was changed.")
    if revision.publish_at is not None:
        moment = formats.date_format(timezone.localtime(revision.publish_at), "SHORT_DATETIME_FORMAT")
        return _("Saved. Readers get the text on %(moment)s.") % {"moment": moment}
    if revision.status == Status.DRAFT:
        return _("Saved as a draft. Readers see no change.")
    return _("Published.")


@require_POST
@for_editors
def drop(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Let a draft or a planned text wait no more."""
    unit, own = place(key, language)
    if revisions.drop_waiting(unit, own.code):
        messages.success(request, _("The text no longer waits. It is in the history."))
    return SeeOther(address("faq_text", unit, own))


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def withdraw(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Ask whether a text is to be taken away from readers, and do it."""
    unit, own = place(key, language)
    if request.method == "POST":
        revisions.withdraw(unit, own.code, by=by(request))
        messages.success(request, _("Readers no longer get this text."))
        return SeeOther(address("faq_text", unit, own))
    context = {**_frame(unit, own), "is_official": own.code in OFFICIAL}
    return render(request, "staff/editors/withdraw.html", context)


@require_safe
@for_editors
def preview(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show the page of an entry as readers will get it, with the text that waits; the glossary has no preview."""
    unit, own = place(key, language)
    if not isinstance(unit, EntryUnit):
        raise Http404
    texts, waiting = revisions.beginning(unit, own.code)
    back = address("faq_text", unit, own)
    frame = {
        "unit": unit,
        "waiting": waiting,
        "back": back,
        "staff_language": BY_CODE[translation.get_language() or SOURCE],
    }
    with translation.override(own.code):
        entry = publishing.preview(unit, own.code, texts)
        response = render(request, "staff/editors/preview.html", {**page_of(entry, reader=own), **frame})
    response.headers["Content-Language"] = own.html
    response.headers["Cache-Control"] = "no-store, private"
    return response


# --------------------------------------------------------------------------------------------------------- history
@require_safe
@for_editors
def history(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show who changed what in a text, and when; the newest first."""
    unit, own = place(key, language)
    context = {
        **_frame(unit, own),
        "lines": pages.history_lines(unit, own.code, most=MOST_SHOWN),
        "more": revisions.history(unit, own.code).count() > MOST_SHOWN,
    }
    return render(request, "staff/editors/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def revision(request: HttpRequest, key: str, language: str, number: int) -> HttpResponse:
    """Show one revision and what it changed, or restore it."""
    unit, own = place(key, language)
    wanted = get_object_or_404(revisions.history(unit, own.code), pk=number)
    form = RestoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        restored = revisions.restore(unit, wanted, status=form.cleaned_data["status"], by=by(request))
        messages.success(request, _said(restored))
        return SeeOther(address("faq_text", unit, own))
    context = {
        **_frame(unit, own),
        "revision": wanted,
        "changes": pages.changes_of(unit, own.code, wanted),
        "texts": [(field.label, wanted.texts.get(field.key, "")) for field in unit.fields],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "staff/editors/revision.html", context, status=status)


def _frame(unit: Unit, language: Language) -> dict[str, Any]:
    """Return what every page of one text shows around it."""
    return {
        "unit": unit,
        "language": language,
        "languages": LANGUAGES,
        "source": BY_CODE[SOURCE],
        "has_preview": isinstance(unit, EntryUnit),
    }
