"""Addresses of the portal's own pages, below `/<lang>/` (design.md, "Public contract")."""

from __future__ import annotations

from django.urls import path

from portal.pages import finding, views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", finding.search, name="search"),
    path("glossary/", finding.words, name="glossary"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
