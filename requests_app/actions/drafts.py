"""What a letter would say if a step were taken now; nothing is ordered and nothing is stored."""

from __future__ import annotations

from dataclasses import replace

from requests_app.actions import lifecycle, ordering
from requests_app.actions.access import Opened
from requests_app.doors import places
from requests_app.models import Letter
from requests_app.rules import deadlines
from requests_app.rules.answers import Answers
from requests_app.rules.letter_facts import LetterFacts


def draft(opened: Opened, kind: Letter.Kind, *, reason: str, grounds: str, to: str, how: str) -> LetterFacts:
    """Return the facts of a letter of `kind` as it would go out today, without a code; raises `vault.Unreadable`.

    `reason` and `grounds` are what the handler wrote so far, `to` the key of the holder chosen in a transfer, `how`
    the way of delivery of an answer.
    """
    case, key = opened.case, opened.key
    filing = case.filing
    answers = Answers.from_json(key.open_json(places.answers(filing.id), filing.answers_sealed))
    asked = key.open_json(places.decision(case.id), case.decision_sealed)
    facts = ordering.facts_for(case, filing=filing, answers=answers, asked=asked)
    if kind == Letter.Kind.EXTENSION and case.received_on is not None:
        # The letter names the new last day, which the step itself will write.
        pauses = lifecycle.pauses_of(list(case.pauses.all()))
        today = lifecycle.today()
        later = deadlines.deadline(case.received_on, extended=True, pauses=pauses, today=today)
        facts = replace(facts, due_on=later.due.isoformat())
    return replace(
        facts,
        told_on=facts.made_on,
        reason=reason,
        grounds=grounds,
        transferred_to=to,
        delivered_by=how,
    )
