"""Working days of Finland: exact days, both lists, and every year that a date can have."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules.calendar import (
    HOLIDAYS,
    OTHER_HOLIDAY,
    _holidays,
    _reckoned,
    is_working_day,
    next_working_day,
    why_not_working,
)

NATIONAL_2026 = {
    "2026-01-01": "new_year",
    "2026-01-06": "epiphany",
    "2026-04-03": "good_friday",
    "2026-04-05": "easter_sunday",
    "2026-04-06": "easter_monday",
    "2026-05-01": "may_day",
    "2026-05-14": "ascension",
    "2026-05-24": "whit_sunday",
    "2026-06-19": "midsummer_eve",
    "2026-06-20": "midsummer_day",
    "2026-10-31": "all_saints",
    "2026-12-06": "independence_day",
    "2026-12-24": "christmas_eve",
    "2026-12-25": "christmas_day",
    "2026-12-26": "second_christmas_day",
}


def days_of(year: int) -> list[date]:
    """Return every day of a year."""
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range(366) if number < 365 or year % 4 == 0]


def test_the_days_off_of_2026_are_exactly_these() -> None:
    off = {
        day.isoformat(): why
        for day in days_of(2026)
        if (why := why_not_working(day, national=True)) not in (None, "saturday", "sunday")
    }
    assert off == NATIONAL_2026


def test_the_two_lists_differ_by_christmas_eve_alone() -> None:
    differ = [
        day
        for day in days_of(2026)
        if is_working_day(day, national=True) != is_working_day(day, national=False)
    ]
    assert differ == [date(2026, 12, 24)]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-03-07", "saturday"),
        ("2026-03-08", "sunday"),
        ("2026-12-06", "independence_day"),  # A Sunday too: the holiday says more.
        ("2008-05-01", "may_day"),  # Ascension Day too.
        ("2026-12-24", None),
        ("2022-12-24", "saturday"),
        ("2024-02-29", None),
        ("2100-12-27", None),
    ],
)
def test_why_a_day_is_off_under_the_regulation(day: str, why: str | None) -> None:
    assert why_not_working(date.fromisoformat(day), national=False) == why


@pytest.mark.parametrize(
    ("day", "due", "latest"),
    [
        ("2026-04-02", "2026-04-02", "2026-04-02"),  # Maundy Thursday is a working day.
        ("2026-04-03", "2026-04-07", "2026-04-07"),  # Easter.
        ("2027-03-26", "2027-03-30", "2027-03-30"),
        ("2026-06-19", "2026-06-22", "2026-06-22"),  # Midsummer Eve is on both lists.
        ("2025-06-20", "2025-06-23", "2025-06-23"),
        ("2026-12-24", "2026-12-24", "2026-12-28"),
        ("2018-12-22", "2018-12-24", "2018-12-27"),  # A Saturday rolls to Christmas Eve, or over it.
        ("2026-12-25", "2026-12-28", "2026-12-28"),
        ("2026-12-31", "2026-12-31", "2026-12-31"),
        ("2027-01-01", "2027-01-04", "2027-01-04"),
        ("2026-12-06", "2026-12-07", "2026-12-07"),
        ("2024-12-06", "2024-12-09", "2024-12-09"),
        ("2026-03-29", "2026-03-30", "2026-03-30"),  # Clocks go forward.
        ("2026-10-25", "2026-10-26", "2026-10-26"),  # Clocks go back.
    ],
)
def test_next_working_day(day: str, due: str, latest: str) -> None:
    start = date.fromisoformat(day)
    assert next_working_day(start, national=False).isoformat() == due
    assert next_working_day(start, national=True).isoformat() == latest


@pytest.mark.parametrize("year", [1, 4, 100, 400, 1582, 1852, 2101, 4100, 9999])
def test_years_beyond_the_library_have_all_fifteen_days(year: int) -> None:
    assert sorted(set(_holidays(year).values())) == sorted(HOLIDAYS.values())


def test_the_reckoned_days_are_the_librarys_from_1991_to_2100() -> None:
    for year in range(1991, 2101):
        assert _reckoned(year) == _holidays(year), year


@pytest.mark.parametrize(
    ("year", "easter"),
    [(1818, "03-22"), (1943, "04-25"), (2038, "04-25"), (2285, "03-22"), (4099, "04-19")],
)
def test_easter_of_far_years(year: int, easter: str) -> None:
    assert _reckoned(year)[date.fromisoformat(f"{year}-{easter}")] == "easter_sunday"


def test_a_day_off_by_a_new_name_is_a_day_off_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = holidays.country_holidays("FI", years=2031, language="fi", expand=False)
    listed[date(2031, 9, 10)] = "Uusi juhlapäivä"
    monkeypatch.setattr(holidays, "country_holidays", lambda *_args, **_options: listed)
    assert _holidays.__wrapped__(2031)[date(2031, 9, 10)] == OTHER_HOLIDAY


def test_the_last_day_that_a_date_can_hold_is_a_working_day() -> None:
    assert next_working_day(date(9999, 12, 25), national=True) == date(9999, 12, 27)
    assert next_working_day(date.max, national=True) == date.max


@given(st.dates(), st.booleans())
def test_next_working_day_is_the_first_one(day: date, national: bool) -> None:
    found = next_working_day(day, national=national)
    assert is_working_day(found, national=national)
    between = [day + timedelta(days=number) for number in range((found - day).days)]
    assert not any(is_working_day(passed, national=national) for passed in between)
