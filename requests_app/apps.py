"""The application of data-subject requests."""

from __future__ import annotations

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Everything about a request of a data subject."""

    name = "requests_app"
    verbose_name = "Requests"
