"""The clock: worked cases of law.md, edges of the calendar, pauses, steps, and what holds of any clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules.calendar import is_working_day
from requests_app.rules.deadlines import BadPeriod, Deadline, Pause, Step, deadline

D = date.fromisoformat


def pause(asked_on: str, ended_on: str | None) -> Pause:
    """Return a pause from days in ISO form."""
    return Pause(D(asked_on), None if ended_on is None else D(ended_on))


# received, due, latest of one month; due, latest of three
TABLE = [
    # The worked cases of law.md.
    ("2024-01-31", "2024-02-29", "2024-02-29", "2024-04-30", "2024-04-30"),
    ("2025-08-31", "2025-09-30", "2025-09-30", "2025-12-01", "2025-12-01"),
    ("2026-03-05", "2026-04-07", "2026-04-07", "2026-06-05", "2026-06-05"),
    ("2026-05-19", "2026-06-22", "2026-06-22", "2026-08-19", "2026-08-19"),
    ("2026-11-24", "2026-12-24", "2026-12-28", "2027-02-24", "2027-02-24"),
    # The month lacks the number; leap years.
    ("2025-01-31", "2025-02-28", "2025-02-28", "2025-04-30", "2025-04-30"),
    ("2023-01-29", "2023-02-28", "2023-02-28", "2023-05-02", "2023-05-02"),
    ("2024-01-29", "2024-02-29", "2024-02-29", "2024-04-29", "2024-04-29"),
    ("2100-01-29", "2100-03-01", "2100-03-01", "2100-04-29", "2100-04-29"),
    ("2028-02-29", "2028-03-29", "2028-03-29", "2028-05-29", "2028-05-29"),
    ("2023-11-30", "2024-01-02", "2024-01-02", "2024-02-29", "2024-02-29"),
    # Easter, from both sides.
    ("2026-03-02", "2026-04-02", "2026-04-02", "2026-06-02", "2026-06-02"),
    ("2026-03-03", "2026-04-07", "2026-04-07", "2026-06-03", "2026-06-03"),
    ("2026-03-07", "2026-04-07", "2026-04-07", "2026-06-08", "2026-06-08"),
    ("2027-02-26", "2027-03-30", "2027-03-30", "2027-05-26", "2027-05-26"),
    # May Day on a Friday, Ascension Day, Epiphany.
    ("2026-04-01", "2026-05-04", "2026-05-04", "2026-07-01", "2026-07-01"),
    ("2026-04-14", "2026-05-15", "2026-05-15", "2026-07-14", "2026-07-14"),
    ("2025-12-06", "2026-01-07", "2026-01-07", "2026-03-06", "2026-03-06"),
    # Midsummer Eve and Day.
    ("2025-05-20", "2025-06-23", "2025-06-23", "2025-08-20", "2025-08-20"),
    ("2026-05-20", "2026-06-22", "2026-06-22", "2026-08-20", "2026-08-20"),
    # All Saints' Day, and Independence Day on a Sunday and on a Friday.
    ("2026-09-30", "2026-10-30", "2026-10-30", "2026-12-30", "2026-12-30"),
    ("2026-08-31", "2026-09-30", "2026-09-30", "2026-11-30", "2026-11-30"),
    ("2026-11-06", "2026-12-07", "2026-12-07", "2027-02-08", "2027-02-08"),
    ("2024-11-06", "2024-12-09", "2024-12-09", "2025-02-06", "2025-02-06"),
    # Christmas and New Year.
    ("2018-11-22", "2018-12-24", "2018-12-27", "2019-02-22", "2019-02-22"),
    ("2022-11-24", "2022-12-27", "2022-12-27", "2023-02-24", "2023-02-24"),
    ("2026-11-25", "2026-12-28", "2026-12-28", "2027-02-25", "2027-02-25"),
    ("2026-09-24", "2026-10-26", "2026-10-26", "2026-12-24", "2026-12-28"),
    ("2026-12-01", "2027-01-04", "2027-01-04", "2027-03-01", "2027-03-01"),
    ("2026-11-30", "2026-12-30", "2026-12-30", "2027-03-01", "2027-03-01"),
    # Clocks go forward on 29 March 2026 and back on 25 October.
    ("2026-02-28", "2026-03-30", "2026-03-30", "2026-05-28", "2026-05-28"),
    ("2026-03-29", "2026-04-29", "2026-04-29", "2026-06-29", "2026-06-29"),
    ("2026-09-25", "2026-10-26", "2026-10-26", "2026-12-28", "2026-12-28"),
    # Years that the holidays library does not have.
    ("1753-03-01", "1753-04-02", "1753-04-02", "1753-06-01", "1753-06-01"),
    ("2199-12-31", "2200-01-31", "2200-01-31", "2200-03-31", "2200-03-31"),
]


@pytest.mark.parametrize(("received", "due", "latest", "extended_due", "extended_latest"), TABLE)
def test_table(received: str, due: str, latest: str, extended_due: str, extended_latest: str) -> None:
    plain = deadline(D(received))
    assert (plain.received, plain.due, plain.latest) == (D(received), D(due), D(latest))
    extended = deadline(D(received), extended=True)
    assert (extended.due, extended.latest) == (D(extended_due), D(extended_latest))
    assert plain.told_by == extended.told_by == D(latest)


PAUSED = [
    # The example of law.md.
    ("2026-03-05", [("2026-03-10", "2026-03-20")], "2026-04-15"),
    # Answered on the day it was asked: nothing is added.
    ("2026-03-05", [("2026-03-10", "2026-03-10")], "2026-04-07"),
    # A pause may begin on the day of receipt.
    ("2026-03-05", [("2026-03-05", "2026-03-06")], "2026-04-07"),
    # Two apart, 10 + 5 days; in any order.
    ("2026-03-05", [("2026-03-10", "2026-03-20"), ("2026-03-25", "2026-03-30")], "2026-04-20"),
    ("2026-03-05", [("2026-03-25", "2026-03-30"), ("2026-03-10", "2026-03-20")], "2026-04-20"),
    # Overlapping, one within the other, the same twice, touching: each day counts once.
    ("2026-03-05", [("2026-03-10", "2026-03-20"), ("2026-03-15", "2026-03-25")], "2026-04-20"),
    ("2026-03-05", [("2026-03-10", "2026-03-25"), ("2026-03-12", "2026-03-14")], "2026-04-20"),
    ("2026-03-05", [("2026-03-10", "2026-03-20"), ("2026-03-10", "2026-03-20")], "2026-04-15"),
    ("2026-03-05", [("2026-03-10", "2026-03-20"), ("2026-03-20", "2026-03-25")], "2026-04-20"),
    # The days are added to the unrolled end: 31 January → 29 February, + 1 → Friday 1 March.
    ("2024-01-31", [("2024-02-05", "2024-02-06")], "2024-03-01"),
    # Across the change to summer time: 28 to 30 March 2026 are two days.
    ("2026-03-10", [("2026-03-28", "2026-03-30")], "2026-04-13"),
]


@pytest.mark.parametrize(("received", "pauses", "due"), PAUSED)
def test_pauses(received: str, pauses: list[tuple[str, str]], due: str) -> None:
    clock = deadline(D(received), pauses=[pause(*pair) for pair in pauses])
    assert clock.due == D(due)
    assert clock.told_by == clock.latest
    assert not clock.is_paused


def test_a_pause_moves_an_extended_period_and_the_day_for_telling() -> None:
    clock = deadline(D("2026-08-24"), extended=True, pauses=[pause("2026-09-01", "2026-10-01")])
    assert clock.due == D("2026-12-24")
    assert clock.latest == D("2026-12-28")
    assert clock.told_by == D("2026-10-26")


def test_the_day_for_telling_rolls_over_christmas_eve() -> None:
    assert deadline(D("2026-11-24"), extended=True).told_by == D("2026-12-28")


@pytest.mark.parametrize(
    ("today", "days", "due"),
    [
        ("2026-03-10", 0, "2026-04-07"),
        ("2026-03-11", 1, "2026-04-07"),
        ("2026-03-20", 10, "2026-04-15"),
        ("2026-03-21", 11, "2026-04-16"),
    ],
)
def test_an_open_pause_counts_until_today(today: str, days: int, due: str) -> None:
    clock = deadline(D("2026-03-05"), pauses=[pause("2026-03-10", None)], today=D(today))
    assert clock.is_paused
    assert clock.due == D(due)
    running = next(step for step in clock.steps if step.code == "pause_running")
    assert (running.days, running.since, running.until) == (days, D("2026-03-10"), None)


def test_an_open_pause_takes_in_the_closed_ones_that_it_overlaps() -> None:
    clock = deadline(
        D("2026-03-05"),
        pauses=[
            pause("2026-03-12", "2026-03-18"),
            pause("2026-03-10", None),
            pause("2026-03-06", "2026-03-08"),
        ],
        today=D("2026-03-20"),
    )
    assert [(step.code, step.days) for step in clock.steps if step.days is not None] == [
        ("pause_added", 2),
        ("pause_running", 10),
    ]


def test_today_changes_nothing_without_an_open_pause() -> None:
    pauses = [pause("2026-03-10", "2026-03-20")]
    assert deadline(D("2026-03-05"), pauses=pauses, today=D("2026-03-12")) == deadline(
        D("2026-03-05"), pauses=pauses
    )


STEPS: list[tuple[str, bool, list[Pause], list[Step]]] = [
    (
        "2026-03-05",
        False,
        [],
        [
            Step("received", D("2026-03-05")),
            Step("month_added", D("2026-04-05")),
            Step(
                "rolled_over",
                D("2026-04-07"),
                since=D("2026-04-05"),
                reasons=("easter_sunday", "easter_monday"),
            ),
        ],
    ),
    (
        "2025-08-31",
        True,
        [],
        [
            Step("received", D("2025-08-31")),
            Step("months_added_extended", D("2025-11-30")),
            Step("last_day_of_month", D("2025-11-30")),
            Step("rolled_over", D("2025-12-01"), since=D("2025-11-30"), reasons=("sunday",)),
        ],
    ),
    (
        "2018-11-22",
        False,
        [],
        [
            Step("received", D("2018-11-22")),
            Step("month_added", D("2018-12-22")),
            Step("rolled_over", D("2018-12-24"), since=D("2018-12-22"), reasons=("saturday", "sunday")),
            Step(
                "latest_rolled",
                D("2018-12-27"),
                since=D("2018-12-24"),
                reasons=("christmas_eve", "christmas_day", "second_christmas_day"),
            ),
        ],
    ),
    (
        "2026-03-02",
        False,
        [pause("2026-03-10", "2026-03-20"), pause("2026-03-25", "2026-03-26")],
        [
            Step("received", D("2026-03-02")),
            Step("month_added", D("2026-04-02")),
            Step("pause_added", D("2026-04-12"), days=10, since=D("2026-03-10"), until=D("2026-03-20")),
            Step("pause_added", D("2026-04-13"), days=1, since=D("2026-03-25"), until=D("2026-03-26")),
        ],
    ),
]


@pytest.mark.parametrize(("received", "extended", "pauses", "steps"), STEPS)
def test_steps(received: str, extended: bool, pauses: list[Pause], steps: list[Step]) -> None:
    assert list(deadline(D(received), extended=extended, pauses=pauses).steps) == steps


@pytest.mark.parametrize(
    ("received", "pauses", "today", "code"),
    [
        ("2026-03-05", [pause("2026-03-04", "2026-03-10")], None, "pause_before_receipt"),
        ("2026-03-05", [pause("2026-03-10", "2026-03-09")], None, "pause_ends_before_start"),
        ("2026-03-05", [pause("2026-03-10", None)], "2026-03-09", "pause_ends_before_start"),
        ("2026-03-05", [pause("2026-03-10", None)], None, "pause_needs_today"),
        ("9999-12-01", [], None, "after_last_day"),
        ("9999-11-20", [pause("9999-11-20", "9999-12-20")], None, "after_last_day"),
    ],
)
def test_what_can_not_be_reckoned(
    received: str, pauses: Sequence[Pause], today: str | None, code: str
) -> None:
    with pytest.raises(BadPeriod, match=r"^[A-Z].*\.$") as caught:
        deadline(D(received), pauses=pauses, today=None if today is None else D(today))
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


def test_the_first_and_last_days_that_can_be_reckoned() -> None:
    assert deadline(date.min).due == date(1, 2, 1)
    assert deadline(date(9999, 11, 30)).due == date(9999, 12, 30)
    assert deadline(date(9999, 9, 30), extended=True).due == date(9999, 12, 30)
    with pytest.raises(BadPeriod):
        deadline(date(9999, 10, 1), extended=True)


@st.composite
def clocks(draw: st.DrawFn) -> tuple[date, bool, list[Pause]]:
    """Draw a day of receipt, an extension and up to four closed pauses after receipt."""
    received = draw(st.dates(max_value=date(9990, 1, 1)))
    spans = draw(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 60)), max_size=4))
    pauses = [
        Pause(received + timedelta(days=start), received + timedelta(days=start + length))
        for start, length in spans
    ]
    return received, draw(st.booleans()), pauses


def reckon(clock: tuple[date, bool, list[Pause]]) -> Deadline:
    """Reckon a drawn clock."""
    received, extended, pauses = clock
    return deadline(received, extended=extended, pauses=pauses)


@given(clocks())
def test_both_days_are_working_days_in_order(clock: tuple[date, bool, list[Pause]]) -> None:
    answer = reckon(clock)
    assert answer.received < answer.due <= answer.latest
    assert is_working_day(answer.due, national=False)
    assert is_working_day(answer.latest, national=True)
    assert is_working_day(answer.told_by, national=True)


@given(clocks())
def test_due_and_latest_part_at_christmas_eve_only(clock: tuple[date, bool, list[Pause]]) -> None:
    answer = reckon(clock)
    assert (answer.due != answer.latest) == ((answer.due.month, answer.due.day) == (12, 24))


@given(clocks())
def test_the_steps_lead_to_the_answer(clock: tuple[date, bool, list[Pause]]) -> None:
    answer = reckon(clock)
    assert answer.steps[0] == Step("received", answer.received)
    assert answer.steps[-1].day == answer.latest
    assert [step.day for step in answer.steps if step.code != "latest_rolled"][-1] == answer.due
    assert [step.day for step in answer.steps] == sorted(step.day for step in answer.steps)


@given(st.dates(max_value=date(9990, 1, 1)), st.integers(0, 400), st.booleans())
def test_a_later_receipt_never_ends_earlier(received: date, later: int, extended: bool) -> None:
    first = deadline(received, extended=extended)
    second = deadline(received + timedelta(days=later), extended=extended)
    assert first.due <= second.due
    assert first.latest <= second.latest
    assert first.told_by <= second.told_by


@given(clocks())
def test_an_extension_never_ends_earlier(clock: tuple[date, bool, list[Pause]]) -> None:
    received, _, pauses = clock
    plain, extended = (deadline(received, extended=longer, pauses=pauses) for longer in (False, True))
    assert plain.due < extended.due
    assert plain.latest < extended.latest
    assert plain.told_by == extended.told_by == plain.latest


@given(clocks(), st.integers(0, 3), st.integers(0, 90))
def test_a_longer_pause_never_ends_earlier(
    clock: tuple[date, bool, list[Pause]], which: int, more: int
) -> None:
    received, extended, pauses = clock
    longer = [
        Pause(stop.asked_on, stop.ended_on + timedelta(days=more))
        if place == which and stop.ended_on
        else stop
        for place, stop in enumerate(pauses)
    ]
    before = reckon(clock)
    after = deadline(received, extended=extended, pauses=longer)
    assert before.due <= after.due
    assert before.latest <= after.latest
    assert before.told_by <= after.told_by


@given(clocks(), st.randoms(use_true_random=False))
def test_the_order_of_pauses_does_not_matter(clock: tuple[date, bool, list[Pause]], random: Random) -> None:
    received, extended, pauses = clock
    shuffled = list(pauses)
    random.shuffle(shuffled)
    assert deadline(received, extended=extended, pauses=shuffled) == reckon(clock)


@given(clocks())
def test_each_paused_day_is_added_once(clock: tuple[date, bool, list[Pause]]) -> None:
    _, _, pauses = clock
    paused = {
        stop.asked_on + timedelta(days=number)
        for stop in pauses
        for number in range(((stop.ended_on or stop.asked_on) - stop.asked_on).days)
    }
    assert sum(step.days or 0 for step in reckon(clock).steps) == len(paused)
