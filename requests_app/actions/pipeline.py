"""The pipeline: claims ordered letters under a lease, has them rendered and sealed, stores each once.

The row's state is the queue. A worker that dies leaves its lease to run out; the next one begins again. The result
is stored only by whoever still holds the lease, so that a slow worker and its successor never both store.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation

from requests_app.actions import lifecycle
from requests_app.actions.chain import SYSTEM
from requests_app.doors import letters, places, vault
from requests_app.models import Filing, Letter
from requests_app.rules.answers import Answers
from requests_app.rules.letter_facts import LetterFacts
from requests_app.rules.vocabulary import DESK
from requests_app.wording.papers import kind_text

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
AT_FILING = (Letter.Kind.REQUEST, Letter.Kind.READING_COPY)


def waiting() -> QuerySet[Letter]:
    """Return letters that are wanted and under nobody's lease, oldest first."""
    free = Q(lease_until=None) | Q(lease_until__lte=timezone.now())
    return Letter.objects.filter(free, state=Letter.State.WANTED, attempts__lt=MAX_ATTEMPTS).order_by(
        "created_at", "id"
    )


def claim(*, letter_id: uuid.UUID | None = None) -> Letter | None:
    """Claim one waiting letter (or that one, if it waits) under a lease of LEASE_SECONDS; None if there is none."""
    with transaction.atomic():
        rows = waiting().select_for_update(skip_locked=True, of=("self",))
        letter = (rows.filter(id=letter_id) if letter_id else rows).first()
        if letter is None:
            return None
        letter.lease_until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
        letter.lease_token = uuid.uuid4()
        letter.attempts = F("attempts") + 1
        letter.save(update_fields=["lease_until", "lease_token", "attempts"])
    return letter


def render(letter: Letter) -> bool:
    """Render, seal and store a claimed letter; returns whether this call stored it."""
    filing = letter.case.filing
    try:
        key = vault.key_of(filing.id)
        facts = LetterFacts.from_json(key.open_json(places.letter_facts(letter.id), letter.facts_sealed))
        if letter.kind == Letter.Kind.BUNDLE:
            made = _bundle(letter, facts, key=key)
        else:
            if letter.kind == Letter.Kind.REQUEST:
                facts = _signed(facts, filing, key=key)
            made = letters.make(letter.kind, language=letter.language, facts=facts, made_at=letter.created_at)
    except Exception as error:
        # Whatever went wrong, the row stays in the queue and says so; the person is told that it is being prepared.
        log.exception("a letter could not be made")
        _give_back(letter, problem=type(error).__name__[:40])
        return False
    return _store(letter, made, key=key)


def _signed(facts: LetterFacts, filing: Filing, *, key: vault.FilingKey) -> LetterFacts:
    """Return the facts of a request with the signature that was drawn for it, where there is one."""
    if not filing.drawing_sealed or facts.signature != "drawn":
        return facts
    return replace(facts, drawing=_strokes(key.open_json(places.drawing(filing.id), filing.drawing_sealed)))


def _bundle(letter: Letter, own: LetterFacts, *, key: vault.FilingKey) -> letters.Made:
    """Print the requests of the filing behind their cover sheets, those of the first sending alone."""
    filing = letter.case.filing
    requests = Letter.objects.filter(
        case__filing=filing, case__transferred_from=None, kind=Letter.Kind.REQUEST, number=1
    ).order_by("case__holder__position", "case__holder_id")
    found = [
        _signed(
            LetterFacts.from_json(key.open_json(places.letter_facts(row.id), row.facts_sealed)),
            filing,
            key=key,
        )
        for row in requests
    ]
    sent = [facts for facts in found if facts.recipient.key != DESK]
    with translation.override(letter.language):
        title = str(kind_text(letter.kind))
    return letters.make_bundle(
        sent or found, own=own, language=letter.language, title=title, made_at=letter.created_at
    )


def _strokes(data: list[list[list[int]]]) -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(tuple((x, y) for x, y in stroke) for stroke in data)


def _give_back(letter: Letter, *, problem: str) -> None:
    """Let a failed letter wait, longer after each attempt; after the last one it is the operator's."""
    letter.refresh_from_db(fields=["attempts"])
    wait = min(settings.LEASE_SECONDS * 2**letter.attempts, 3600)
    over = letter.attempts >= MAX_ATTEMPTS
    Letter.objects.filter(id=letter.id, lease_token=letter.lease_token, state=Letter.State.WANTED).update(
        problem=problem,
        lease_until=timezone.now() + timedelta(seconds=wait),
        lease_token=None,
        state=Letter.State.FAILED if over else Letter.State.WANTED,
    )


@transaction.atomic
def _store(letter: Letter, made: letters.Made, *, key: vault.FilingKey) -> bool:
    # The case is locked first, so that two letters of it finishing at once can't both miss that all are ready.
    case = lifecycle.locked(letter.case_id)
    stored = Letter.objects.filter(
        id=letter.id, lease_token=letter.lease_token, state=Letter.State.WANTED
    ).update(
        state=Letter.State.READY,
        pdf_sealed=key.seal(places.letter_pdf(letter.id), made.pdf),
        sha256=hashlib.sha256(made.pdf).digest(),
        template_version=made.template_version,
        rendered_at=timezone.now(),
        lease_until=None,
        lease_token=None,
        problem="",
    )
    if not stored:
        return False
    if case.state == "preparing" and not case.letters.filter(kind__in=AT_FILING).exclude(
        state=Letter.State.READY
    ):
        filing = case.filing
        answers = Answers.from_json(key.open_json(places.answers(filing.id), filing.answers_sealed))
        if case.holder.is_desk or (
            case.holder.takes_part and _signed_here(answers, drawn=bool(filing.drawing_sealed))
        ):
            received = lifecycle.today()
            change = lifecycle.Change(received_on=received, receipt_basis="portal")
            facts: dict[str, object] = {"received_on": received.isoformat(), "basis": "portal"}
            lifecycle.apply(case.id, "deliver", actor=SYSTEM, facts=facts, change=change, key=key)
        else:
            lifecycle.apply(case.id, "letters_ready", actor=SYSTEM, key=key)
    return True


def _signed_here(answers: Answers, *, drawn: bool) -> bool:
    """Return whether the filing is signed in the portal; on paper, the holder marks the receipt itself."""
    return answers.signature == "drawn" and drawn


def drain(*, most: int | None = None) -> int:
    """Claim and render until nothing waits (or `most` letters are done); returns how many this call stored."""
    stored = tried = 0
    while most is None or tried < most:
        letter = claim()
        if letter is None:
            break
        tried += 1
        stored += render(letter)
    return stored
