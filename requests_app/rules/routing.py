"""Who is to be asked: from a question, the rules and a day to letters with their reasons, or to "undecided".

One pure function over dated rows (`rules.register.Rule`).  It is bitemporal: a row speaks of data of some years, for
who asks on some days, because registers move with the task.  Words are chosen elsewhere (`requests_app.wording`):
a decision holds codes and facts only.

Sources: the reviewed rows themselves, each with its own; Administrative Procedure Act 434/2003 s. 21 (an authority
passes on what is not its own: the fallback).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Final, TypeVar

from requests_app.rules.register import NO_SERVICE, HolderFacts, Rule
from requests_app.rules.vocabulary import CATEGORIES, FIRST_YEAR, LIVED_IN_ESPOO, SERVICES

YEARS: Final = (1, 99999)
"""First and last year that may be asked for."""

ASK_WHERE_YOU_LIVED: Final = "ask_where_you_lived"
OTHER_PLACE: Final = "other_place"
NO_RULE: Final = "no_rule"
RULES_CONTRADICT: Final = "rules_contradict"
NO_HOLDER: Final = "no_holder"
CODES: Final = (ASK_WHERE_YOU_LIVED, OTHER_PLACE, NO_RULE, RULES_CONTRADICT, NO_HOLDER)
"""The codes that routing itself gives; all others are the reasons of the rules' rows."""

Span = tuple[int, int]
"""Calendar years from the first to the last, both inclusive."""

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks for on the day `on`; years are inclusive, None means open, and no years mean all.

    Raises ValueError for years outside YEARS or in the wrong order, and for an unknown `lived_in_espoo`.
    """

    categories: tuple[str, ...]
    from_year: int | None = None
    to_year: int | None = None
    services: tuple[str, ...] = ()
    lived_in_espoo: str = "yes"
    on: date

    def __post_init__(self) -> None:
        """Refuse what can't be a question."""
        for year in (self.from_year, self.to_year):
            if year is not None and not YEARS[0] <= year <= YEARS[1]:
                raise ValueError(f"A year must be from {YEARS[0]} to {YEARS[1]}.")
        if self.from_year is not None and self.to_year is not None and self.from_year > self.to_year:
            raise ValueError(f"The first year ({self.from_year}) is later than the last ({self.to_year}).")
        if self.lived_in_espoo not in LIVED_IN_ESPOO:
            raise ValueError(f"Whether you lived in Espoo must be one of: {', '.join(LIVED_IN_ESPOO)}.")

    @property
    def period(self) -> Span:
        """Return the years asked for; an open end is 2009 or the year of asking, or the given end if that is beyond."""
        first = self.from_year
        if first is None:
            first = FIRST_YEAR if self.to_year is None else min(FIRST_YEAR, self.to_year)
        return first, max(first, self.on.year) if self.to_year is None else self.to_year


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a holder is asked for a category, and for which of the years asked; None where the person left it open."""

    category: str
    code: str
    years_from: int | None
    years_to: int | None
    source: str


@dataclass(frozen=True, slots=True)
class LetterTo:
    """The one letter to a holder; `fallback` is the holder to whom it must be passed on if the data are not there."""

    holder: str
    categories: tuple[str, ...]
    reasons: tuple[Reason, ...]
    fallback: str | None


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where else data of a category may be: a holder's key or one of `register.PLACES`; no letter goes there."""

    to: str
    category: str
    code: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A category, or a part of one, for which nobody is asked, and why."""

    category: str
    code: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Years of a category for which the rules give nothing, or contradict each other: a person will look."""

    category: str
    code: str
    years_from: int
    years_to: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a question; letters in the holders' order, the rest in the categories' order."""

    letters: tuple[LetterTo, ...]
    pointers: tuple[Pointer, ...]
    explained: tuple[Explained, ...]
    undecided: tuple[Undecided, ...]


def route(question: Question, *, rules: Sequence[Rule], holders: Mapping[str, HolderFacts]) -> Decision:
    """Decide whom to ask: one letter a holder, pointers, explanations, and what stays undecided.

    Every year of every category is decided by the one `rule` whose letters or explanations cover it on the day of
    asking.  Where none does, more than one does, or a letter would go to a holder not in `holders` or to the desk,
    that stretch is undecided.  The order of `rules`, and of the question's categories and services, plays no part.
    """
    draft = _Draft()
    for category in set(question.categories):
        rows = [rule for rule in rules if rule.category == category]
        for service in _services_asked(question, rows):
            valid = [row for row in rows if row.service in ("", service) and row.is_valid_on(question.on)]
            for years in _stretches(valid, period=question.period):
                _decide(draft, category, [row for row in valid if row.covers(years[0])], years, holders)
    letters = _keep_joining(draft.letters)
    if question.lived_in_espoo != "yes":
        letters = _elsewhere(draft, letters, question, holders)
    return _decision(draft, letters, question, holders)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One row's letter for a stretch of years, before letters to the same holder are made one."""

    row: Rule
    years: Span
    fallbacks: frozenset[str]


@dataclass(slots=True)
class _Draft:
    """What the stretches gave, in no order and perhaps more than once."""

    letters: list[_Letter] = field(default_factory=list)
    pointers: set[Pointer] = field(default_factory=set)
    joint: set[Pointer] = field(default_factory=set)
    explained: set[Explained] = field(default_factory=set)
    undecided: defaultdict[tuple[str, str], list[Span]] = field(default_factory=lambda: defaultdict(list))


def _services_asked(question: Question, rows: Iterable[Rule]) -> Iterable[str]:
    """Return the services for which a category is to be decided: the ticked ones, where its rows tell them apart."""
    if not any(row.service for row in rows):
        return ("",)
    return set(question.services) - {NO_SERVICE} or (NO_SERVICE,)


def _stretches(rows: Iterable[Rule], *, period: Span) -> Iterator[Span]:
    """Yield the parts of `period` within which the same rows apply; their number hangs on the rows, not the years."""
    first, last = period
    starts = {first}
    for row in rows:
        starts.update(
            start
            for start in (row.data_from, None if row.data_to is None else row.data_to + 1)
            if start is not None and first < start <= last
        )
    return pairwise_spans(sorted(starts), last)


def _decide(
    draft: _Draft, category: str, rows: Sequence[Rule], years: Span, holders: Mapping[str, HolderFacts]
) -> None:
    """Add to `draft` what the rows that cover `years` give for them."""
    draft.pointers.update(_pointer(row) for row in rows if row.role == "pointer")
    deciding = {row.rule for row in rows if row.role in ("letter", "explain") and not row.also_with}
    if len(deciding) != 1:
        draft.undecided[category, RULES_CONTRADICT if deciding else NO_RULE].append(years)
        return
    rows = [row for row in rows if row.rule in deciding]
    letters = [row for row in rows if row.role == "letter"]
    if any(not _can_be_asked(row.holder, holders) for row in letters):
        draft.undecided[category, NO_HOLDER].append(years)
        return
    fallbacks = frozenset(
        row.holder for row in rows if row.role == "fallback" and _can_be_asked(row.holder, holders)
    )
    draft.letters += [_Letter(row, years, fallbacks) for row in letters]
    draft.joint.update(_pointer(row) for row in rows if row.role == "joint")
    draft.explained.update(Explained(category, row.reason) for row in rows if row.role == "explain")
