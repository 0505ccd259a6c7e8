"""Bounds on how often one address may post to the wizard; generous, because libraries share an address."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from requests_app.doors import limits
from requests_app.web.tracking.guard import network

HOUR: Final = 60 * 60
MOST: Final = {"step": 8000, "filing": 600}
"""Posts and filings from one address in an hour: a hundred people at one library, with room."""


def wait_for(request: HttpRequest, what: str) -> int:
    """Count one more `what` from this address; returns 0, or the seconds until the next one is taken."""
    address = network(request.META.get("REMOTE_ADDR", ""))
    counted = limits.count(f"wizard {what}", address, window_seconds=HOUR)
    return counted.seconds_left if counted.number > MOST[what] else 0
