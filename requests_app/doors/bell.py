"""The bell: tells a worker to look. It carries no work; losing a ring loses nothing, because the sweep looks anyway."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Final

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

RENDER = "requests_app.render"
SEND = "requests_app.send"

MUTED_SECONDS: Final = 10.0
"""How long a process does not ring after the broker was away: a filing rings many times, and one wait is enough."""

_muted_until = 0.0


def ring(task: str, *arguments: str) -> None:
    """Ring for `task`, by name, once the current transaction is committed; without a broker the sweep is enough."""
    if settings.REDIS_URL:
        transaction.on_commit(partial(_ring, task, arguments))


def _ring(task: str, arguments: tuple[str, ...]) -> None:
    global _muted_until  # noqa: PLW0603 - one clock per process.
    if time.monotonic() < _muted_until:
        return
    try:
        # A signature, because send_task ignores eager mode; one try, because a person is waiting for the page.
        current_app.signature(task, args=arguments).apply_async(retry=False)
    except (OperationalError, OSError):
        _muted_until = time.monotonic() + MUTED_SECONDS
        log.warning("the bell did not ring; the sweep will look")
