"""Feedback's rules: fourteen days, and what may follow what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules import feedback as rules


@given(st.dates(max_value=date(9000, 1, 1)))
def test_an_answer_is_due_in_fourteen_days(received_on: date) -> None:
    assert rules.due_on(received_on) - received_on == timedelta(days=14)


def test_a_week_end_moves_nothing() -> None:
    assert rules.due_on(date(2026, 12, 12)) == date(2026, 12, 26)


@pytest.mark.parametrize(
    ("state", "wants_answer", "after"),
    [
        ("new", True, ("answered", "closed")),
        ("new", False, ("closed",)),
        ("answered", True, ("closed",)),
        ("closed", True, ()),
        ("closed", False, ()),
    ],
)
def test_what_may_follow(state: str, wants_answer: bool, after: tuple[str, ...]) -> None:
    assert rules.next_states(state, wants_answer=wants_answer) == after


def test_every_state_has_its_followers_and_no_other_has() -> None:
    for state in rules.STATES:
        assert set(rules.next_states(state, wants_answer=True)) < set(rules.STATES)
    with pytest.raises(KeyError):
        rules.next_states("lost", wants_answer=True)
