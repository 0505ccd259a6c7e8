"""Feedback on the site itself: what it can be about, where it stands, and by when it is answered. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

TOPICS: Final = ("accessibility", "mistake", "other")
STATES: Final = ("new", "answered", "closed")

ANSWER_WITHIN_DAYS: Final = 14
"""Days within which feedback is answered: the law's time for accessibility (Act 306/2019), kept for every topic."""

MAX_TEXT: Final = 4000
MAX_EMAIL: Final = 254
"""The longest address that mail can be sent to (RFC 5321, 4.5.3.1.3, without its brackets)."""

MAX_PAGE: Final = 200

_NEXT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"new": ("answered", "closed"), "answered": ("closed",), "closed": ()}
)


def due_on(received_on: date) -> date:
    """Return the last day for an answer; it is not moved on by a weekend, because the law promises 14 days."""
    return received_on + timedelta(days=ANSWER_WITHIN_DAYS)


def next_states(state: str, *, wants_answer: bool) -> tuple[str, ...]:
    """Return the states that may follow; without an address nobody can be answered. Raises KeyError."""
    return tuple(name for name in _NEXT[state] if wants_answer or name != "answered")
