"""Pages of the words about authorities, in the admin: name and how to ask, each language beside the Finnish words."""

from __future__ import annotations

import unicodedata
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.languages import BY_CODE, DEFAULT, LANGUAGES, OFFICIAL, Language
from requests_app.actions import register
from requests_app.models import Holder, HolderText
from requests_app.web.staff.views import SeeOther

FIELDS: Final = ("name", "asked_how")


class TextsForm(forms.Form):
    """A holder's words in one language: plain texts; Finnish and Swedish have a name always."""

    name = forms.CharField(label=gettext_lazy("Name of the authority"), max_length=120, required=False)
    asked_how = forms.CharField(
        label=gettext_lazy("How it wants to be asked"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, data: Any = None, *, holder: Holder, language: Language) -> None:
        super().__init__(data, initial=texts_of(holder, language), label_suffix="")
        self.fields["name"].required = language.code in OFFICIAL
        for field in self.fields.values():
            field.widget.attrs |= {"lang": language.html, "dir": language.direction, "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        """Refuse what nobody sees: it could turn the words around."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in FIELDS:
            text = " ".join(str(cleaned.get(name, "")).split())
            if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in text if sign not in _JOINERS):
                self.add_error(name, _("There is a character here that nobody sees. Take it away."))
            cleaned[name] = text
        return cleaned


_JOINERS: Final = "\u200c\u200d\u00ad"
"""Signs within words: Persian needs the first (zero-width non-joiner), long words the last (soft hyphen)."""


def texts_of(holder: Holder, language: Language) -> dict[str, str]:
    """Return a holder's words in one language, "" where there are none."""
    return {name: getattr(holder, register.column(name, language.code)) or "" for name in FIELDS}


def _allowed(request: HttpRequest) -> None:
    if not request.user.has_perm("requests_app.change_holdertext"):
        raise PermissionDenied


@require_safe
def all_holders(request: HttpRequest) -> HttpResponse:
    """Show every authority with the languages that lack words about it."""
    _allowed(request)
    source = BY_CODE[DEFAULT]
    rows = []
    for holder in Holder.objects.filter(retired_on=None):
        wanted = {name for name, text in texts_of(holder, source).items() if text}
        own = [(one, all(texts_of(holder, one)[name] for name in wanted)) for one in LANGUAGES]
        rows.append((holder, texts_of(holder, source)["name"], own))
    return render(request, "staff/editors/holders.html", {"rows": rows, "source": source})


@require_http_methods(["GET", "HEAD", "POST"])
def one_holder(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show the words about an authority beside the Finnish ones, or store them."""
    _allowed(request)
    own = BY_CODE.get(language)
    if own is None:
        raise Http404
    holder = get_object_or_404(Holder, pk=key, retired_on=None)
    form = TextsForm(request.POST or None, holder=holder, language=own)
    if request.method == "POST" and form.is_valid():
        changed = register.save_texts(holder.key, own.code, **form.cleaned_data)
        if changed:
            note = f"{own.code}: {', '.join(changed)}"
            admin.site.get_model_admin(HolderText).log_change(request, HolderText.objects.get(pk=key), note)
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
        return SeeOther(reverse("admin:requests_app_holdertext_changelist"))
    source = BY_CODE[DEFAULT]
    words = texts_of(holder, source)
    context = {
        "form": form,
        "holder": holder,
        "language": own,
        "languages": LANGUAGES,
        "source": source,
        "is_source": own == source,
        "title": words["name"],
        "fields": [(form[name], words[name]) for name in FIELDS],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "staff/editors/holder.html", context, status=status)


class HolderTextAdmin(admin.ModelAdmin[HolderText]):
    """The way from the admin to these pages; none of the admin's own forms is offered."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a holder comes with the reviewed register."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: HolderText | None = None) -> bool:
        """Refuse: a holder is retired and never deleted."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of these pages instead of the admin's own."""
        door = self.admin_site.admin_view
        return [
            path("", door(all_holders), name="requests_app_holdertext_changelist"),
            path("<slug:key>/<slug:language>/", door(one_holder), name="holder_texts"),
        ]
