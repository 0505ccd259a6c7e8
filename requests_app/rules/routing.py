"""Who is to be asked: from a question, the rules and a day to letters with their reasons, or to "undecided".

One pure function over dated rows (`rules.register.Rule`).  It is bitemporal: a row speaks of data of some
years, for who asks on some days, because registers move with the task.  Words are chosen elsewhere
(`requests_app.wording`): a decision holds codes and facts only.

Sources: the reviewed rows, each with its own; Administrative Procedure Act 434/2003 s. 21 (an authority
passes on what is not its own: the fallback).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Final

from requests_app.rules.register import NO_SERVICE, HolderFacts, Rule
from requests_app.rules.vocabulary import CATEGORIES, FIRST_YEAR, LIVED_IN_ESPOO

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
        """Return the years asked for; an open end is 2009 or the year of asking, if the other permits."""
        first = self.from_year
        if first is None:
            first = FIRST_YEAR if self.to_year is None else min(FIRST_YEAR, self.to_year)
        return first, max(first, self.on.year) if self.to_year is None else self.to_year


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a holder is asked for a category, and for which years; None where the person left them open."""

    category: str
    code: str
    years_from: int | None
    years_to: int | None
    source: str


@dataclass(frozen=True, slots=True)
class LetterTo:
    """The one letter to a holder; it must be passed on to `fallback` where the data are not there."""

    holder: str
    categories: tuple[str, ...]
    reasons: tuple[Reason, ...]
    fallback: str | None


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where else data of a category may be, without a letter: a holder's key or one of `register.PLACES`."""

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

    Every year of every category is decided by the one `rule` whose letters or explanations cover it on the
    day of asking.  Where none does, more than one does, or a letter would go to a holder not in `holders` or
    to the desk, that stretch is undecided.  The order of rules, of categories and of services plays no part.
    """
    draft = _Draft()
    for category in set(question.categories):
        rows = [rule for rule in rules if rule.category == category]
        for service in _services_asked(question, rows):
            valid = [row for row in rows if row.service in ("", service) and row.is_valid_on(question.on)]
            for years in _stretches(valid, period=question.period):
                _decide(draft, category, [row for row in valid if row.covers(years[0])], years, holders)
    _drop_letters_with_nothing_to_join(draft)
    if question.lived_in_espoo != "yes":
        _turn_elsewhere(draft, holders, nowhere_in_espoo=question.lived_in_espoo == "no")
    return _decision(draft, question, holders)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One row's letter for a stretch of years, before the letters to one holder are made one."""

    row: Rule
    years: Span
    fallbacks: frozenset[str]


@dataclass(slots=True)
class _Draft:
    """What the stretches gave, in no order yet."""

    letters: list[_Letter] = field(default_factory=list)
    pointers: set[Pointer] = field(default_factory=set)
    joint: set[Pointer] = field(default_factory=set)
    explained: set[Explained] = field(default_factory=set)
    undecided: defaultdict[tuple[str, str], set[Span]] = field(default_factory=lambda: defaultdict(set))


def _services_asked(question: Question, rows: Iterable[Rule]) -> Collection[str]:
    """Return the services to decide a category for: the ticked ones, where its rows tell them apart."""
    if not any(row.service for row in rows):
        return ("",)
    return set(question.services) - {NO_SERVICE} or (NO_SERVICE,)


def _stretches(rows: Iterable[Rule], *, period: Span) -> Iterator[Span]:
    """Yield the parts of `period` in which the same rows apply; their number does not hang on the years."""
    first, last = period
    cuts = {first, last + 1}
    for row in rows:
        if row.data_from is not None:
            cuts.add(row.data_from)
        if row.data_to is not None:
            cuts.add(row.data_to + 1)
    for start, after in pairwise(sorted(cut for cut in cuts if first <= cut <= last + 1)):
        yield start, after - 1


def _decide(
    draft: _Draft, category: str, rows: Sequence[Rule], years: Span, holders: Mapping[str, HolderFacts]
) -> None:
    """Add to `draft` what the rows that cover `years` give for them."""
    draft.pointers.update(_pointer(row) for row in rows if row.role == "pointer")
    deciding = {row.rule for row in rows if row.role in ("letter", "explain") and not row.also_with}
    if len(deciding) != 1:
        draft.undecided[category, RULES_CONTRADICT if deciding else NO_RULE].add(years)
        return
    rows = [row for row in rows if row.rule in deciding]
    letters = [row for row in rows if row.role == "letter"]
    if not all(row.also_with or _can_be_asked(row.holder, holders) for row in letters):
        draft.undecided[category, NO_HOLDER].add(years)
        return
    fallbacks = frozenset(
        row.holder for row in rows if row.role == "fallback" and _can_be_asked(row.holder, holders)
    )
    draft.letters += [_Letter(row, years, fallbacks) for row in letters]
    draft.joint.update(_pointer(row) for row in rows if row.role == "joint")
    draft.explained.update(Explained(category, row.reason) for row in rows if row.role == "explain")


def _pointer(row: Rule) -> Pointer:
    return Pointer(row.holder, row.category, row.reason)


def _can_be_asked(holder: str, holders: Mapping[str, HolderFacts]) -> bool:
    return holder in holders and not holders[holder].is_desk


def _drop_letters_with_nothing_to_join(draft: _Draft) -> None:
    """Keep a row with `also_with` only where its holder gets a letter for that category."""
    written = {
        (letter.row.category, letter.row.holder) for letter in draft.letters if not letter.row.also_with
    }
    draft.letters = [
        letter
        for letter in draft.letters
        if not letter.row.also_with or (letter.row.also_with, letter.row.holder) in written
    ]


def _turn_elsewhere(draft: _Draft, holders: Mapping[str, HolderFacts], *, nowhere_in_espoo: bool) -> None:
    """Point to where the person lived, beside the letters to Espoo and its county or instead of them."""
    local = {key for key, facts in holders.items() if facts.municipal_or_county}
    categories = {letter.row.category for letter in draft.letters if letter.row.holder in local}
    if not nowhere_in_espoo:
        draft.pointers.update(Pointer(OTHER_PLACE, category, OTHER_PLACE) for category in categories)
        return
    draft.explained.update(Explained(category, ASK_WHERE_YOU_LIVED) for category in categories)
    draft.letters = [
        replace(letter, fallbacks=letter.fallbacks - local)
        for letter in draft.letters
        if letter.row.holder not in local
    ]


def _decision(draft: _Draft, question: Question, holders: Mapping[str, HolderFacts]) -> Decision:
    """Put a draft in order: holders by position, categories as in the vocabulary, years upwards."""
    by_holder: defaultdict[str, list[_Letter]] = defaultdict(list)
    for letter in draft.letters:
        by_holder[letter.row.holder].append(letter)
    in_order = sorted(by_holder, key=lambda key: (holders[key].position, key))
    pointers = draft.pointers | {pointer for pointer in draft.joint if pointer.to not in by_holder}
    return Decision(
        letters=tuple(_letter_to(key, by_holder[key], question, holders) for key in in_order),
        pointers=tuple(sorted(pointers, key=lambda item: (_rank(item.category), item.to, item.code))),
        explained=tuple(sorted(draft.explained, key=lambda item: (_rank(item.category), item.code))),
        undecided=tuple(
            Undecided(category, code, first, last)
            for category, code in sorted(draft.undecided, key=lambda item: (_rank(item[0]), item[1]))
            for first, last in _joined(draft.undecided[category, code])
        ),
    )


def _letter_to(
    holder: str, letters: Sequence[_Letter], question: Question, holders: Mapping[str, HolderFacts]
) -> LetterTo:
    spans: defaultdict[tuple[str, str, str], set[Span]] = defaultdict(set)
    for letter in letters:
        spans[letter.row.category, letter.row.reason, letter.row.source].add(letter.years)
    found = [(*key, years) for key, parts in spans.items() for years in _joined(parts)]
    found.sort(key=lambda item: (_rank(item[0]), item[3], item[1], item[2]))
    fallbacks = {key for letter in letters for key in letter.fallbacks}
    return LetterTo(
        holder=holder,
        categories=tuple(sorted({letter.row.category for letter in letters}, key=_rank)),
        reasons=tuple(
            _reason(category, code, source, years, question) for category, code, source, years in found
        ),
        fallback=min(fallbacks, key=lambda key: (holders[key].position, key), default=None),
    )


def _reason(category: str, code: str, source: str, years: Span, question: Question) -> Reason:
    """Leave open what the person left open, so that a letter says "all years" and not a year nobody named."""
    first, last = question.period
    return Reason(
        category=category,
        code=code,
        years_from=None if question.from_year is None and years[0] == first else years[0],
        years_to=None if question.to_year is None and years[1] == last else years[1],
        source=source,
    )


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return the spans upwards, those that touch or overlap made one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


_RANKS: Final = {category: rank for rank, category in enumerate(CATEGORIES)}


def _rank(category: str) -> tuple[int, str]:
    """Return where a category stands; one that the vocabulary does not know stands last."""
    return _RANKS.get(category, len(_RANKS)), category
