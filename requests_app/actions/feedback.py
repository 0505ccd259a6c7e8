"""Feedback on the site: taken once, sealed under a key of its own, and ended by the service desk."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app import permissions
from requests_app.actions.casework import Refused
from requests_app.actions.lifecycle import Stale, today
from requests_app.doors import places, vault
from requests_app.models import Feedback, Membership
from requests_app.rules import feedback as rules
from requests_app.rules.dates import today_in_finland


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote: `email` and `page` are "" where not given, `language` is that of the page."""

    topic: str
    text: str
    language: str
    email: str = ""
    page: str = ""

    def to_json(self) -> dict[str, str]:
        """Return what is sealed; the rest stands in the row."""
        return {"text": self.text, "email": self.email, "page": self.page}


def give(message: Message, *, feedback_id: uuid.UUID) -> Feedback:
    """Store a message, key first; a second call with the same id returns the first one's row."""
    existing = Feedback.objects.filter(id=feedback_id).first()
    if existing is not None:
        return existing
    key = vault.new_feedback_key(feedback_id)
    now = timezone.now()
    try:
        with transaction.atomic():
            return Feedback.objects.create(
                id=feedback_id,
                topic=message.topic,
                language=message.language,
                created_at=now,
                due_on=rules.due_on(today_in_finland(now)),
                wants_answer=bool(message.email),
                message_sealed=key.seal_json(places.feedback_message(feedback_id), message.to_json()),
            )
    except IntegrityError:  # A double click: the other one was faster.
        existing = Feedback.objects.filter(id=feedback_id).first()
        if existing is None:
            raise
        return existing


@transaction.atomic
def end(feedback: Feedback, *, by: Membership, state: str, note: str, version: int) -> Feedback:
    """Mark feedback as answered or closed, with a note for the desk ("" for none); returns it as saved.

    The answer itself goes out from the desk's own mailbox. Raises Refused, Stale where `version` is over, and
    `vault.Unreadable` where the message was purged meanwhile.
    """
    if not by.holder.is_desk or not permissions.may_act(by):
        raise Refused("not_allowed")
    note = note.replace("\x00", "").strip()
    if len(note) > rules.MAX_TEXT:
        raise Refused("too_long", field="note", most=rules.MAX_TEXT)
    row = Feedback.objects.select_for_update().filter(id=feedback.id).first()
    if row is None or row.version != version:
        raise Stale
    if state not in rules.next_states(row.state, wants_answer=row.wants_answer):
        raise Refused("unknown_choice", field="state")
    row.state, row.ended_on, row.ended_by = state, today(), by.user
    row.version += 1
    key = vault.feedback_key(row.id)
    row.note_sealed = key.seal(places.feedback_note(row.id), note.encode()) if note else None
    row.save()
    return row
