"""Finland's working days: what the end of a period is rolled over.

Two lists of days off, which differ by one day.  Regulation (EEC, Euratom) No 1182/71, art. 2 and 3(4), rolls
a period that would end on a Saturday, a Sunday or a public holiday; Finland's public holidays are those that
it has named to the Commission.  The national Act 150/1930, s. 5, rolls Christmas Eve as well.  The `holidays`
library knows Finland's days and their history, but counts Christmas Eve with the public holidays, so it is
told apart here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import holidays

CHRISTMAS_EVE: Final = "christmas_eve"
SATURDAY: Final = "saturday"
SUNDAY: Final = "sunday"
OTHER_HOLIDAY: Final = "public_holiday"
"""A day off that a later edition of the library knows by a name which this module does not."""

HOLIDAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Uudenvuodenpäivä": "new_year",
        "Loppiainen": "epiphany",
        "Pitkäperjantai": "good_friday",
        "Pääsiäispäivä": "easter_sunday",
        "Toinen pääsiäispäivä": "easter_monday",
        "Vappu": "may_day",
        "Helatorstai": "ascension",
        "Helluntaipäivä": "whit_sunday",
        "Juhannusaatto": "midsummer_eve",
        "Juhannuspäivä": "midsummer_day",
        "Pyhäinpäivä": "all_saints",
        "Itsenäisyyspäivä": "independence_day",
        "Jouluaatto": CHRISTMAS_EVE,
        "Joulupäivä": "christmas_day",
        "Tapaninpäivä": "second_christmas_day",
    }
)
"""The library's Finnish name of a day off → its key here; where two share a day, the later one is shown."""

_FIRST_YEAR, _LAST_YEAR = 1853, 2100
"""The years for which the library has Finland's days; outside them today's rules are reckoned."""


def why_not_working(day: date, *, national: bool) -> str | None:
    """Return the key of what makes `day` a day off (its holiday if it has one), or None on a working day.

    `national` says whether Christmas Eve counts (Act 150/1930, s. 5) or not (Regulation 1182/71).
    """
    holiday = _holidays(day.year).get(day)
    if holiday is not None and (national or holiday != CHRISTMAS_EVE):
        return holiday
    return {5: SATURDAY, 6: SUNDAY}.get(day.weekday())


def is_working_day(day: date, *, national: bool) -> bool:
    """Say whether a period may end on `day`; `national` as for `why_not_working`."""
    return why_not_working(day, national=national) is None


def next_working_day(day: date, *, national: bool) -> date:
    """Return `day` itself if it is a working day, else the first one after it.

    It never runs past `date.max`: 31 December 9999 is a Friday and no holiday.
    """
    while not is_working_day(day, national=national):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=256)
def _holidays(year: int) -> Mapping[date, str]:
    """Return the days off of a year, Christmas Eve among them, each with its key."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return _reckoned(year)
    listed = holidays.country_holidays("FI", years=year, language="fi", expand=False)
    return {day: HOLIDAYS.get(listed.get_list(day)[-1], OTHER_HOLIDAY) for day in listed}


def _reckoned(year: int) -> dict[date, str]:
    """Return the days off of any year by the rules in force since 1991."""
    easter = _easter(year)
    midsummer = _first_weekday(date(year, 6, 19), weekday=4)
    return {
        date(year, 1, 1): "new_year",
        date(year, 1, 6): "epiphany",
        easter - timedelta(days=2): "good_friday",
        easter: "easter_sunday",
        easter + timedelta(days=1): "easter_monday",
        easter + timedelta(days=39): "ascension",
        date(year, 5, 1): "may_day",
        easter + timedelta(days=49): "whit_sunday",
        midsummer: "midsummer_eve",
        midsummer + timedelta(days=1): "midsummer_day",
        _first_weekday(date(year, 10, 31), weekday=5): "all_saints",
        date(year, 12, 6): "independence_day",
        date(year, 12, 24): CHRISTMAS_EVE,
        date(year, 12, 25): "christmas_day",
        date(year, 12, 26): "second_christmas_day",
    }


def _first_weekday(day: date, *, weekday: int) -> date:
    """Return the first such weekday (Monday is 0) on or after `day`."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's rule)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
