"""The clock of a case: from the day of receipt, the pauses and the extension to the days on which it ends.

Sources: GDPR art. 12(3) (one month, or three when extended, each from receipt); Regulation (EEC, Euratom) No
1182/71, art. 3 (the day of receipt is not counted; the same number, or the last day of the month; rolled over
days off); Act 150/1930, s. 5 (Christmas Eve); EDPB Guidelines 01/2022 (a doubt about identity may suspend the
time).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from requests_app.rules.calendar import next_working_day, why_not_working

MONTHS: Final = 1
MONTHS_EXTENDED: Final = 3
"""Two further months, counted once from receipt: never one month, rolled, and then two."""

StepCode = Literal[
    "received",
    "month_added",
    "months_added_extended",
    "last_day_of_month",
    "pause_added",
    "pause_running",
    "rolled_over",
    "latest_rolled",
]

_PROBLEMS: Final = {
    "pause_before_receipt": "A pause can't begin before the day of receipt.",
    "pause_ends_before_start": "A pause can't end before it begins.",
    "pause_needs_today": "A pause that is still open needs to know which day is today.",
    "after_last_day": "The period ends after 31 December 9999, the last day that can be reckoned.",
}


class BadPeriod(ValueError):
    """A clock that can't be reckoned: `code` says why in one word, the text in a sentence."""

    def __init__(self, code: str) -> None:
        """Take `pause_before_receipt`, `pause_ends_before_start`, `pause_needs_today` or `after_last_day`."""
        super().__init__(_PROBLEMS[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class Pause:
    """The time from asking who the person is until the answer came; `ended_on` is None until then."""

    asked_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reckoning, as facts: words are chosen where it is shown (`requests_app.wording.clock`).

    `day` is where the period ends after this step; `days` how many calendar days a pause added; `since` and
    `until` the pause's own days (`until` is None while it runs), or in `since` the first day off that was
    left behind; `reasons` the key of each day off from `since` to before `day`, in order (`rules.calendar`).
    """

    code: StepCode
    day: date
    days: int | None = None
    since: date | None = None
    until: date | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """What became of the clock.

    `due` is the expected last day (Regulation 1182/71); `latest` the day after which alone anything is
    overdue (Act 150/1930 too); `told_by` the last day for telling of an extension (GDPR art. 12(3)).
    """

    received: date
    due: date
    latest: date
    told_by: date
    steps: tuple[Step, ...]

    @property
    def is_paused(self) -> bool:
        """Say whether a pause still runs, so that `due`, `latest` and `told_by` move on with every day."""
        return any(step.code == "pause_running" for step in self.steps)


def deadline(
    received: date, *, extended: bool = False, pauses: Sequence[Pause] = (), today: date | None = None
) -> Deadline:
    """Reckon the clock of a case received on `received`, with the steps that led there.

    `today` (in Finland) is needed when a pause is open: it counts until then.  Raises `BadPeriod` (a
    ValueError) for a pause before receipt, one that ends before it begins (or begins after `today` and is
    open), an open one without `today`, and an end after the year 9999.
    """
    stops = _merged(pauses, received=received, today=today)
    end = _add_months(received, count=MONTHS_EXTENDED if extended else MONTHS)
    steps = [Step("received", received), Step("months_added_extended" if extended else "month_added", end)]
    if end.day != received.day:
        steps.append(Step("last_day_of_month", end))
    told_end = _add_months(received, count=MONTHS)
    for stop in stops:
        end = _add_days(end, count=stop.days)
        told_end = _add_days(told_end, count=stop.days)
        code: StepCode = "pause_running" if stop.runs else "pause_added"
        until = None if stop.runs else stop.until
        steps.append(Step(code, end, days=stop.days, since=stop.since, until=until))
    due = next_working_day(end, national=False)
    latest = next_working_day(due, national=True)
    if due != end:
        steps.append(Step("rolled_over", due, since=end, reasons=_reasons(end, national=False)))
    if latest != due:
        steps.append(Step("latest_rolled", latest, since=due, reasons=_reasons(due, national=True)))
    told_by = next_working_day(told_end, national=True)
    return Deadline(received=received, due=due, latest=latest, told_by=told_by, steps=tuple(steps))


@dataclass(frozen=True, slots=True)
class _Stop:
    """One stretch in which the clock stood still; pauses that overlap are one, so no day is added twice."""

    since: date
    until: date
    runs: bool

    @property
    def days(self) -> int:
        return (self.until - self.since).days


def _merged(pauses: Iterable[Pause], *, received: date, today: date | None) -> list[_Stop]:
    """Return the pauses in order of time, those that overlap or touch made one."""
    stops: list[_Stop] = []
    for stop in sorted((_stop(pause, received, today) for pause in pauses), key=lambda stop: stop.since):
        if stops and stop.since <= stops[-1].until:
            last = stops.pop()
            stop = _Stop(last.since, max(last.until, stop.until), last.runs or stop.runs)  # noqa: PLW2901
        stops.append(stop)
    return stops


def _stop(pause: Pause, received: date, today: date | None) -> _Stop:
    """Return one pause as a stretch of days, or refuse it."""
    until = pause.ended_on or today
    if until is None:
        raise BadPeriod("pause_needs_today")
    if pause.asked_on < received:
        raise BadPeriod("pause_before_receipt")
    if until < pause.asked_on:
        raise BadPeriod("pause_ends_before_start")
    return _Stop(pause.asked_on, until, runs=pause.ended_on is None)


def _add_months(day: date, *, count: int) -> date:
    """Return the day with the same number `count` months later, or the last one that this month has."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    if year > date.max.year:
        raise BadPeriod("after_last_day")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _add_days(day: date, *, count: int) -> date:
    """Return the day `count` calendar days later."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise BadPeriod("after_last_day") from None


def _reasons(day: date, *, national: bool) -> tuple[str, ...]:
    """Return why `day` and each day after it is off, up to the next working day."""
    reasons: list[str] = []
    while (reason := why_not_working(day, national=national)) is not None:
        reasons.append(reason)
        day += timedelta(days=1)
    return tuple(reasons)
