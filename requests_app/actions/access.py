"""Reads are events too: what a member of staff opens is written down and committed before it can be opened.

The key that opens a case comes from here alone, together with the event; so no page of the staff can show what
nobody wrote down.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, transaction

from requests_app import permissions
from requests_app.actions import casework, lifecycle
from requests_app.doors import vault
from requests_app.models import Case, Event, Letter, Membership
from requests_app.permissions import User

READ_ONCE_IN: Final = timedelta(minutes=15)
"""A member who opens the same case again within this time leaves no second event."""


class NoSuchCase(LookupError):
    """There is no such case (or letter) among those of the member's holders; whether elsewhere is not told."""


class NotRecorded(Exception):
    """The reading could not be written down, so nothing may be shown."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A case whose opening is committed: the membership it was opened by, and the key of its filing."""

    case: Case
    membership: Membership
    key: vault.FilingKey


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """A finished letter whose download is committed, and the key of its filing."""

    letter: Letter
    key: vault.FilingKey


def open_case(user: User, case_id: uuid.UUID, *, now: datetime) -> Opened:
    """Write down and commit that `user` opens a case, once in READ_ONCE_IN; return it with its key.

    Raises NoSuchCase, and NotRecorded where the event can't be written: then nothing may be shown.
    """
    case, membership = _find(user, case_id)
    try:
        key = vault.key_of(case.filing_id)
        if not _opened_recently(case, membership, now):
            # Durable: when this block ends the event is committed, whatever becomes of the answer.
            with transaction.atomic(durable=True):
                lifecycle.locked(case.id)
                if not _opened_recently(case, membership, now):
                    actor = casework.actor_of(membership)
                    lifecycle.record(case.id, "opened", actor=actor, key=key, at=now)
    except (DatabaseError, vault.Unreadable) as error:
        raise NotRecorded from error
    return Opened(case, membership, key)


def open_letter(user: User, case_id: uuid.UUID, letter_id: uuid.UUID, *, now: datetime) -> OpenedLetter:
    """Write down and commit that `user` downloads a finished letter, each time; return it with its key.

    The reading copy is the person's own and is never among the letters of staff. Raises NoSuchCase and NotRecorded.
    """
    case, membership = _find(user, case_id)
    ready = case.letters.filter(state=Letter.State.READY, kind__in=Letter.SEEN_BY_STAFF)
    letter = ready.filter(id=letter_id).first()
    if letter is None:
        raise NoSuchCase
    try:
        key = vault.key_of(case.filing_id)
        actor = casework.actor_of(membership)
        with transaction.atomic(durable=True):
            lifecycle.record(
                case.id, "downloaded", actor=actor, facts={"letter": letter.kind}, key=key, at=now
            )
    except (DatabaseError, vault.Unreadable) as error:
        raise NotRecorded from error
    return OpenedLetter(letter, key)


def _find(user: User, case_id: uuid.UUID) -> tuple[Case, Membership]:
    cases = permissions.cases_of(user).select_related("filing", "holder", "assignee")
    case = cases.filter(id=case_id).first()
    membership = permissions.membership_for(user, case) if case else None
    if case is None or membership is None:
        raise NoSuchCase
    return case, membership


def _opened_recently(case: Case, membership: Membership, now: datetime) -> bool:
    opened = Event.objects.filter(case=case, kind="opened", member_id=membership.user_id)
    return opened.filter(at__gt=now - READ_ONCE_IN).exists()
