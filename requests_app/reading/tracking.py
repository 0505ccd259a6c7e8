"""Reads a filing for the person who sent it: where each case stands, when an answer is due, what can be done now.

It opens what is sealed, and returns words in the language asked for; the number of queries is the same for one case
and for eight.  The person's own name and address are not read: the page of a shared computer need not show them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypedDict

from django.utils import timezone, translation

from requests_app.doors import places, vault
from requests_app.models import Case, Contact, Filing, Letter
from requests_app.reading import happenings, own_letters
from requests_app.reading.own_letters import LetterLink
from requests_app.reading.register import HolderCard, holder_cards
from requests_app.rules import deadlines, references, remedies, states
from requests_app.rules.answers import Answers
from requests_app.rules.dates import today_in_finland
from requests_app.rules.estimates import Estimate, estimate
from requests_app.wording import tracking as words
from requests_app.wording.events import READS, Happening, for_person
from requests_app.wording.vocabulary import CATEGORY_NAMES, KIND_NAMES
from requests_app.wording.years import years_text

OMBUDSMAN: Final = "ombudsman"
"""Key of the supervisory authority in the register (GDPR Art. 77)."""

_REACHED_BY: Final = {
    Contact.Kind.E_SERVICE: "web",
    Contact.Kind.FORM: "web",
    Contact.Kind.PAGE: "web",
    Contact.Kind.EMAIL: "email",
    Contact.Kind.PHONE: "phone",
    Contact.Kind.POSTAL: "postal",
}
"""The kinds of contact details that a person can use, and how each is written; in the order in which they help."""


class Late(TypedDict):
    """What tells whether an answer is late (`rules.remedies`)."""

    latest_on: date | None
    posted_on: date | None
    today: date


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event in words; `quotes` is what somebody typed, `is_read` says that somebody only looked."""

    at: datetime
    text: str
    quotes: tuple[str, ...]
    is_read: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A step of the holder with the reason that it gave: the day, and the reason as typed ("" if not known)."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach a holder; `form` is `web`, `email`, `phone` or `postal`."""

    form: str
    value: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the person sees of one case; `can` are the moves that are theirs to make now (`rules.states`)."""

    id: uuid.UUID
    version: int
    holder: HolderCard
    reach: tuple[Reach, ...]
    state: str
    state_name: str
    state_look: str
    steps: tuple[words.Step, ...]
    clock: words.ClockWords | None
    estimate: str
    has_day: bool
    may_remind: bool
    may_complain: bool
    extension: Told | None
    pause: Told | None
    received_on: date | None
    request_letter: LetterLink | None
    reading_copy: LetterLink | None
    later: tuple[LetterLink, ...]
    from_holder: tuple[LetterLink, ...]
    asked: tuple[str, ...]
    events: tuple[EventLine, ...]
    diary_number: str
    can: frozenset[str]

    @property
    def anchor(self) -> str:
        """The id of the case on the page."""
        return f"case-{self.holder.key}"

    @property
    def is_waiting_for_letters(self) -> bool:
        """Whether a letter of this case is still being made."""
        letters = (self.request_letter, self.reading_copy, *self.later, *self.from_holder)
        return any(letter is not None and letter.state == Letter.State.WANTED for letter in letters)


@dataclass(frozen=True, slots=True)
class DayToKeep:
    """The day by which an answer is due, or may come as far as we can guess, for the person's own calendar."""

    case_id: uuid.UUID
    day: date
    is_guess: bool
    holder: str


@dataclass(frozen=True, slots=True)
class FilingPage:
    """What the person sees of a filing; `signed` says that the letters carry the person's drawn signature."""

    id: uuid.UUID
    reference: str
    kind: str
    sent_on: date
    years: str
    signature: str
    signed: bool
    cases: tuple[CaseView, ...]
    bundle: LetterLink | None
    ombudsman: HolderCard | None
    ombudsman_reach: tuple[Reach, ...]

    @property
    def is_waiting_for_letters(self) -> bool:
        """Whether any letter is still being made."""
        return any(case.is_waiting_for_letters for case in self.cases)


@dataclass(frozen=True, slots=True)
class FilingLink:
    """A filing to choose from: its reference as shown and the day it was sent."""

    id: uuid.UUID
    reference: str
    sent_on: date


def filings(ids: Sequence[uuid.UUID]) -> list[FilingLink]:
    """Return those of the filings that still exist and were not purged, in the order given."""
    found = Filing.objects.filter(purged_at=None).only("id", "reference", "created_at").in_bulk(list(ids))
    return [
        FilingLink(row.id, references.show(row.reference), today_in_finland(row.created_at))
        for row in (found[key] for key in ids if key in found)
    ]


def filing_page(filing_id: uuid.UUID, *, language: str) -> FilingPage | None:
    """Return the page of a filing in `language` (a code of the portal), None where it is not or was purged.

    The caller has made sure that the person may see it.
    """
    filing = Filing.objects.filter(id=filing_id, purged_at=None).first()
    if filing is None:
        return None
    try:
        key = vault.key_of(filing.id)
        with translation.override(language):
            return _page(filing, key=key, language=language)
    except vault.Unreadable:
        # A purge that ran in the same moment has destroyed the key; or a restore waits for its ledger.
        return None


def day_to_keep(
    case_id: uuid.UUID, *, among: Sequence[uuid.UUID], language: str, today: date
) -> DayToKeep | None:
    """Return the day to keep in mind of a case of one of the filings; None where there is no such case or no day."""
    case = (
        Case.objects.filter(id=case_id, filing__in=among, filing__purged_at=None)
        .select_related("holder")
        .first()
    )
    if case is None:
        return None
    clock = _clock(case, today)
    if clock is not None and not clock.is_paused:
        day, is_guess = clock.due, False
    elif case.state == "posted" and case.posted_on:
        day, is_guess = estimate(case.posted_on).answer_by, True
    else:
        return None
    with translation.override(language):
        return DayToKeep(case.id, day, is_guess, str(case.holder))


def _page(filing: Filing, *, key: vault.FilingKey, language: str) -> FilingPage:
    answers = Answers.from_json(key.open_json(places.answers(filing.id), filing.answers_sealed))
    rows = list(
        Case.objects.filter(filing=filing)
        .exclude(state="purged")
        .select_related("holder")
        .prefetch_related("pauses")
        .order_by("holder__position", "holder_id", "created_at")
    )
    cards = holder_cards({OMBUDSMAN, *(row.holder_id for row in rows)}, language=language)
    told = happenings.of_filing(rows, key=key, holders={name: card.name for name, card in cards.items()})
    letters = own_letters.of_cases(rows)
    ombudsman = cards.get(OMBUDSMAN)
    return FilingPage(
        id=filing.id,
        reference=references.show(filing.reference),
        kind=str(KIND_NAMES[filing.kind]),
        sent_on=today_in_finland(filing.created_at),
        years=years_text(answers.from_year, answers.to_year),
        signature=answers.signature,
        signed=answers.signature == "drawn" and bool(filing.drawing_sealed),
        cases=tuple(
            _case(row, key=key, cards=cards, letters=letters[row.id], told=_with_earlier(row, told))
            for row in rows
        ),
        bundle=next(
            (own_letters.link(row) for found in letters.values() for row in found if row.kind == "bundle"),
            None,
        ),
        ombudsman=ombudsman,
        ombudsman_reach=_reach(ombudsman) if ombudsman else (),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """The events of a case, and before them those of the case that it continues after a transfer."""

    own: Sequence[Happening]
    earlier: Sequence[Happening]

    def last(self, *kinds: str, inherited: bool = False) -> Happening | None:
        """Return the last event of these kinds; `inherited` looks at the earlier case as well."""
        events = [*self.earlier, *self.own] if inherited else self.own
        return next((event for event in reversed(events) if event.kind in kinds), None)


def _with_earlier(case: Case, told: Mapping[uuid.UUID, list[Happening]]) -> _Told:
    earlier = told.get(case.transferred_from_id, []) if case.transferred_from_id else []
    return _Told(told[case.id], earlier)


def _case(
    case: Case,
    *,
    key: vault.FilingKey,
    cards: Mapping[str, HolderCard],
    letters: Sequence[Letter],
    told: _Told,
) -> CaseView:
    today = today_in_finland(timezone.now())
    links = [own_letters.link(letter) for letter in letters]
    by_kind = {link.kind: link for link in reversed(links)}
    clock = _clock(case, today)
    guess = estimate(case.posted_on) if case.state == "posted" and case.posted_on else None
    asked = key.open_json(places.decision(case.id), case.decision_sealed)
    late: Late = {"latest_on": case.latest_on, "posted_on": case.posted_on, "today": today}
    return CaseView(
        id=case.id,
        version=case.version,
        holder=cards[case.holder_id],
        reach=_reach(cards[case.holder_id]),
        state=case.state,
        state_name=str(words.PERSON_STATE_NAMES[case.state]),
        state_look=words.PERSON_STATE_TAGS.get(case.state, "neutral"),
        steps=words.steps(_way(case, cards=cards, told=told, clock=clock, guess=guess)),
        clock=words.clock_words(clock, today=today) if clock else None,
        estimate=words.estimate_text(guess) if guess else "",
        has_day=guess is not None or (clock is not None and not clock.is_paused),
        may_remind=not case.holder.is_desk and remedies.may_remind(case.state, **late),
        may_complain=not case.holder.is_desk and remedies.may_complain(case.state, **late),
        extension=_extension(case, told),
        pause=_pause(case, told),
        received_on=case.received_on,
        request_letter=by_kind.get(Letter.Kind.REQUEST),
        reading_copy=by_kind.get(Letter.Kind.READING_COPY),
        later=tuple(link for link in links if link.kind in own_letters.LATER),
        from_holder=tuple(
            link for link in links if link.kind not in (*own_letters.AT_FILING, *own_letters.LATER)
        ),
        asked=tuple(str(CATEGORY_NAMES[name]) for name in asked["categories"]),
        events=tuple(_lines(told.own)),
        diary_number=case.holder_reference,
        can=frozenset(states.allowed(case.state, actor="person")),
    )


def _clock(case: Case, today: date) -> deadlines.Deadline | None:
    """Return the clock of a case for which an answer is still expected; a running pause is reckoned until today."""
    if case.received_on is None or case.state not in states.OPEN:
        return None
    pauses = tuple(deadlines.Pause(pause.asked_on, pause.ended_on) for pause in case.pauses.all())
    return deadlines.deadline(
        case.received_on, extended=case.extended_told_on is not None, pauses=pauses, today=today
    )


def _way(
    case: Case,
    *,
    cards: Mapping[str, HolderCard],
    told: _Told,
    clock: deadlines.Deadline | None,
    guess: Estimate | None,
) -> words.Way:
    came, went = told.last("transferred_in"), told.last("transfer")
    ready = told.last("letters_ready", "deliver", inherited=True)
    return words.Way(
        state=case.state,
        prepared_on=today_in_finland(ready.at) if ready else None,
        posted_on=case.posted_on,
        received_on=case.received_on,
        basis=case.receipt_basis,
        due_on=clock.due if clock else None,
        estimate=guess,
        ended_on=_ended_on(case, told),
        passed_from=came.other_holder if came else "",
        passed_to=went.other_holder if went else "",
        lapsed=told.last("lapse") is not None,
    )


def _ended_on(case: Case, told: _Told) -> date | None:
    """Return the day of the answer or refusal itself where it was told, else the day the case was closed."""
    if case.state in states.OPEN:
        return None
    for kind, name in (("answer", "answered_on"), ("got_answer", "answered_on"), ("refuse", "refused_on")):
        event = told.last(kind)
        if event is not None and event.facts.get(name):
            return date.fromisoformat(str(event.facts[name]))
    return case.closed_on


def _extension(case: Case, told: _Told) -> Told | None:
    if case.extended_told_on is None:
        return None
    event = told.last("extend", inherited=True)
    return Told(case.extended_told_on, str(event.facts.get("reason", "")) if event else "")


def _pause(case: Case, told: _Told) -> Told | None:
    running = next((pause for pause in case.pauses.all() if pause.ended_on is None), None)
    if running is None:
        return None
    event = told.last("ask_identity", inherited=True)
    return Told(running.asked_on, str(event.facts.get("reason", "")) if event else "")


def _lines(events: Sequence[Happening]) -> list[EventLine]:
    lines: list[EventLine] = []
    for event in reversed(events):
        line = for_person(event)
        if line is not None:
            lines.append(EventLine(event.at, line.text, line.quotes, event.kind in READS))
    return lines


def _reach(card: HolderCard) -> tuple[Reach, ...]:
    order = list(_REACHED_BY)
    usable = [contact for contact in card.contacts if contact.kind in order]
    return tuple(
        Reach(_REACHED_BY[Contact.Kind(contact.kind)], contact.value, contact.confirmed)
        for contact in sorted(usable, key=lambda contact: order.index(Contact.Kind(contact.kind)))
    )
