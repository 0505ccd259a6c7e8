"""Verifies the event chains of all cases, and compares them with an earlier export of their heads."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

from requests_app.actions import chain
from requests_app.actions.chain import Fault
from requests_app.doors import vault
from requests_app.models import Case


def verify(*, against: Path | None = None) -> Iterator[Fault]:
    """Yield what is wrong in any chain; `against` is an export of heads, which also shows whole cases gone."""
    key = vault.audit_key()
    for case in Case.objects.order_by("id").iterator(chunk_size=500):
        yield from chain.faults_of(case, key=key)
    if against is not None:
        yield from _compare(against, key=key)


def _compare(export: Path, *, key: bytes) -> Iterator[Fault]:
    for line in export.read_text().splitlines():
        row = json.loads(line)
        case_id, number = uuid.UUID(row["case"]), int(row["number"])
        case = Case.objects.filter(id=case_id).first()
        if case is None:
            yield Fault(case_id, number, "case_missing")
            continue
        event = case.events.filter(number=number).first()
        now = chain.head_mac(key, case_id, number, bytes(event.mac)) if event else b""
        if now.hex() != row["head"]:
            yield Fault(case_id, number, "not_as_exported")
