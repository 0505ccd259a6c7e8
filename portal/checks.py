"""System checks: a missing or malformed secret refuses to start, and says which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured


def missing_secrets() -> list[str]:
    """Return the names of required secrets that the environment does not give."""
    return [name for name in settings.REQUIRED_SECRETS if not _given(name)]


def _given(name: str) -> bool:
    try:
        return bool(getattr(settings, name))
    except ImproperlyConfigured:  # Django's own word for an empty SECRET_KEY.
        return False


def refuse_without_secrets() -> None:
    """Raise ImproperlyConfigured naming what is missing; called where a process starts to serve or to work."""
    missing = missing_secrets()
    if missing:
        raise ImproperlyConfigured(
            f"Tietoni does not start without: {', '.join(missing)}. Give them in the environment "
            "(README, 'Environment'); `make run` makes its own."
        )


@register("secrets", deploy=True)
def secrets_are_given(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report each required secret that is missing, under `check --deploy`."""
    return [Error(f"{name} is not set.", id="portal.E001") for name in missing_secrets()]
