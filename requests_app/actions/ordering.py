"""Orders letters: freezes what a letter says, seals it, and leaves a row that a worker will render."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.utils import timezone

from requests_app.actions import lifecycle
from requests_app.doors import bell, places, vault
from requests_app.models import Case, Contact, Filing, Holder, Letter
from requests_app.rules import references
from requests_app.rules.answers import Answers
from requests_app.rules.letter_facts import LetterFacts, Recipient, Sender

_ONLINE: Final = (Contact.Kind.E_SERVICE, Contact.Kind.FORM)
"""The holder's own ways to ask on the web, the quickest first."""


def recipient_of(holder: Holder, *, language: str, reader: str = "") -> Recipient:
    """Return the holder as a letter in `language` (fi or sv) names and addresses it.

    With `reader`, a language of the portal, how the holder wants to be asked comes in it.
    """
    best: dict[str, Contact] = {}
    for contact in holder.contacts.all():
        if contact.lang in ("", language) and (contact.kind not in best or contact.lang == language):
            best[contact.kind] = contact

    def value(kind: str) -> str:
        return best[kind].value if kind in best else ""

    online = next((kind for kind in _ONLINE if kind in best), None)
    shown: dict[str, str] = {online: "online"} if online else {}
    unsure = [kind for kind, contact in best.items() if contact.status == Contact.Status.UNCONFIRMED]
    return Recipient(
        key=holder.key,
        name=str(getattr(holder, f"name_{language}", "") or holder.name),
        postal=value(Contact.Kind.POSTAL),
        email=value(Contact.Kind.EMAIL),
        phone=value(Contact.Kind.PHONE),
        unconfirmed=tuple(sorted({shown.get(kind, kind) for kind in unsure})),
        asked_how=str(getattr(holder, f"asked_how_{reader.replace('-', '_')}", "") or "") if reader else "",
        online=next((value(kind) for kind in _ONLINE if kind in best), ""),
        takes_part=holder.takes_part,
    )


def sender_of(answers: Answers) -> Sender:
    """Return the person who signs, as they wrote it."""
    return Sender(**{name: getattr(answers, name) for name in Sender.__slots__})


def facts_for(case: Case, *, filing: Filing, answers: Answers, asked: dict[str, object]) -> LetterFacts:
    """Return the facts that all letters of `case` share; `asked` is the case's decision as stored."""
    categories = asked.get("categories", [])
    return LetterFacts(
        reference=references.show(filing.reference),
        code="",
        verify_url="",
        made_on=lifecycle.today().isoformat(),
        letter_language=filing.letter_language,
        reader_language=answers.language,
        sender=sender_of(answers),
        recipient=recipient_of(case.holder, language=filing.letter_language, reader=answers.language),
        kind=filing.kind,
        on_behalf=answers.on_behalf,
        subject_full_name=answers.subject.full_name,
        subject_birth_date=answers.subject.birth_date,
        authority_basis=answers.subject.authority_basis,
        categories=tuple(str(key) for key in categories) if isinstance(categories, list) else (),
        own=str(asked.get("details", "")),
        from_year=answers.from_year,
        to_year=answers.to_year,
        answer_by=answers.answer_by,
        signature=answers.signature,
        received_on=case.received_on.isoformat() if case.received_on else "",
        due_on=case.due_on.isoformat() if case.due_on else "",
        holder_reference=case.holder_reference,
    )


def new_code() -> str:
    """Draw the random code of a letter (74 bits); it is neither the reference nor the secret."""
    return references.new_code()


def order(
    case: Case, kind: Letter.Kind, facts: LetterFacts, *, language: str, key: vault.FilingKey
) -> Letter:
    """Order one letter of `case`; the caller holds the transaction, a worker renders it after the commit."""
    letter_id, code = uuid.uuid4(), new_code()
    shown = references.show(code)
    facts = replace(
        facts, code=shown, verify_url=f"{settings.BASE_URL}/{facts.letter_language}/verify/?code={shown}"
    )
    letter = Letter.objects.create(
        id=letter_id,
        case=case,
        kind=kind,
        language=language,
        number=case.letters.filter(kind=kind).count() + 1,
        code=code,
        created_at=timezone.now(),
        facts_sealed=key.seal_json(places.letter_facts(letter_id), facts.to_json()),
    )
    bell.ring(bell.RENDER, str(letter_id))
    return letter
