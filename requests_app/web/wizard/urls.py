"""Addresses of the wizard, under /<lang>/request/; nothing of a draft is ever in one."""

from __future__ import annotations

from django.urls import path

from requests_app.web.wizard import views
from requests_app.web.wizard.start import start

app_name = "wizard"
urlpatterns = [
    path("", start, name="start"),
    path("forget/", views.forget, name="forget"),
    path("<slug:step>/", views.step, name="step"),
]
