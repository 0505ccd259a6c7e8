"""Intake: turns checked answers into one filing with its cases, letters ordered, in one commit, once."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app.actions import lifecycle, ordering
from requests_app.actions.chain import PERSON
from requests_app.doors import bell, places, vault
from requests_app.models import Case, Filing, Holder, Letter, Notice
from requests_app.rules import references
from requests_app.rules.answers import Answers, Strokes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is drawn at the check page and kept in the sealed session, so that a resend shows the same receipt."""

    filing_id: uuid.UUID
    reference: str
    secret: str
    token: str

    def to_json(self) -> dict[str, str]:
        """Return JSON-ready data for the sealed session."""
        return {
            "filing_id": str(self.filing_id),
            "reference": self.reference,
            "secret": self.secret,
            "token": self.token,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Receipt:
        """Return the receipt kept as `data`."""
        return cls(uuid.UUID(data["filing_id"]), data["reference"], data["secret"], data["token"])


@dataclass(frozen=True, slots=True)
class Asked:
    """What one holder is asked: its categories, the reasons why it is the one, and the person's own words to it."""

    holder: str
    categories: tuple[str, ...]
    reasons: tuple[dict[str, object], ...] = ()
    fallback: str = ""
    by_hand: bool = False
    details: str = ""

    def to_json(self) -> dict[str, object]:
        """Return what is sealed with the case."""
        return {
            "categories": list(self.categories),
            "reasons": [dict(reason) for reason in self.reasons],
            "fallback": self.fallback,
            "by_hand": self.by_hand,
            "details": self.details,
        }


class NothingAsked(ValueError):
    """No holder is asked anything: there is nothing to send."""


class ReferenceTaken(Exception):
    """The drawn reference belongs to another filing; a new one must be drawn."""


def draw_receipt() -> Receipt:
    """Draw reference, secret and idempotency token of a filing that is about to be sent."""
    year = lifecycle.today().year % 100
    reference = references.show(references.new_reference(year))
    while Filing.objects.filter(reference=references.parse_reference(reference)).exists():
        reference = references.show(references.new_reference(year))
    secret = references.show(references.new_secret())
    return Receipt(uuid.uuid4(), reference, secret, secrets.token_urlsafe(24))


def secret_hash(secret: str, *, salt: bytes) -> bytes:
    """Return the salted hash of a normalised secret.

    SHA-256 is enough: the secret has over 90 random bits, which no slow hash could make harder to guess.
    """
    return hashlib.sha256(b"tietoni secret" + salt + secret.encode()).digest()


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(b"tietoni filing" + token.encode()).digest()


def filed(receipt: Receipt) -> Filing | None:
    """Return the filing that was made with this receipt, if any."""
    return Filing.objects.filter(idempotency_hash=_token_hash(receipt.token)).first()


def submit(answers: Answers, *, asked: Sequence[Asked], receipt: Receipt, drawing: Strokes = ()) -> Filing:
    """Make the filing: key first, then filing, cases, events and ordered letters in one commit.

    A second call with the same receipt returns the first one's filing. Raises NothingAsked and ReferenceTaken.
    """
    if not asked:
        raise NothingAsked
    existing = filed(receipt)
    if existing is not None:
        return existing
    key = vault.new_key(receipt.filing_id)
    try:
        with transaction.atomic():
            return _store(answers, asked=asked, receipt=receipt, drawing=drawing, key=key)
    except IntegrityError:
        existing = filed(receipt)
        if existing is not None:
            return existing
        if Filing.objects.filter(reference=references.parse_reference(receipt.reference)).exists():
            raise ReferenceTaken from None
        raise


def _store(
    answers: Answers, *, asked: Sequence[Asked], receipt: Receipt, drawing: Strokes, key: vault.FilingKey
) -> Filing:
    now = timezone.now()
    salt = secrets.token_bytes(16)
    filing = Filing.objects.create(
        id=receipt.filing_id,
        reference=references.parse_reference(receipt.reference),
        secret_salt=salt,
        secret_hash=secret_hash(references.parse_secret(receipt.secret), salt=salt),
        idempotency_hash=_token_hash(receipt.token),
        kind=answers.kind,
        letter_language=answers.letter_language,
        created_at=now,
        answers_sealed=key.seal_json(places.answers(receipt.filing_id), answers.to_json()),
        drawing_sealed=key.seal_json(places.drawing(receipt.filing_id), drawing) if drawing else None,
    )
    holders = Holder.objects.prefetch_related("contacts").in_bulk([item.holder for item in asked])
    for item in asked:
        case_id = uuid.uuid4()
        case = Case(
            id=case_id,
            filing=filing,
            holder=holders[item.holder],
            created_at=now,
            decision_sealed=key.seal_json(places.decision(case_id), item.to_json()),
        )
        lifecycle.begin(case, actor=PERSON, facts={"signature": answers.signature}, key=key)
        facts = ordering.facts_for(case, filing=filing, answers=answers, asked=item.to_json())
        ordering.order(case, Letter.Kind.REQUEST, facts, language=filing.letter_language, key=key)
        ordering.order(case, Letter.Kind.READING_COPY, facts, language=answers.language, key=key)
    first = min(
        filing.cases.select_related("holder"), key=lambda case: (case.holder.position, case.holder_id)
    )
    facts = ordering.facts_for(first, filing=filing, answers=answers, asked={})
    ordering.order(first, Letter.Kind.BUNDLE, facts, language=answers.language, key=key)
    if answers.wants_notices and answers.email:
        Notice.objects.create(filing=filing, message="filed", created_at=now)
        bell.ring(bell.SEND)
    return filing
