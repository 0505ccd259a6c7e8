"""Addresses of the portal's own pages, below `/<lang>/` (design.md, "Public contract")."""

from __future__ import annotations

from django.urls import path

from portal.pages import leaflet, views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("leaflet.pdf", leaflet.leaflet, name="leaflet"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
