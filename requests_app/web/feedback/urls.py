"""Addresses of feedback, below `/<lang>/feedback/`."""

from __future__ import annotations

from django.urls import path

from requests_app.web.feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.form, name="form"),
    path("thanks/", views.thanks, name="thanks"),
]
