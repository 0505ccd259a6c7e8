"""The FAQ of the study."""

from __future__ import annotations

from django.apps import AppConfig


class FaqConfig(AppConfig):
    """Entries, their languages and their publishing."""

    name = "portal.faq"
    label = "faq"
    verbose_name = "FAQ"
