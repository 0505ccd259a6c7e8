"""The event chain: each event carries an HMAC over itself and the one before it, the case keeps the head.

The HMAC is over what is stored (ciphertext), so that a chain still verifies after the data were purged.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from requests_app.doors import places, vault
from requests_app.models import Case, Event

START = b"\x00" * 32


def event_mac(key: bytes, event: Event) -> bytes:
    """Return the HMAC-SHA-256 (RFC 2104) of `event` as stored."""
    fields = [
        str(event.case_id),
        event.number,
        event.kind,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor,
        event.role,
        event.holder_key,
        event.member_id,
        hashlib.sha256(bytes(event.facts_sealed)).hexdigest(),
        bytes(event.previous_mac).hex(),
    ]
    return hmac.new(key, json.dumps(fields).encode(), hashlib.sha256).digest()


def head_mac(key: bytes, case_id: uuid.UUID, number: int, last: bytes) -> bytes:
    """Return the HMAC of a chain's head: without the key nobody can set it back to an earlier event."""
    return hmac.new(
        key, b"head" + json.dumps([str(case_id), number, last.hex()]).encode(), hashlib.sha256
    ).digest()


def append(
    case: Case, *, key: vault.FilingKey, kind: str, actor: Actor, facts: dict[str, object], at: datetime
) -> Event:
    """Write the next event of a locked `case` and move its head; the caller holds the transaction."""
    audit = vault.audit_key()
    last = case.events.order_by("-number").first()
    number = case.head_number + 1
    event = Event(
        case=case,
        number=number,
        kind=kind,
        at=at,
        actor=actor.kind,
        role=actor.role,
        holder_key=actor.holder_key,
        member_id=actor.member_id,
        facts_sealed=key.seal_json(places.event(case.id, number), facts),
        previous_mac=bytes(last.mac) if last else START,
    )
    event.mac = event_mac(audit, event)
    event.save(force_insert=True)
    case.head_number = number
    case.head_mac = head_mac(audit, case.id, number, event.mac)
    case.save(update_fields=["head_number", "head_mac"])
    return event


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the person, a member of a holder's staff in a role, or the portal itself."""

    kind: str
    role: str = ""
    holder_key: str = ""
    member_id: int | None = None


PERSON = Actor("person")
SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the chain of one case."""

    case_id: uuid.UUID
    number: int
    code: str


def faults_of(case: Case, *, key: bytes) -> list[Fault]:
    """Return what is wrong with the chain of `case`: changed, missing, reordered or cut-off events."""
    faults: list[Fault] = []
    previous, expected = START, 1
    for event in case.events.order_by("number"):
        if event.number != expected:
            faults.append(Fault(case.id, expected, "missing"))
        if bytes(event.previous_mac) != previous:
            faults.append(Fault(case.id, event.number, "not_after_the_one_before"))
        if not hmac.compare_digest(event_mac(key, event), bytes(event.mac)):
            faults.append(Fault(case.id, event.number, "changed"))
        previous, expected = bytes(event.mac), event.number + 1
    last = expected - 1
    if last != case.head_number:
        faults.append(Fault(case.id, last + 1, "cut_off"))
    if not hmac.compare_digest(head_mac(key, case.id, last, previous), bytes(case.head_mac)):
        faults.append(Fault(case.id, last, "head_changed"))
    return faults
