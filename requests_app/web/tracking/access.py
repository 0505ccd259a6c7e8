"""Which filings a session may follow: those it sent, and those it was let into by reference and secret."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

TRACKING: Final = "tracking"
"""Key of the session under which the ids of its filings are kept, the last one opened at the end."""

MOST: Final = 20
"""Filings that one session follows; the oldest is left out."""


def followed(session: SessionBase) -> list[uuid.UUID]:
    """Return the filings of this session, the last one opened at the end."""
    kept = session.get(TRACKING, [])
    return [uuid.UUID(key) for key in kept] if isinstance(kept, list) else []


def follow(request: HttpRequest, filing_id: uuid.UUID) -> None:
    """Let the session follow a filing, under a new session id (OWASP: a right gained needs a new id)."""
    others = [str(key) for key in followed(request.session) if key != filing_id]
    request.session[TRACKING] = [*others, str(filing_id)][-MOST:]
    request.session.cycle_key()
