"""The words of the clock: every code has a sentence and a piece of the line, and each fact is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import get_args

import pytest
from django.utils import translation
from django.utils.formats import date_format

from requests_app.rules.calendar import HOLIDAYS, OTHER_HOLIDAY, SATURDAY, SUNDAY
from requests_app.rules.deadlines import Pause, Step, StepCode, deadline
from requests_app.wording.clock import DAYS_OFF, clock_text, reckoning

D = date.fromisoformat


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    """Read the source texts: no language is active, so that no translation is in the way."""
    with translation.override("en"):
        yield


def long(day: str) -> str:
    """Return a day as English pages write it."""
    return date_format(D(day), "DATE_FORMAT")


@pytest.mark.parametrize("code", get_args(StepCode))
def test_every_code_has_a_sentence_with_its_day(code: StepCode) -> None:
    step = Step(
        code,
        D("2026-04-15"),
        days=10,
        since=D("2026-03-10"),
        until=D("2026-03-20"),
        reasons=("easter_sunday", "easter_monday"),
    )
    text = clock_text(step)
    assert long("2026-04-15") in text
    assert text.endswith(".")
    assert "%(" not in text
    if code in ("pause_added", "pause_running"):
        assert "10 days" in text
        assert long("2026-03-10") in text
    if code in ("rolled_over", "latest_rolled"):
        assert "(Easter Sunday, Easter Monday)" in text
        assert long("2026-03-10") in text


def test_one_day_is_no_days() -> None:
    step = Step("pause_added", D("2026-04-06"), days=1, since=D("2026-03-10"), until=D("2026-03-11"))
    assert "1 day," in clock_text(step)


def test_every_day_off_has_a_name() -> None:
    assert set(DAYS_OFF) == {*HOLIDAYS.values(), SATURDAY, SUNDAY, OTHER_HOLIDAY}
    assert len({str(name) for name in DAYS_OFF.values()}) == len(DAYS_OFF)


def test_the_line_of_easter() -> None:
    assert reckoning(deadline(D("2026-03-05"))) == (
        f"{long('2026-03-05')} + 1 month = {long('2026-04-05')} (Easter Sunday, Easter Monday), "
        f"so {long('2026-04-07')}"
    )


def test_the_line_of_an_extension_at_the_end_of_a_month() -> None:
    assert reckoning(deadline(D("2025-08-31"), extended=True)) == (
        f"{long('2025-08-31')} + 3 months = {long('2025-11-30')} (last day of the month) (Sunday), "
        f"so {long('2025-12-01')}"
    )


def test_the_line_of_a_pause() -> None:
    clock = deadline(D("2026-03-05"), pauses=[Pause(D("2026-03-10"), D("2026-03-20"))])
    assert reckoning(clock) == (
        f"{long('2026-03-05')} + 1 month = {long('2026-04-05')} + 10 days of pause = {long('2026-04-15')}"
    )
    running = deadline(D("2026-03-05"), pauses=[Pause(D("2026-03-10"), None)], today=D("2026-03-20"))
    assert reckoning(running).endswith(f"+ 10 days of pause until today = {long('2026-04-15')}")


def test_the_line_of_christmas_eve() -> None:
    assert reckoning(deadline(D("2026-11-24"))) == (
        f"{long('2026-11-24')} + 1 month = {long('2026-12-24')} "
        f"(Christmas Eve, Christmas Day, Second Day of Christmas, Sunday), "
        f"late only after {long('2026-12-28')}"
    )


def test_days_are_written_in_the_active_language() -> None:
    with translation.override("fi"):
        assert "5. maaliskuuta 2026" in reckoning(deadline(D("2026-03-05")))
    with translation.override("ar"):
        line = reckoning(deadline(D("2026-03-05")))
    assert "2026" in line
    assert "مارس" in line
