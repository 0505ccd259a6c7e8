"""Retention: every personal field by name, what becomes of it and when; and the purge that does it.

Purging destroys the data key of a filing or of feedback, so that what was sealed is unreadable everywhere, in backups
too once the backups of keys (at most 7 days old) are gone. Events stay, unreadable, so that the chain still verifies.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from requests_app.actions import lifecycle
from requests_app.actions.chain import SYSTEM
from requests_app.doors import vault
from requests_app.models import Case, DataKey, Feedback, Filing, Letter, Notice
from requests_app.rules import states
from requests_app.rules.dates import today_in_finland

KEEP_AFTER_CLOSING_DAYS: Final = 180
"""Days from the closing of a filing's last case until it is purged: time to complain and to compare."""

KEEP_UNSENT_DAYS: Final = 365
"""Days after which a filing that nobody received is purged: the person prepared letters and never sent them."""

KEEP_FEEDBACK_AFTER_END_DAYS: Final = 90
"""Days for which feedback is kept after it was answered or closed: time to mend what it is about, and to ask again."""

KEEP_FEEDBACK_DAYS: Final = 365
"""Days after which feedback is purged in any case, also where nobody dealt with it."""

ORPHAN_KEY_HOURS: Final = 24

PERSONAL_FIELDS: Final[dict[str, str]] = {
    "filing.reference": "replaced by a random text at purge",
    "filing.secret_salt": "emptied at purge",
    "filing.secret_hash": "emptied at purge",
    "filing.idempotency_hash": "replaced by a random value at purge",
    "filing.answers_sealed": "key destroyed, emptied at purge",
    "filing.drawing_sealed": "key destroyed, emptied at purge",
    "case.decision_sealed": "key destroyed, emptied at purge",
    "case.holder_reference": "emptied at purge",
    "letter.facts_sealed": "key destroyed, emptied at purge",
    "letter.pdf_sealed": "key destroyed, emptied at purge",
    "letter.signed_sealed": "key destroyed, emptied at purge",
    "letter.signed_form": "emptied at purge",
    "letter.sha256": "emptied at purge",
    "letter.code": "replaced by a random text at purge",
    "event.facts_sealed": "key destroyed at purge; the ciphertext stays for the chain",
    "event.member_id": "a number of a member of staff; kept with the chain",
    "notice.message": "deleted at purge",
    "feedback.message_sealed": "key destroyed, row deleted 90 days after its end, a year after it came at most",
    "feedback.note_sealed": "with the message",
    "feedback.ended_by": "a member of staff; deleted with the row",
    "sealedsession.key_hash": "deleted after at most 24 hours",
    "sealedsession.data_sealed": "deleted after at most 24 hours",
    "attempt.key_hash": "deleted when its window is over, at most a day",
    "datakey.wrapped": "deleted at purge; in backups of keys for at most 7 days more",
}
"""Every field that holds or may hold personal data, by `table.field`; a test fails on a field that is not sorted."""

NOT_PERSONAL: Final = frozenset(
    {
        "filing.kind", "filing.letter_language",
        "case.state", "case.receipt_basis", "case.head_mac",
        "letter.kind", "letter.language", "letter.state", "letter.template_version", "letter.problem",
        "event.kind", "event.actor", "event.role", "event.holder_key", "event.previous_mac", "event.mac",
        "notice.state", "feedback.topic", "feedback.language", "feedback.state",
        "holder.key", "holder.controller", "holder.name", "holder.asked_how", "holder.source",
        "holder.loaded_texts",
        "contact.kind", "contact.lang", "contact.value", "contact.source_url", "contact.status",
        "responsibility.rule", "responsibility.category", "responsibility.service", "responsibility.role",
        "responsibility.holder", "responsibility.also_with", "responsibility.reason", "responsibility.source",
        "responsibility.status",
        "membership.role", "heartbeat.name", "datakey.purpose", "datakey.ring_id",
    }
)  # fmt: skip
"""Text and binary fields that hold nothing of a data subject. `letter.language` is emptied at purge all the same."""


@dataclass(frozen=True, slots=True)
class Due:
    """A filing whose time is over, and why."""

    filing_id: uuid.UUID
    reason: str


def due(now: datetime | None = None) -> list[Due]:
    """Return the filings that are to be purged at `now`: all closed long enough, or never received."""
    now = now or timezone.now()
    closed_before = today_in_finland(now - timedelta(days=KEEP_AFTER_CLOSING_DAYS))
    cases = Case.objects.filter(filing=OuterRef("pk"))
    kept: QuerySet[Filing] = Filing.objects.filter(purged_at=None)
    still = cases.filter(Q(state__in=states.OPEN) | Q(closed_on__gt=closed_before))
    closed = kept.filter(~Exists(still)).values_list("id", flat=True)
    received = cases.exclude(state__in=("preparing", "ready", "posted", "withdrawn"))
    unsent = (
        kept.filter(~Exists(received), created_at__lte=now - timedelta(days=KEEP_UNSENT_DAYS))
        .exclude(id__in=closed)
        .values_list("id", flat=True)
    )
    return [*(Due(pk, "closed") for pk in closed), *(Due(pk, "never_received") for pk in unsent)]


def purge(filing_id: uuid.UUID) -> bool:
    """Purge one filing: ledger first, then the key, then the rows. Safe to run twice; returns whether it was there."""
    _write_ledger(filing_id, kind="filing")
    vault_had_it = _end_cases(filing_id)
    vault.destroy_key(filing_id)
    _empty_rows(filing_id)
    return vault_had_it


@transaction.atomic
def _end_cases(filing_id: uuid.UUID) -> bool:
    """Write the last event of each case while the key is still there."""
    try:
        key = vault.key_of(filing_id)
    except vault.Unreadable:
        return False
    for case in Case.objects.filter(filing_id=filing_id).exclude(state="purged"):
        if case.state in states.OPEN:
            lifecycle.apply(case.id, "lapse", actor=SYSTEM, key=key)
        lifecycle.apply(case.id, "purge", actor=SYSTEM, key=key)
    return True


@transaction.atomic
def _empty_rows(filing_id: uuid.UUID) -> None:
    for case in Case.objects.filter(filing_id=filing_id):
        for letter in case.letters.all():
            Letter.objects.filter(id=letter.id).update(
                state=Letter.State.PURGED,
                facts_sealed=b"",
                pdf_sealed=None,
                signed_sealed=None,
                signed_form="",
                signed_at=None,
                sha256=None,
                language="",
                code=f"purged-{letter.id.hex[:12]}",
            )
        # A case whose key was destroyed by a restored ledger has no last event; its state must tell all the same.
        Case.objects.filter(id=case.id).update(
            state="purged", decision_sealed=b"", holder_reference="", assignee=None
        )
    Notice.objects.filter(filing_id=filing_id).delete()
    filing = Filing.objects.filter(id=filing_id)
    filing.update(
        reference=f"p{filing_id.hex[:14]}",
        secret_salt=b"",
        secret_hash=b"",
        idempotency_hash=os.urandom(32),
        answers_sealed=b"",
        drawing_sealed=None,
    )
    filing.filter(purged_at=None).update(purged_at=timezone.now())


def due_feedback(now: datetime | None = None) -> list[uuid.UUID]:
    """Return the feedback that is to be purged at `now`: ended long enough ago, or too old in any case."""
    now = now or timezone.now()
    ended = Q(ended_on__lte=today_in_finland(now - timedelta(days=KEEP_FEEDBACK_AFTER_END_DAYS)))
    old = Q(created_at__lte=now - timedelta(days=KEEP_FEEDBACK_DAYS))
    return list(Feedback.objects.filter(ended | old).values_list("id", flat=True))


def purge_feedback(feedback_id: uuid.UUID) -> bool:
    """Purge one message: ledger first, then the key, then the row. Safe to run twice; returns whether it was there."""
    _write_ledger(feedback_id, kind="feedback")
    vault.destroy_feedback_key(feedback_id)
    deleted, _ = Feedback.objects.filter(id=feedback_id).delete()
    return bool(deleted)


def _write_ledger(key_id: uuid.UUID, *, kind: str) -> None:
    """Add a line to the purge ledger, which lies outside every backup of data and is replayed by a restore."""
    path = settings.PURGE_LEDGER
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({kind: str(key_id), "at": timezone.now().isoformat()}) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def ledger(kind: str = "filing") -> set[uuid.UUID]:
    """Return the ids of all filings (or of all `feedback`) ever purged, as the ledger has them."""
    if not settings.PURGE_LEDGER.exists():
        return set()
    lines = settings.PURGE_LEDGER.read_text().splitlines()
    entries = [json.loads(line) for line in lines if line.strip()]
    return {uuid.UUID(entry[kind]) for entry in entries if kind in entry}


def replay_ledger() -> int:
    """Purge again what the ledger names and a restore brought back; returns how many filings and messages."""
    again = 0
    for filing_id in sorted(ledger()):
        back = Filing.objects.filter(id=filing_id, purged_at=None).exists()
        if vault.destroy_key(filing_id) or back:
            _empty_rows(filing_id)
            again += back
    for feedback_id in sorted(ledger("feedback")):
        vault.destroy_feedback_key(feedback_id)
        deleted, _ = Feedback.objects.filter(id=feedback_id).delete()
        again += bool(deleted)
    return again


def sweep_orphan_keys(now: datetime | None = None) -> int:
    """Delete keys older than a day that belong to nothing: the key is written first, then the filing or feedback."""
    before = (now or timezone.now()) - timedelta(hours=ORPHAN_KEY_HOURS)
    filings, messages = Filing.objects.all(), Feedback.objects.all()
    return _sweep(DataKey.Purpose.FILING, before, owners=filings, destroy=vault.destroy_key) + _sweep(
        DataKey.Purpose.FEEDBACK, before, owners=messages, destroy=vault.destroy_feedback_key
    )


def _sweep(
    purpose: DataKey.Purpose,
    before: datetime,
    *,
    owners: QuerySet[Filing] | QuerySet[Feedback],
    destroy: Callable[[uuid.UUID], bool],
) -> int:
    rows = DataKey.objects.filter(purpose=purpose, created_at__lt=before)
    swept = 0
    ids = list(rows.values_list("id", flat=True))
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        used = set(owners.filter(id__in=part).values_list("id", flat=True))
        swept += sum(destroy(key_id) for key_id in part if key_id not in used)
    return swept
