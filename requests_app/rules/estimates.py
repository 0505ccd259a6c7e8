"""When a posted letter may arrive and be answered: a guess, named as one, and never a date of the law.

Posting is not receipt (Administrative Procedure Act 434/2003, s. 18: a letter is received when it is given to the
authority or reaches its post-office box), so no clock runs until the holder says when the letter came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from requests_app.rules.calendar import next_working_day
from requests_app.rules.deadlines import deadline

POST_DAYS: Final = 3
"""Working days that we guess for the post; nobody promises them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """`arrives` is when the letter may be there; `answer_by` the last day for an answer if it came that day."""

    arrives: date
    answer_by: date


def estimate(posted_on: date) -> Estimate:
    """Return what may become of a letter posted on `posted_on`; `answer_by` is the later of the law's two dates."""
    arrives = posted_on
    for _day in range(POST_DAYS):
        arrives = next_working_day(arrives + timedelta(days=1), national=True)
    return Estimate(arrives=arrives, answer_by=deadline(arrives).latest)
