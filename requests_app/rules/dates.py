"""Days and years as people type them, and the day it is in Finland.

Input accepts Western, Arabic-Indic, Persian and full-width digits; phones and pasted text bring marks that
can't be seen (Unicode Bidirectional Algorithm, UAX #9), which say nothing about the day.  The calendar is the
Gregorian one.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

MAX_TYPED: Final = 64
"""The most characters that are looked at; a longer text is refused unread."""

_FINLAND: Final = ZoneInfo("Europe/Helsinki")
_ISO: Final = re.compile(r"(?P<year>[0-9]{4}) ?- ?(?P<month>[0-9]{1,2}) ?- ?(?P<day>[0-9]{1,2})")
_FINNISH: Final = re.compile(r"(?P<day>[0-9]{1,2}) ?\. ?(?P<month>[0-9]{1,2}) ?\. ?(?P<year>[0-9]{4})")
_YEAR: Final = re.compile(r"[0-9]{4}")
_DOTS: Final = str.maketrans("٫۔。", "...")
"""What stands on the key of the full stop in Arabic, Urdu or Kurdish, and Chinese keyboards."""

_DASHES: Final = frozenset("\N{MINUS SIGN}\N{ARABIC TATWEEL}")
"""Drawn like a dash and typed for one, but of another Unicode category."""

_PROBLEMS: Final = {
    "empty": "There is no date or year here.",
    "malformed": "A date is written as 2026-03-05 or 5.3.2026, a year as 2026.",
    "impossible": "There is no such day in the calendar.",
    "too_old": "That is too long ago.",
    "in_future": "That is still to come.",
}


class BadDate(ValueError):
    """A text that is no day or year; the message never repeats what was typed."""

    def __init__(self, code: str) -> None:
        """Take one of the codes `empty malformed impossible too_old in_future`."""
        super().__init__(_PROBLEMS[code])
        self.code = code


def western_digits(text: str) -> str:
    """Return `text` with each decimal digit of any script (Unicode category Nd) as 0–9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def plain(text: str) -> str:
    """Return what was meant by a short typed text: ordinary letters (NFKC), Western digits, no hidden marks.

    Every kind of dash becomes `-`, every run of white space one space; none is left at the ends.  The caller
    caps the length first.
    """
    kept: list[str] = []
    for sign in western_digits(unicodedata.normalize("NFKC", text)):
        category = unicodedata.category(sign)
        if category == "Pd" or sign in _DASHES:
            kept.append("-")
        elif category != "Cf":
            kept.append(sign)
    return " ".join("".join(kept).split())


def parse_date(text: str, *, earliest: date | None = None, latest: date | None = None) -> date:
    """Return the day that `text` (`YYYY-MM-DD` or `D.M.YYYY`) names, within bounds if any (both included).

    Raises `BadDate` (a ValueError).
    """
    typed = _typed(text).translate(_DOTS)
    match = _ISO.fullmatch(typed) or _FINNISH.fullmatch(typed)
    if match is None:
        raise BadDate("malformed")
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise BadDate("impossible") from None
    if earliest is not None and day < earliest:
        raise BadDate("too_old")
    if latest is not None and day > latest:
        raise BadDate("in_future")
    return day


def parse_year(text: str, *, earliest: int | None = None, latest: int | None = None) -> int:
    """Return the calendar year that `text` (four digits) names, within the bounds if any (both included).

    Raises `BadDate` (a ValueError).
    """
    typed = _typed(text)
    if _YEAR.fullmatch(typed) is None:
        raise BadDate("malformed")
    year = int(typed)
    if year < date.min.year:
        raise BadDate("impossible")
    if earliest is not None and year < earliest:
        raise BadDate("too_old")
    if latest is not None and year > latest:
        raise BadDate("in_future")
    return year


def today_in_finland(now: datetime) -> date:
    """Return the calendar day in Finland at the moment `now`, which must know its zone (else ValueError)."""
    if now.tzinfo is None:
        raise ValueError("A moment without a time zone falls on no certain day.")
    return now.astimezone(_FINLAND).date()


def _typed(text: str) -> str:
    """Return the plain form of a short text; raise `BadDate` for one that is too long or says nothing."""
    if len(text) > MAX_TYPED:
        raise BadDate("malformed")
    typed = plain(text)
    if not typed:
        raise BadDate("empty")
    return typed
