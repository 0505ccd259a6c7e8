"""Addresses of the portal's own that begin with no language."""

from __future__ import annotations

from django.urls import path

from portal.pages import views

urlpatterns = [
    path("", views.root, name="root"),
    path("staff/language/", views.staff_language, name="staff-language"),
]
