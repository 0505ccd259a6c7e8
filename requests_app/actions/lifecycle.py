"""The one place where the state of a case changes: lock, look the move up, save, write the event, in one transaction.

`due_on` and `latest_on` are reckoned here and nowhere else (Art. 12(3) GDPR; `rules.deadlines`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from requests_app.actions import chain
from requests_app.actions.chain import Actor
from requests_app.doors import vault
from requests_app.models import Case, Event, Pause
from requests_app.rules import deadlines, states
from requests_app.rules.dates import today_in_finland


class Stale(Exception):
    """The case has changed since the form was shown."""


def today() -> date:
    """Return today's calendar date in Finland, where the holders act."""
    return today_in_finland(timezone.now())


@dataclass(frozen=True, slots=True)
class Change:
    """What a move writes besides the state; None leaves a column as it is."""

    posted_on: date | None = None
    received_on: date | None = None
    receipt_basis: str | None = None
    extended_told_on: date | None = None
    identity_asked_on: date | None = None
    identity_received_on: date | None = None
    holder_reference: str | None = None
    assignee: User | None = None


def locked(case_id: uuid.UUID) -> Case:
    """Return the case, locked until the end of the transaction that the caller holds."""
    return Case.objects.select_for_update().get(id=case_id)


@transaction.atomic
def apply(
    case_id: uuid.UUID,
    move: str,
    *,
    actor: Actor,
    facts: dict[str, object] | None = None,
    change: Change = Change(),
    expect_version: int | None = None,
    key: vault.FilingKey | None = None,
) -> Case:
    """Make `move` with a case and write its event; returns the case as saved.

    Raises `states.IllegalMove` where the table does not allow it, and Stale where `expect_version` is over.
    """
    case = locked(case_id)
    if expect_version is not None and case.version != expect_version:
        raise Stale
    before = case.state
    case.state = states.target(move, before)
    if states.MOVES[move].actor != actor.kind:
        raise states.IllegalMove(move, before)
    _write(case, change)
    if case.state in states.FINAL and before not in states.FINAL:
        case.closed_on = today()
        case.pauses.filter(ended_on=None).update(ended_on=max(today(), _running_since(case) or today()))
    if case.received_on and case.state in states.OPEN:
        _reckon(case)
    case.version += 1
    case.save()
    key = key or vault.key_of(case.filing_id)
    chain.append(case, key=key, kind=move, actor=actor, facts=facts or {}, at=timezone.now())
    return case


def _running_since(case: Case) -> date | None:
    pause = case.pauses.filter(ended_on=None).first()
    return pause.asked_on if pause else None


def _write(case: Case, change: Change) -> None:
    for name in ("posted_on", "received_on", "receipt_basis", "extended_told_on", "holder_reference"):
        value = getattr(change, name)
        if value is not None:
            setattr(case, name, value)
    if change.assignee is not None:
        case.assignee = change.assignee
    if change.identity_asked_on is not None:
        Pause.objects.create(case=case, asked_on=change.identity_asked_on)
    if change.identity_received_on is not None:
        case.pauses.filter(ended_on=None).update(ended_on=change.identity_received_on)


def pauses_of(pauses: Sequence[Pause]) -> tuple[deadlines.Pause, ...]:
    """Return stored pauses as the clock's rule takes them."""
    return tuple(deadlines.Pause(pause.asked_on, pause.ended_on) for pause in pauses)


def clock_of(case: Case) -> deadlines.Deadline:
    """Return the reckoned clock of a case that has a receipt; the steps tell how it was reckoned."""
    if case.received_on is None:
        raise ValueError("A case without receipt has no clock.")
    return deadlines.deadline(
        case.received_on,
        extended=case.extended_told_on is not None,
        pauses=pauses_of(list(case.pauses.all())),
        today=today(),
    )


def _reckon(case: Case) -> None:
    clock = clock_of(case)
    case.due_on, case.latest_on = clock.due, clock.latest


@transaction.atomic
def reckon_again(case_id: uuid.UUID) -> None:
    """Reckon the dates of a case whose pause is running: each day of it moves the end by one day."""
    case = locked(case_id)
    if case.state == "waiting_identity":
        _reckon(case)
        case.save(update_fields=["due_on", "latest_on"])


@transaction.atomic
def record(
    case_id: uuid.UUID,
    kind: str,
    *,
    actor: Actor,
    facts: dict[str, object] | None = None,
    key: vault.FilingKey | None = None,
    at: datetime | None = None,
) -> Event:
    """Write an event that changes no state (opened, downloaded …); committed when this returns outermost."""
    case = locked(case_id)
    key = key or vault.key_of(case.filing_id)
    return chain.append(case, key=key, kind=kind, actor=actor, facts=facts or {}, at=at or timezone.now())


@transaction.atomic
def begin(
    case: Case,
    *,
    actor: Actor,
    facts: dict[str, object],
    key: vault.FilingKey,
    kind: str = "filed",
    carried: Case | None = None,
) -> None:
    """Store a new case with its first event; `carried` is the case it continues, whose clock it takes over."""
    if carried is not None:
        case.transferred_from = carried
        case.received_on, case.receipt_basis = carried.received_on, carried.receipt_basis
        case.extended_told_on = carried.extended_told_on
        case.due_on, case.latest_on = carried.due_on, carried.latest_on
    case.save(force_insert=True)
    if carried is not None:
        for pause in carried.pauses.all():
            Pause.objects.create(case=case, asked_on=pause.asked_on, ended_on=pause.ended_on)
        _reckon(case)
        case.save(update_fields=["due_on", "latest_on"])
    chain.append(case, key=key, kind=kind, actor=actor, facts=facts, at=case.created_at)
