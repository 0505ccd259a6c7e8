"""The letters that a person writes when nobody answers, or when the answer is not right: reminder and complaint.

Each is signed by hand: a drawn signature belongs to the request that it was drawn for, and is never used again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from requests_app.actions import lifecycle, ordering
from requests_app.actions.casework import Refused
from requests_app.actions.chain import PERSON
from requests_app.doors import places, vault
from requests_app.models import Case, Holder, Letter
from requests_app.rules import remedies
from requests_app.rules.answers import Answers
from requests_app.rules.dates import today_in_finland
from requests_app.rules.letter_facts import LetterFacts

OMBUDSMAN = "ombudsman"
"""Key of the supervisory authority in the register (GDPR Art. 77)."""

LONGEST_OWN = 2000
"""Characters of the person's own words in a complaint: they have to fit on the letter."""

_ENDED = {"answer": "answered_on", "got_answer": "answered_on", "refuse": "refused_on"}


@transaction.atomic
def remind(case: Case, *, version: int | None = None) -> Case:
    """Order a reminder to the holder, with its reading copy; raises Refused where nothing is late."""
    _refuse_unless(remedies.may_remind, case)
    key = vault.key_of(case.filing_id)
    case = lifecycle.apply(case.id, "remind", actor=PERSON, expect_version=version, key=key)
    facts = _facts(case, key=key)
    _order(case, Letter.Kind.REMINDER, Letter.Kind.REMINDER_COPY, facts, key=key)
    return case


@transaction.atomic
def complain(case: Case, *, own: str = "", version: int | None = None) -> Case:
    """Order a complaint to the Data Protection Ombudsman with the facts of the case, and its reading copy.

    `own` is what the person adds in their own words. Raises Refused where there is nothing to complain about yet.
    """
    _refuse_unless(remedies.may_complain, case)
    if len(own) > LONGEST_OWN:
        raise Refused("too_long", field="own", most=LONGEST_OWN)
    ombudsman = Holder.objects.prefetch_related("contacts").get(key=OMBUDSMAN)
    key = vault.key_of(case.filing_id)
    case = lifecycle.apply(case.id, "complain", actor=PERSON, expect_version=version, key=key)
    facts = _facts(case, key=key)
    facts = replace(
        facts,
        about=facts.recipient,
        recipient=ordering.recipient_of(ombudsman, language=facts.letter_language),
        outcome=remedies.outcome(case.state),
        own=own,
    )
    _order(case, Letter.Kind.COMPLAINT, Letter.Kind.COMPLAINT_COPY, facts, key=key)
    return case


def _refuse_unless(rule: Callable[..., bool], case: Case) -> None:
    may = rule(case.state, latest_on=case.latest_on, posted_on=case.posted_on, today=lifecycle.today())
    if case.holder.is_desk or not may:
        raise Refused("not_late")


def _facts(case: Case, *, key: vault.FilingKey) -> LetterFacts:
    filing = case.filing
    answers = Answers.from_json(key.open_json(places.answers(filing.id), filing.answers_sealed))
    asked = key.open_json(places.decision(case.id), case.decision_sealed)
    told = case.extended_told_on
    reminder = case.letters.filter(kind=Letter.Kind.REMINDER).order_by("-created_at").first()
    return replace(
        ordering.facts_for(case, filing=filing, answers=answers, asked=asked),
        signature="hand",
        own="",
        asked_on=today_in_finland(filing.created_at).isoformat(),
        posted_on=case.posted_on.isoformat() if case.posted_on else "",
        # After the last of the law's two days alone is anything called overdue.
        due_on=case.latest_on.isoformat() if case.latest_on else "",
        told_on=told.isoformat() if told else "",
        reminded_on=today_in_finland(reminder.created_at).isoformat() if reminder else "",
        ended_on=_ended_on(case, key=key),
    )


def _ended_on(case: Case, *, key: vault.FilingKey) -> str:
    """Return the day of the answer or refusal as it was told, "" where there is none."""
    event = case.events.filter(kind__in=list(_ENDED)).order_by("-number").first()
    if event is None:
        return ""
    facts = key.open_json(places.event(case.id, event.number), event.facts_sealed)
    return str(facts.get(_ENDED[event.kind], ""))


def _order(
    case: Case, kind: Letter.Kind, copy: Letter.Kind, facts: LetterFacts, *, key: vault.FilingKey
) -> None:
    ordering.order(case, kind, facts, language=facts.letter_language, key=key)
    ordering.order(case, copy, facts, language=facts.reader_language, key=key)
