"""Addresses for the operator's machines; not part of the public site."""

from __future__ import annotations

from django.urls import path

from requests_app.web import operator

urlpatterns = [
    path("healthz", operator.healthz, name="healthz"),
    path("readyz", operator.readyz, name="readyz"),
    path("metrics", operator.metrics, name="metrics"),
]
