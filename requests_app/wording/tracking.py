"""Words for a case as the person who filed it sees it: its state, its steps, and when an answer can be expected.

Takes plain facts; every text is in the language that is active at the call.  Pure: it reads no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from requests_app.rules.deadlines import Deadline
from requests_app.rules.estimates import Estimate
from requests_app.wording.cases import BASIS_NAMES
from requests_app.wording.clock import reckoning

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

PERSON_STATE_NAMES: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "preparing": gettext_lazy("Letter is being prepared"),
        "ready": gettext_lazy("Yours to send"),
        "posted": gettext_lazy("Posted by you"),
        "received": gettext_lazy("Being answered"),
        "waiting_identity": gettext_lazy("Waiting for information from you"),
        "answered": pgettext_lazy("state of a case", "Answered"),
        "refused": pgettext_lazy("state of a case", "Refused"),
        "transferred": pgettext_lazy("state of a case", "Passed on"),
        "withdrawn": pgettext_lazy("state of a case", "Withdrawn"),
    }
)
"""The state of a case in the person's words."""

PERSON_STATE_TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ready": "warning",
        "posted": "info",
        "received": "info",
        "waiting_identity": "warning",
        "answered": "success",
    }
)
"""The look of a state's tag where it is not neutral; the words say the same."""

StepState = Literal["done", "now", "next"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tracker (templates/includes/tracker.html): where it stands, its name, and what is known."""

    state: StepState
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """What the tracker of one case needs; a day is None and a name "" where it is not known.

    `ended_on` is the day of the answer, the refusal, the passing on or the withdrawal; `passed_from` and
    `passed_to` are names of holders; `lapsed` tells that the portal closed it, because nobody received it.
    """

    state: str
    prepared_on: date | None = None
    posted_on: date | None = None
    received_on: date | None = None
    basis: str = ""
    due_on: date | None = None
    estimate: Estimate | None = None
    ended_on: date | None = None
    passed_from: str = ""
    passed_to: str = ""
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class ClockWords:
    """When an answer is due: the day in words, how far away it is, the arithmetic in one line, and the look."""

    due: str
    left: str
    arithmetic: str
    look: str
    late: bool


_REACHED: Final[Mapping[str, int]] = MappingProxyType(
    {"preparing": 0, "ready": 1, "posted": 2, "received": 3, "waiting_identity": 3}
)
"""Which step an open case is at."""


def long_day(day: date | None) -> str:
    """Return a day with its month in words, "" for none."""
    return "" if day is None else date_format(day, "DATE_FORMAT")


def steps(way: Way) -> tuple[Step, ...]:
    """Return the steps of a case: prepared, sent, received, being answered, answer; or how it ended otherwise."""
    if way.state in _REACHED:
        return _open_steps(way)
    known = [_done(index, way) for index in range(_known(way))]
    return (*known, Step("done", _end_label(way), long_day(way.ended_on)))


def _open_steps(way: Way) -> tuple[Step, ...]:
    reached = _REACHED[way.state]
    shown: list[Step] = []
    for index, label in enumerate(_labels()):
        if index < reached:
            shown.append(_done(index, way))
        elif index == reached:
            shown.append(Step("now", label, _now(way)))
        else:
            shown.append(Step("next", label))
    return tuple(shown)


def _labels() -> tuple[str, ...]:
    return (
        pgettext("step of a request", "Letter prepared"),
        pgettext("step of a request", "Sent"),
        pgettext("step of a request", "Received"),
        pgettext("step of a request", "Being answered"),
        pgettext("step of a request", "Answer"),
    )


def _known(way: Way) -> int:
    """Return how many of the steps a closed case has behind it, as far as anybody told the portal."""
    if way.state in ("answered", "refused"):
        return 4
    if way.received_on:
        return 3
    if way.posted_on:
        return 2
    return 1 if way.prepared_on else 0


def _done(index: int, way: Way) -> Step:
    details = (_prepared, _sent, _received)
    return Step("done", _labels()[index], details[index](way) if index < len(details) else "")


def _prepared(way: Way) -> str:
    return long_day(way.prepared_on)


def _sent(way: Way) -> str:
    if way.passed_from:
        return _("Passed on by %(holder)s.") % {"holder": way.passed_from}
    if way.basis == "portal":
        return _("In Tietoni: you had nothing to post.")
    if way.posted_on:
        return _("You posted it on %(day)s.") % {"day": long_day(way.posted_on)}
    return ""


def _received(way: Way) -> str:
    if way.received_on is None:
        return _("Nobody told us the day.") if way.state in ("answered", "refused") else ""
    how = str(BASIS_NAMES.get(way.basis, ""))
    day = long_day(way.received_on)
    return pgettext("received: day, how", "%(day)s, %(how)s") % {"day": day, "how": how} if how else day


def _now(way: Way) -> str:
    """Return what is said beside the step at which an open case is."""
    if way.state == "preparing":
        return _("This takes a moment.")
    if way.state == "ready":
        return _("This is your turn.")
    if way.state == "posted" and way.estimate:
        return _("About %(day)s. This is only a guess: the post takes about three working days.") % {
            "day": long_day(way.estimate.arrives)
        }
    if way.state == "waiting_identity":
        return _("The time stands still.")
    return _("By %(day)s.") % {"day": long_day(way.due_on)} if way.due_on else ""


def _end_label(way: Way) -> str:
    if way.state == "answered":
        return pgettext("step of a request", "Answered")
    if way.state == "refused":
        return pgettext("step of a request", "Refused")
    if way.state == "transferred":
        return pgettext("step of a request", "Passed on to %(holder)s") % {"holder": way.passed_to}
    if way.lapsed:
        return pgettext("step of a request", "Closed: nobody received it")
    return pgettext("step of a request", "Withdrawn by you")


def clock_words(clock: Deadline, *, today: date) -> ClockWords:
    """Return when an answer is due; it is late only after `latest` (design.md, two dates)."""
    due, late = long_day(clock.due), today > clock.latest
    line = reckoning(clock)
    if clock.is_paused:
        text = _("The time stands still. If it went on today, an answer would be due by %(day)s.")
        return ClockWords(text % {"day": due}, "", line, "", late=False)
    if late:
        days = (today - clock.latest).days
        left = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
        text = _("The time for an answer ended on %(day)s.")
        return ClockWords(text % {"day": long_day(clock.latest)}, left, line, "late", late=True)
    text = _("An answer is due by %(day)s.") % {"day": due}
    if today > clock.due:
        left = _("It is late only after %(day)s.") % {"day": long_day(clock.latest)}
        return ClockWords(text, left, line, "soon", late=False)
    days = (clock.due - today).days
    if days == 0:
        return ClockWords(text, _("That is today."), line, "soon", late=False)
    left = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return ClockWords(text, left, line, "", late=False)


def calendar_words(holder: str, *, is_guess: bool) -> tuple[str, str]:
    """Return the title of the day in the person's calendar, and what to do when it has come."""
    title = (
        _("By about this day an answer may come (a guess): %(holder)s")
        if is_guess
        else _("Last day for the answer: %(holder)s")
    )
    text = _(
        "If no answer has come, open your request in Tietoni with its reference and secret. It says what you can do."
    )
    return title % {"holder": holder}, text


def estimate_text(guess: Estimate) -> str:
    """Return when an answer to a posted letter may come, said as the guess that it is."""
    return _(
        "Perhaps the letter arrives about %(arrives)s. Then an answer would come by about %(answer_by)s. This is a "
        "guess and not a date of the law: the time is counted from the day when the authority receives the letter."
    ) % {"arrives": long_day(guess.arrives), "answer_by": long_day(guess.answer_by)}
