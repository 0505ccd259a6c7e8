"""What a person may write when nobody answers in time, or when the answer is not right.

A reminder is nobody's duty and costs no right; it is offered once the time is over.  A complaint to the supervisory
authority (GDPR Art. 77) is open after a missed time, a refusal (Art. 12(4)) or an answer that is not whole.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from requests_app.rules.estimates import estimate

Outcome = Literal["silence", "refusal", "answer"]

_OUTCOMES: Final[dict[str, Outcome]] = {"refused": "refusal", "answered": "answer"}


def is_late(state: str, *, latest_on: date | None, posted_on: date | None, today: date) -> bool:
    """Return whether the time for an answer is over, or by our estimate should be where nobody confirmed receipt.

    `latest_on` is the stored last day of a received case; while a pause stands still, nothing is late.
    """
    if state == "received":
        return latest_on is not None and today > latest_on
    return state == "posted" and posted_on is not None and today > estimate(posted_on).answer_by


def outcome(state: str) -> Outcome:
    """Return what a complaint in this state is about: silence, a refusal, or an answer."""
    return _OUTCOMES.get(state, "silence")


def may_remind(state: str, *, latest_on: date | None, posted_on: date | None, today: date) -> bool:
    """Return whether a reminder can be written now."""
    return is_late(state, latest_on=latest_on, posted_on=posted_on, today=today)


def may_complain(state: str, *, latest_on: date | None, posted_on: date | None, today: date) -> bool:
    """Return whether a complaint can be written now."""
    return state in _OUTCOMES or is_late(state, latest_on=latest_on, posted_on=posted_on, today=today)
