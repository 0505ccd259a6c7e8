"""Feedback as the service desk reads it: the list without a word of what was written, and one message opened.

Every query begins at `permissions.feedback_of`, so that it reaches nobody but members of the desk.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from portal.languages import BY_CODE
from requests_app import permissions
from requests_app.doors import places, vault
from requests_app.models import Feedback, Membership
from requests_app.permissions import User
from requests_app.rules import feedback as rules
from requests_app.rules.dates import today_in_finland
from requests_app.wording.cases import Due
from requests_app.wording.feedback import STATE_TAGS, TOPIC_NAMES, due_words, state_name

PAGE_SIZE: Final = 50


class NoSuchFeedback(LookupError):
    """There is no such message for this member; whether there is one for others is not told."""


@dataclass(frozen=True, slots=True)
class Row:
    """One message in the list: what it is about and how it stands, not what it says."""

    id: uuid.UUID
    topic: str
    language: str
    state: str
    state_tag: str
    received_on: date
    due_on: date
    due: Due
    wants_answer: bool


@dataclass(frozen=True, slots=True)
class FeedbackList:
    """One page of the messages in one state: `total` in all, on `pages` pages of which this is number `page`."""

    rows: tuple[Row, ...]
    state: str
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OpenedFeedback:
    """One message with what was written, and the states that may follow."""

    row: Row
    feedback: Feedback
    next_states: tuple[str, ...]
    ended_by: str
    text: str = field(repr=False)
    email: str = field(repr=False)
    page: str = field(repr=False)
    note: str = field(repr=False)


def is_read() -> bool:
    """Return whether anybody works at the service desk who could read what is sent."""
    return Membership.objects.filter(
        holder__is_desk=True, role__in=permissions.ACTING, user__is_active=True
    ).exists()


def listing(user: User, *, state: str, page: int = 1, today: date) -> FeedbackList:
    """Return a page of the messages in `state`: new ones by last day, ended ones with the latest first."""
    state = state if state in rules.STATES else rules.STATES[0]
    found = permissions.feedback_of(user).filter(state=state)
    order = ("due_on", "created_at", "id") if state == "new" else ("-ended_on", "-created_at", "id")
    total = found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    start = (page - 1) * PAGE_SIZE
    listed = found.defer("message_sealed", "note_sealed").order_by(*order)[start : start + PAGE_SIZE]
    rows = tuple(_row(feedback, today) for feedback in listed)
    return FeedbackList(rows=rows, state=state, total=total, page=page, pages=pages)


def opened(user: User, feedback_id: uuid.UUID, *, today: date) -> OpenedFeedback:
    """Return one message with its text; raises NoSuchFeedback, also where its key is destroyed."""
    feedback = permissions.feedback_of(user).select_related("ended_by").filter(id=feedback_id).first()
    if feedback is None:
        raise NoSuchFeedback
    try:
        key = vault.feedback_key(feedback.id)
        written = key.open_json(places.feedback_message(feedback.id), feedback.message_sealed)
        note = _note(feedback, key)
    except vault.Unreadable:
        raise NoSuchFeedback from None
    member = feedback.ended_by
    return OpenedFeedback(
        row=_row(feedback, today),
        feedback=feedback,
        next_states=rules.next_states(feedback.state, wants_answer=feedback.wants_answer),
        ended_by=(member.get_full_name() or member.get_username()) if member else "",
        text=written["text"],
        email=written["email"],
        page=written["page"],
        note=note,
    )


def _note(feedback: Feedback, key: vault.FeedbackKey) -> str:
    if feedback.note_sealed is None:
        return ""
    return key.open(places.feedback_note(feedback.id), feedback.note_sealed).decode()


def _row(feedback: Feedback, today: date) -> Row:
    language = BY_CODE.get(feedback.language)
    return Row(
        id=feedback.id,
        topic=str(TOPIC_NAMES[feedback.topic]),
        language=language.own_name if language else feedback.language,
        state=state_name(feedback.state),
        state_tag=STATE_TAGS[feedback.state],
        received_on=today_in_finland(feedback.created_at),
        due_on=feedback.due_on,
        due=due_words(feedback.state, due=feedback.due_on, today=today),
        wants_answer=feedback.wants_answer,
    )
