"""The sweep: does whatever waits, whether or not the bell rang; and the housekeeping of each hour and day."""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.module_loading import import_string

from requests_app.actions import lifecycle, notices, pipeline, retention
from requests_app.doors import limits
from requests_app.models import Case, Heartbeat
from requests_app.rules.dates import today_in_finland
from requests_app.sessions import SessionStore

log = logging.getLogger(__name__)

SWEEP = "sweep"
HOUSEKEEPING = "housekeeping"


def beat(name: str) -> None:
    """Note that `name` happened now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def age_of(name: str) -> timedelta | None:
    """Return how long ago `name` last happened, or None where it never did."""
    row = Heartbeat.objects.filter(name=name).first()
    return timezone.now() - row.at if row else None


def sweep(*, most: int | None = 200) -> int:
    """Render and send what waits, at most `most` letters, and run the errands; returns how many things were done."""
    done = pipeline.drain(most=most)
    done += notices.send_waiting()
    done += sum(_run(errand) for errand in settings.SWEEP_ERRANDS)
    beat(SWEEP)
    return done


def _run(errand: str) -> int:
    """Run what another part of the portal leaves to the sweep; its failure stops no letter and no sign of life."""
    try:
        return int(import_string(errand)())
    except DatabaseError:
        raise
    except Exception:
        log.exception("an errand of the sweep failed: %s", errand)
        return 0


def housekeeping() -> None:
    """Forget what is over, move the ends of paused clocks, purge what is due, export the heads of the chains."""
    SessionStore.clear_expired()
    limits.clear_expired()
    retention.sweep_orphan_keys()
    for case_id in Case.objects.filter(state="waiting_identity").values_list("id", flat=True):
        lifecycle.reckon_again(case_id)
    for item in retention.due():
        retention.purge(item.filing_id)
    for feedback_id in retention.due_feedback():
        retention.purge_feedback(feedback_id)
    export_heads()
    beat(HOUSEKEEPING)


def housekeeping_is_due() -> bool:
    """Return whether an hour has passed since the last housekeeping."""
    age = age_of(HOUSEKEEPING)
    return age is None or age >= timedelta(hours=1)


def export_heads(now: datetime | None = None) -> str:
    """Write today's heads of all chains to AUDIT_DIR, once a day, readable by the owner alone; returns the path."""
    day = today_in_finland(now or timezone.now())
    folder = settings.AUDIT_DIR
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"heads-{day.isoformat()}.jsonl"
    if not path.exists():
        draft = path.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            for case in Case.objects.order_by("id").only("id", "head_number", "head_mac").iterator():
                head = {"case": str(case.id), "number": case.head_number, "head": bytes(case.head_mac).hex()}
                file.write(json.dumps(head) + "\n")
        draft.rename(path)
    return str(path)
