"""What `/readyz` and `/metrics` tell: whether databases, broker and sweep do what they must, measured when asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Count, Min
from django.utils import timezone

from requests_app.actions import pipeline, sweep
from requests_app.models import Case, Letter, Notice
from requests_app.rules import states

STALE_SWEEP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the portal stands on: whether it works, and its age in seconds where it has one."""

    name: str
    ok: bool
    age_seconds: float | None = None


def parts() -> list[Part]:
    """Return the state of both databases, of the broker where one is set, and of the sweep."""
    found = [Part(f"database {alias}", _answers(alias)) for alias in ("default", "keys")]
    if settings.REDIS_URL:
        found.append(Part("broker", _broker_answers()))
    if found[0].ok:
        age = sweep.age_of(sweep.SWEEP)
        seconds = age.total_seconds() if age is not None else None
        found.append(Part("sweep", seconds is not None and seconds < STALE_SWEEP_SECONDS, seconds))
    return found


def _answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        connections[alias].close()
        return False


def _broker_answers() -> bool:
    import redis  # Only where a broker is set.

    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts for Prometheus; none of them is about a person."""

    letters: dict[str, int]
    notices: dict[str, int]
    cases: dict[str, int]
    overdue: int
    oldest_wanted_seconds: float


def numbers() -> Numbers:
    """Return the counts of this moment."""
    oldest = Letter.objects.filter(state=Letter.State.WANTED).aggregate(at=Min("created_at"))["at"]
    late = Case.objects.filter(state__in=states.OPEN, latest_on__lt=timezone.localdate())
    return Numbers(
        letters=dict(Letter.objects.values_list("state").annotate(n=Count("id"))),
        notices=dict(Notice.objects.values_list("state").annotate(n=Count("id"))),
        cases=dict(Case.objects.values_list("state").annotate(n=Count("id"))),
        overdue=late.count(),
        oldest_wanted_seconds=(timezone.now() - oldest).total_seconds() if oldest else 0.0,
    )


def waiting_letters() -> int:
    """Return how many letters wait for a worker now."""
    return pipeline.waiting().count()
