"""Addresses of the portal's own pages, below `/<lang>/` (design.md, "Public contract")."""

from __future__ import annotations

from django.urls import path

from portal.pages import finding, leaflet, views
from portal.pages.self_check.views import self_check

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("am-i-included/", self_check, name="self-check"),
    path("leaflet.pdf", leaflet.leaflet, name="leaflet"),
    path("search/", finding.search, name="search"),
    path("glossary/", finding.words, name="glossary"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
