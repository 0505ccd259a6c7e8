"""When a reminder or a complaint can be written: after the last of both days, after a refusal, after an answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from requests_app.rules import remedies
from requests_app.rules.estimates import estimate
from requests_app.rules.states import MOVES, STATES

LATEST = date(2026, 12, 28)
POSTED = date(2026, 3, 5)


@pytest.mark.parametrize(("days", "late"), [(0, False), (1, True), (400, True)])
def test_a_received_case_is_late_after_its_last_day(days: int, late: bool) -> None:
    today = LATEST + timedelta(days=days)
    assert remedies.may_remind("received", latest_on=LATEST, posted_on=None, today=today) is late
    assert remedies.may_complain("received", latest_on=LATEST, posted_on=None, today=today) is late


def test_a_posted_case_is_late_after_the_estimate() -> None:
    last = estimate(POSTED).answer_by
    for days, late in ((0, False), (1, True)):
        today = last + timedelta(days=days)
        assert remedies.may_remind("posted", latest_on=None, posted_on=POSTED, today=today) is late


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_written_from_a_state_that_the_table_does_not_know(state: str) -> None:
    far = date(2099, 1, 1)
    for move, rule in (("remind", remedies.may_remind), ("complain", remedies.may_complain)):
        if rule(state, latest_on=LATEST, posted_on=POSTED, today=far):
            assert state in MOVES[move].sources


def test_while_the_time_stands_still_nothing_is_late() -> None:
    assert not remedies.may_remind(
        "waiting_identity", latest_on=LATEST, posted_on=POSTED, today=date(2099, 1, 1)
    )


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("received", "silence"), ("posted", "silence"), ("refused", "refusal"), ("answered", "answer")],
)
def test_a_complaint_is_about_what_happened(state: str, outcome: str) -> None:
    assert remedies.outcome(state) == outcome
