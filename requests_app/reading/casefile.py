"""One case as a member of staff sees it, opened with the key that `actions.access` gives out with the event."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from portal.languages import BY_CODE
from requests_app.doors import places, vault
from requests_app.models import Case, Letter
from requests_app.reading import happenings
from requests_app.rules import deadlines, references, states
from requests_app.rules.answers import Answers
from requests_app.rules.dates import today_in_finland
from requests_app.wording.cases import (
    AUTHORITY_NAMES,
    BASIS_NAMES,
    KIND_NAMES,
    LETTER_STATE_NAMES,
    STATE_NAMES,
    STATE_TAGS,
    Due,
    due_words,
)
from requests_app.wording.clock import clock_text, reckoning
from requests_app.wording.events import READS, Happening, Line, for_staff, who
from requests_app.wording.papers import kind_text
from requests_app.wording.vocabulary import ANSWER_BY_NAMES, CATEGORY_NAMES, SIGNATURE_NAMES
from requests_app.wording.years import years_text


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, as they wrote it; empty texts were not given. The identity code itself is on the letter alone."""

    full_name: str
    birth_date: date | None
    address: tuple[str, ...]
    email: str
    phone: str
    answer_by: str
    signature: str
    gave_identity_code: bool
    subject_name: str = ""
    subject_birth_date: date | None = None
    authority: str = ""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter of the case; the person's own reading copy is never among them."""

    id: uuid.UUID
    kind: str
    language: str
    made_on: date
    state: str
    is_ready: bool
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the timeline: when, who, and what, in words."""

    at: datetime
    who: str
    line: Line


@dataclass(frozen=True, slots=True)
class Clock:
    """The days of a received case, with the reckoning in one line and step by step."""

    due_on: date
    latest_on: date
    told_by: date
    due: Due
    reckoning: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that a case page shows, and the moves that the member may make now.

    `timeline` is what changed the case, `reads` who looked at it, both newest first.
    """

    case: Case
    reference: str
    kind: str
    holder: str
    state_name: str
    state_tag: str
    assignee: str
    basis: str
    person: Person
    categories: tuple[str, ...]
    own_words: str
    years: str
    letters: tuple[LetterRow, ...]
    timeline: tuple[Entry, ...]
    reads: tuple[Entry, ...]
    clock: Clock | None
    came_through: tuple[str, ...]
    moves: tuple[str, ...]
    changes: tuple[Happening, ...] = field(repr=False)

    def since(self, version: int) -> tuple[Entry, ...]:
        """Return what changed after the `version` that a form was shown with, the oldest first.

        Each version of a case has one event that made it; readings make none.
        """
        return tuple(_entry(event) for event in self.changes[max(version, 1) :])


SIGNED_AS: Final = {"electronic": ("application/pdf", "pdf"), "photo": ("image/png", "png")}
"""How a letter that was handed back signed is sent: its media type, and the ending of its name."""


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A finished letter to send: its bytes, and a file name that names nobody."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def letter_file(letter: Letter, *, key: vault.FilingKey, signed: bool = False) -> LetterFile | None:
    """Return a finished letter opened with its filing's key, or what the person handed back `signed`.

    None where nothing was handed back. Raises `vault.Unreadable`.
    """
    name = f"tietoni-{references.show(letter.case.filing.reference)}-{letter.kind}"
    if not signed:
        return LetterFile(
            f"{name}.pdf", "application/pdf", key.open(places.letter_pdf(letter.id), letter.pdf_sealed)
        )
    if letter.signed_sealed is None:
        return None
    content = key.open(places.letter_signed(letter.id), letter.signed_sealed)
    kind, ending = SIGNED_AS[letter.signed_form]
    return LetterFile(f"{name}-signed.{ending}", kind, content)


def case_page(case: Case, *, moves: tuple[str, ...], key: vault.FilingKey, today: date) -> CasePage:
    """Return everything that the page of `case` shows, in the active language; raises `vault.Unreadable`.

    `moves` are those that the member may make now, `today` the day in Finland.
    """
    answers = Answers.from_json(key.open_json(places.answers(case.filing_id), case.filing.answers_sealed))
    asked = key.open_json(places.decision(case.id), case.decision_sealed)
    events = happenings.of_case(case, key=key, named=True)
    return CasePage(
        case=case,
        reference=references.show(case.filing.reference),
        kind=str(KIND_NAMES[case.filing.kind]),
        holder=str(case.holder),
        state_name=str(STATE_NAMES[case.state]),
        state_tag=STATE_TAGS[case.state],
        assignee=(case.assignee.get_full_name() or case.assignee.get_username()) if case.assignee else "",
        basis=str(BASIS_NAMES.get(case.receipt_basis, "")),
        person=_person(answers),
        categories=tuple(str(CATEGORY_NAMES[name]) for name in asked.get("categories", ())),
        own_words=str(asked.get("details", "")),
        years=years_text(answers.from_year, answers.to_year),
        letters=tuple(_letter_row(letter) for letter in _letters(case).order_by("-created_at", "kind")),
        timeline=tuple(_entry(event) for event in reversed(events) if event.kind not in READS),
        reads=tuple(_entry(event) for event in reversed(events) if event.kind in READS),
        clock=_clock(case, today),
        came_through=_came_through(case),
        moves=moves,
        changes=tuple(event for event in events if event.kind not in READS),
    )


def _letters(case: Case) -> QuerySet[Letter]:
    return case.letters.filter(kind__in=Letter.SEEN_BY_STAFF).exclude(state=Letter.State.PURGED)


def _letter_row(letter: Letter) -> LetterRow:
    return LetterRow(
        id=letter.id,
        kind=kind_text(letter.kind),
        language=_language(letter.language),
        made_on=today_in_finland(letter.created_at),
        state=str(LETTER_STATE_NAMES[letter.state]),
        is_ready=letter.state == Letter.State.READY,
        is_signed=letter.signed_sealed is not None,
    )


def _person(answers: Answers) -> Person:
    place = " ".join(filter(None, (answers.postal_code, answers.city)))
    return Person(
        full_name=answers.full_name,
        birth_date=_day(answers.birth_date),
        address=tuple(filter(None, (answers.street, place))),
        email=answers.email,
        phone=answers.phone,
        answer_by=str(ANSWER_BY_NAMES.get(answers.answer_by, "")),
        signature=str(SIGNATURE_NAMES.get(answers.signature, "")),
        gave_identity_code=bool(answers.identity_code),
        subject_name=answers.subject.full_name,
        subject_birth_date=_day(answers.subject.birth_date),
        authority=str(AUTHORITY_NAMES.get(answers.subject.authority_basis, "")),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _language(code: str) -> str:
    return BY_CODE[code].own_name if code in BY_CODE else code


def _entry(event: Happening) -> Entry:
    return Entry(at=event.at, who=who(event), line=for_staff(event))


def _clock(case: Case, today: date) -> Clock | None:
    """Return the clock of a case that is open and received; a closed one has none that runs."""
    if case.received_on is None or case.state not in states.OPEN:
        return None
    pauses = [deadlines.Pause(pause.asked_on, pause.ended_on) for pause in case.pauses.all()]
    extended = case.extended_told_on is not None
    reckoned = deadlines.deadline(case.received_on, extended=extended, pauses=pauses, today=today)
    return Clock(
        due_on=reckoned.due,
        latest_on=reckoned.latest,
        told_by=reckoned.told_by,
        due=due_words(state=case.state, due=reckoned.due, latest=reckoned.latest, today=today),
        reckoning=reckoning(reckoned),
        steps=tuple(clock_text(step) for step in reckoned.steps),
    )


def _came_through(case: Case) -> tuple[str, ...]:
    """Return the names of the holders that passed the case on before it came here, the first one first."""
    names: list[str] = []
    before = case
    while before.transferred_from_id is not None:
        before = Case.objects.select_related("holder").get(id=before.transferred_from_id)
        names.insert(0, str(before.holder))
    return tuple(names)
