"""Prepared pages, an application for the sake of its command."""

from __future__ import annotations

from django.apps import AppConfig


class PreparedConfig(AppConfig):
    """Pages made once per revision and language."""

    name = "portal.prepared"
    label = "prepared"
