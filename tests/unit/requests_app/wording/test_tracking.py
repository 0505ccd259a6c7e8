"""The person's words for a case: every state has its steps, what is not known is not said, late means late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from requests_app.rules.deadlines import Pause, deadline
from requests_app.rules.estimates import estimate
from requests_app.rules.references import _PROBLEMS
from requests_app.rules.states import OPEN, STATES
from requests_app.wording.references import REFERENCE_TEXTS, SECRET_TEXTS
from requests_app.wording.tracking import PERSON_STATE_NAMES, Way, clock_words, estimate_text, steps

D = date.fromisoformat
DAY = D("2026-03-05")


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    with translation.override("en"):
        yield


def told(way: Way) -> list[tuple[str, str, str]]:
    return [(step.state, step.label, step.detail) for step in steps(way)]


def test_every_state_but_the_purged_has_a_name_and_steps() -> None:
    assert set(PERSON_STATE_NAMES) == set(STATES) - {"purged"}
    for state in PERSON_STATE_NAMES:
        shown = steps(Way(state=state))
        assert shown
        assert sum(step.state == "now" for step in shown) == (state in OPEN)
        assert "next" not in [step.state for step in shown] or state in OPEN


def test_a_letter_that_is_the_persons_turn() -> None:
    assert told(Way("ready", prepared_on=DAY)) == [
        ("done", "Letter prepared", "5 March 2026"),
        ("now", "Sent", "This is your turn."),
        ("next", "Received", ""),
        ("next", "Being answered", ""),
        ("next", "Answer", ""),
    ]


def test_a_posted_letter_arrives_about_some_day() -> None:
    shown = told(Way("posted", prepared_on=DAY, posted_on=DAY, estimate=estimate(DAY)))
    assert shown[1] == ("done", "Sent", "You posted it on 5 March 2026.")
    assert shown[2][:2] == ("now", "Received")
    assert shown[2][2].startswith("About 10 March 2026. This is only a guess")
    assert shown[3] == ("next", "Being answered", "")


def test_a_request_received_in_the_portal() -> None:
    shown = told(Way("received", prepared_on=DAY, received_on=DAY, basis="portal", due_on=D("2026-04-07")))
    assert shown[1:4] == [
        ("done", "Sent", "In Tietoni: you had nothing to post."),
        ("done", "Received", "5 March 2026, in Tietoni"),
        ("now", "Being answered", "By 7 April 2026."),
    ]


def test_an_answer_to_a_letter_of_unknown_receipt() -> None:
    shown = told(Way("answered", prepared_on=DAY, posted_on=DAY, ended_on=D("2026-03-20")))
    assert shown[2] == ("done", "Received", "Nobody told us the day.")
    assert shown[-1] == ("done", "Answered", "20 March 2026")
    assert len(shown) == 5


def test_a_transfer_ends_here_and_begins_there() -> None:
    ended = told(Way("transferred", prepared_on=DAY, received_on=DAY, passed_to="Vero", ended_on=DAY))
    assert ended[-1] == ("done", "Passed on to Vero", "5 March 2026")
    assert len(ended) == 4
    begun = told(Way("received", prepared_on=DAY, received_on=DAY, passed_from="Kela"))
    assert begun[1] == ("done", "Sent", "Passed on by Kela.")


def test_withdrawn_and_lapsed_are_told_apart() -> None:
    assert told(Way("withdrawn", prepared_on=DAY))[-1][1] == "Withdrawn by you"
    assert told(Way("withdrawn", prepared_on=DAY, lapsed=True))[-1][1] == "Closed: nobody received it"
    assert len(told(Way("withdrawn"))) == 1
    assert len(told(Way("withdrawn", prepared_on=DAY, posted_on=DAY))) == 3


@pytest.mark.parametrize(
    ("today", "due", "left", "late"),
    [
        ("2026-11-24", "An answer is due by 24 December 2026.", "30 days left", False),
        ("2026-12-23", "An answer is due by 24 December 2026.", "1 day left", False),
        ("2026-12-24", "An answer is due by 24 December 2026.", "That is today.", False),
        (
            "2026-12-28",
            "An answer is due by 24 December 2026.",
            "It is late only after 28 December 2026.",
            False,
        ),
        ("2026-12-29", "The time for an answer ended on 28 December 2026.", "1 day late", True),
    ],
)
def test_late_only_after_the_latest_day(today: str, due: str, left: str, late: bool) -> None:
    words = clock_words(deadline(D("2026-11-24")), today=D(today))
    assert (words.due, words.left, words.late) == (due, left, late)
    assert words.arithmetic.startswith("24 November 2026 + 1 month = 24 December 2026")


def test_a_running_pause_stands_still_and_is_never_late() -> None:
    clock = deadline(DAY, pauses=(Pause(D("2026-03-10"), None),), today=D("2027-01-01"))
    words = clock_words(clock, today=D("2027-01-01"))
    assert words.due.startswith("The time stands still.")
    assert not words.late


def test_the_estimate_says_that_it_is_one() -> None:
    text = estimate_text(estimate(DAY))
    assert "about 10 March 2026" in text
    assert "about 10 April 2026" in text
    assert "not a date of the law" in text


def test_every_problem_of_a_code_has_words() -> None:
    assert set(REFERENCE_TEXTS) == set(SECRET_TEXTS) == set(_PROBLEMS)
