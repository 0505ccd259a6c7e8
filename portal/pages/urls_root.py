"""Addresses of the portal's own that begin with no language."""

from __future__ import annotations

from django.urls import path

from portal.pages import crawlers, views

urlpatterns = [
    path("", views.root, name="root"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemaps, name="sitemap"),
    path("sitemap-<slug:code>.xml", crawlers.sitemap, name="sitemap-language"),
    path(".well-known/security.txt", crawlers.security_txt, name="security-txt"),
    path("staff/language/", views.staff_language, name="staff-language"),
]
