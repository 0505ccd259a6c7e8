"""The FAQ and the glossary for their editors: pages of their own inside the admin, behind its door.

The admin's forms show every language of an entry below one another and keep no history; these pages show a text
beside its source and save revisions (`portal.faq.editing`).  Questions can be neither added nor removed: they are
those of the study.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from portal.faq.editing import note_views, po_views, views
from portal.faq.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin[Entry]):
    """The way from the admin to the editors' pages; none of the admin's own forms is offered."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the questions are those of the study."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        """Refuse: the questions are those of the study."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Return the editors' addresses instead of the admin's own."""

        def page(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=name)

        return [
            page("", views.overview, "faq_entry_changelist"),
            page("po/<slug:language>/", po_views.exchange, "faq_po"),
            page("po/<slug:language>/file/", po_views.download, "faq_po_file"),
            page("<slug:key>/notes/", note_views.all_notes, "faq_notes"),
            page("<slug:key>/notes/<int:number>/", note_views.one_note, "faq_note"),
            page("<slug:key>/<slug:language>/", views.text, "faq_text"),
            page("<slug:key>/<slug:language>/preview/", views.preview, "faq_preview"),
            page("<slug:key>/<slug:language>/history/", views.history, "faq_history"),
            page("<slug:key>/<slug:language>/history/<int:number>/", views.revision, "faq_revision"),
            page("<slug:key>/<slug:language>/drop/", views.drop, "faq_drop"),
            page("<slug:key>/<slug:language>/withdraw/", views.withdraw, "faq_withdraw"),
        ]
