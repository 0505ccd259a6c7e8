"""The FAQ for its editors: every language of an answer and its notes, and how far each has come.

Questions can be neither added nor removed: they are those of the study.  The tabs of django-modeltranslation are
not used, because they load scripts from another host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Field
from django.forms import Field as FormField
from django.http import HttpRequest, HttpResponse
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from portal.faq.editing import record_edits, states
from portal.faq.models import ChangeNote, Entry, Translation
from portal.faq.stored import FIELDS, column
from portal.languages import BY_CODE, LANGUAGES, OFFICIAL, Language

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldOpts


class _InItsLanguage:
    """Gives each field of a text the language and the direction that it is written in."""

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        field: FormField | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        language = BY_CODE.get(getattr(db_field, "language", ""))
        if field is not None and language is not None:
            field.widget.attrs |= {"lang": language.html, "dir": language.direction}
        return field


class NoteInline(_InItsLanguage, TranslationStackedInline[ChangeNote, Entry]):  # type: ignore[misc]  # its own bases disagree.
    """The dated notes beside an answer."""

    model = ChangeNote
    extra = 0


class TranslationInline(admin.TabularInline[Translation, Entry]):
    """How far each language has come; the rows come and go with the texts."""

    model = Translation
    fields = ("language", "status", "updated_at")
    readonly_fields = ("language", "updated_at")
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False


def _fieldset(language: Language) -> tuple[str, _FieldOpts]:
    """Return the fields of one language under its own name; the official languages are open."""
    fields = tuple(column(name, language.code) for name in FIELDS)
    return language.own_name, {
        "fields": fields,
        "classes": () if language.code in OFFICIAL else ("collapse",),
    }


@admin.register(Entry)
class EntryAdmin(_InItsLanguage, TranslationAdmin[Entry]):
    """One answer in all languages, the official ones open."""

    list_display = ("number", "slug", "group", "updated_at")
    list_display_links = ("number", "slug")
    readonly_fields = ("number", "slug", "group", "written")
    inlines = (TranslationInline, NoteInline)
    fieldsets = (
        (None, {"fields": ("number", "slug", "group", "written")}),
        *(_fieldset(language) for language in LANGUAGES),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save an entry; saving records which languages changed, in the same transaction."""
        if request.method != "POST" or object_id is None or not object_id.isdigit():
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            before = states(int(object_id))
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if before:
                record_edits(int(object_id), before=before)
        return response
