"""Words for the clock of a case: each step of the reckoning, and the whole of it in one line.

Takes what `rules.deadlines` returns; every text is in the language that is active at the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from requests_app.rules.deadlines import Deadline, Step

DAYS_OFF: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "saturday": gettext_lazy("Saturday"),
        "sunday": gettext_lazy("Sunday"),
        "new_year": gettext_lazy("New Year’s Day"),
        "epiphany": gettext_lazy("Epiphany"),
        "good_friday": gettext_lazy("Good Friday"),
        "easter_sunday": gettext_lazy("Easter Sunday"),
        "easter_monday": gettext_lazy("Easter Monday"),
        "may_day": gettext_lazy("May Day"),
        "ascension": gettext_lazy("Ascension Day"),
        "whit_sunday": gettext_lazy("Whit Sunday"),
        "midsummer_eve": gettext_lazy("Midsummer Eve"),
        "midsummer_day": gettext_lazy("Midsummer Day"),
        "all_saints": gettext_lazy("All Saints’ Day"),
        "independence_day": gettext_lazy("Independence Day of Finland"),
        "christmas_eve": gettext_lazy("Christmas Eve"),
        "christmas_day": gettext_lazy("Christmas Day"),
        "second_christmas_day": gettext_lazy("Second Day of Christmas"),
        "public_holiday": gettext_lazy("public holiday"),
    }
)
"""The name of each day off that `rules.calendar` has a key for."""


def clock_text(step: Step) -> str:
    """Return one sentence or two on a step of the reckoning."""
    return _sentence(step) % _facts(step)


def reckoning(deadline: Deadline) -> str:
    """Return the arithmetic behind a deadline in one line, from the day of receipt to the last day."""
    line = ""
    for step in deadline.steps:
        line = _piece(step) % {"before": line, **_facts(step)}
    return line


def _sentence(step: Step) -> str:
    """Return the sentence for a step, its facts still to be filled in."""
    match step.code:
        case "received":
            return gettext("Received on %(day)s. The time starts on the day after.")
        case "month_added":
            return gettext("An answer must come within one month: by %(day)s.")
        case "months_added_extended":
            return gettext("The time was extended to three months from the day of receipt: until %(day)s.")
        case "last_day_of_month":
            return gettext("That month is shorter, so the time ends on its last day, %(day)s.")
        case "pause_added":
            return ngettext(
                "The time stood still for %(days)s day, from %(since)s to %(until)s. So it ends on %(day)s.",
                "The time stood still for %(days)s days, from %(since)s to %(until)s. So it ends on %(day)s.",
                step.days or 0,
            )
        case "pause_running":
            return ngettext(
                "The time has stood still since %(since)s: %(days)s day until today. "
                "Today this gives %(day)s; each further day adds one.",
                "The time has stood still since %(since)s: %(days)s days until today. "
                "Today this gives %(day)s; each further day adds one.",
                step.days or 0,
            )
        case "rolled_over":
            return gettext(
                "%(since)s is not a working day in Finland (%(reasons)s). "
                "So the time ends on the next working day, %(day)s."
            )
        case "latest_rolled":
            return gettext(
                "Finnish law also skips %(since)s (%(reasons)s). So the answer is late only after %(day)s."
            )


def _piece(step: Step) -> str:
    """Return the pattern that puts a step behind the line so far, `before`."""
    match step.code:
        case "received":
            return "%(day)s"
        case "month_added":
            return gettext("%(before)s + 1 month = %(day)s")
        case "months_added_extended":
            return gettext("%(before)s + 3 months = %(day)s")
        case "last_day_of_month":
            return gettext("%(before)s (last day of the month)")
        case "pause_added":
            return ngettext(
                "%(before)s + %(days)s day of pause = %(day)s",
                "%(before)s + %(days)s days of pause = %(day)s",
                step.days or 0,
            )
        case "pause_running":
            return ngettext(
                "%(before)s + %(days)s day of pause until today = %(day)s",
                "%(before)s + %(days)s days of pause until today = %(day)s",
                step.days or 0,
            )
        case "rolled_over":
            return gettext("%(before)s (%(reasons)s), so %(day)s")
        case "latest_rolled":
            return gettext("%(before)s (%(reasons)s), late only after %(day)s")


def _facts(step: Step) -> dict[str, object]:
    """Return the facts of a step as words: days long with the month in words, days off by name."""
    separator = pgettext("between the items of a list", ", ")
    return {
        "day": _long(step.day),
        "days": step.days,
        "since": _long(step.since),
        "until": _long(step.until),
        "reasons": separator.join(str(DAYS_OFF[reason]) for reason in step.reasons),
    }


def _long(day: date | None) -> str:
    return "" if day is None else date_format(day, "DATE_FORMAT")
