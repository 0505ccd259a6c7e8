"""The estimate for a posted letter: three working days for the post, then the law's month, told as a guess."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules.calendar import is_working_day
from requests_app.rules.deadlines import deadline
from requests_app.rules.estimates import estimate

D = date.fromisoformat


@pytest.mark.parametrize(
    ("posted", "arrives", "answer_by"),
    [
        ("2026-03-02", "2026-03-05", "2026-04-07"),  # Monday to Thursday; the month then ends at Easter.
        ("2026-03-05", "2026-03-10", "2026-04-10"),  # Over a weekend.
        ("2026-03-07", "2026-03-11", "2026-04-13"),  # Posted on a Saturday; the month ends on one.
        ("2026-12-22", "2026-12-29", "2027-01-29"),  # Christmas Eve, Christmas and a weekend on the way.
        ("2026-11-19", "2026-11-24", "2026-12-28"),  # Ends on Christmas Eve: the later date of the law.
    ],
)
def test_estimates(posted: str, arrives: str, answer_by: str) -> None:
    guess = estimate(D(posted))
    assert (guess.arrives, guess.answer_by) == (D(arrives), D(answer_by))


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_it_arrives_on_a_working_day_and_is_answered_within_the_law(posted: date) -> None:
    guess = estimate(posted)
    assert is_working_day(guess.arrives, national=True)
    assert 3 <= (guess.arrives - posted).days <= 11
    assert guess.answer_by == deadline(guess.arrives).latest
