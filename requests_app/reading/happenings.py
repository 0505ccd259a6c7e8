"""Opens the events of a case, with the names that their words need; for staff and for the person alike."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from requests_app.doors import places, vault
from requests_app.models import Case, Event, Holder
from requests_app.wording.events import Happening


def of_case(case: Case, *, key: vault.FilingKey, named: bool) -> list[Happening]:
    """Return the events of `case`, oldest first, opened with the filing's `key`.

    `named` adds the names of members of the case's own holder, which only its staff may see; members of other
    holders (one that passed the case on) are never named.  Raises `vault.Unreadable`.
    """
    rows = list(case.events.order_by("number"))
    facts = [_facts(row, key) for row in rows]
    holders = _holder_names(rows, facts, also=case.holder_id)
    members = _member_names(case, rows, facts) if named else {}
    return [
        _opened(case, row, found, holders=holders, members=members)
        for row, found in zip(rows, facts, strict=True)
    ]


def of_filing(
    cases: Sequence[Case], *, key: vault.FilingKey, holders: Mapping[str, str]
) -> dict[uuid.UUID, list[Happening]]:
    """Return the events of all `cases` of one filing by case, oldest first, in one query; nobody is named.

    `holders` gives the names of the filing's holders by key: a transfer stays within the filing, so no event
    points to another one.  Raises `vault.Unreadable`.
    """
    found: dict[uuid.UUID, list[Happening]] = {case.id: [] for case in cases}
    own = {case.id: case for case in cases}
    for row in Event.objects.filter(case__in=list(own)).order_by("case", "number"):
        opened = _opened(own[row.case_id], row, _facts(row, key), holders=holders, members={})
        found[row.case_id].append(opened)
    return found


def _opened(
    case: Case,
    row: Event,
    facts: Mapping[str, Any],
    *,
    holders: Mapping[str, str],
    members: Mapping[Any, str],
) -> Happening:
    return Happening(
        number=row.number,
        kind=row.kind,
        at=row.at,
        actor=row.actor,
        holder=holders.get(case.holder_id, ""),
        role=row.role,
        by_holder=holders.get(row.holder_key, ""),
        other_holder=holders.get(_other(row, facts), ""),
        author=members.get(row.member_id, "") if row.holder_key == case.holder_id else "",
        assignee=members.get(facts.get("to"), "") if row.kind == "assign" else "",
        facts=facts,
    )


def _facts(row: Event, key: vault.FilingKey) -> dict[str, Any]:
    found: dict[str, Any] = key.open_json(places.event(row.case_id, row.number), row.facts_sealed)
    return found


def _other(row: Event, facts: Mapping[str, Any]) -> str:
    """Return the key of the holder that a transfer came from or went to; "" for other events."""
    named = {"transfer": "to", "transferred_in": "from"}.get(row.kind, "")
    return str(facts.get(named, ""))


def _holder_names(rows: Sequence[Event], facts: Sequence[Mapping[str, Any]], *, also: str) -> dict[str, str]:
    keys = {also, *(row.holder_key for row in rows), *map(_other, rows, facts)}
    return {holder.key: str(holder) for holder in Holder.objects.filter(key__in=keys - {""})}


def _member_names(case: Case, rows: Sequence[Event], facts: Sequence[Mapping[str, Any]]) -> dict[Any, str]:
    wanted = {row.member_id for row in rows if row.holder_key == case.holder_id}
    wanted |= {found.get("to") for row, found in zip(rows, facts, strict=True) if row.kind == "assign"}
    users = User.objects.filter(id__in=[number for number in wanted if number is not None])
    return {user.pk: user.get_full_name() or user.get_username() for user in users}
