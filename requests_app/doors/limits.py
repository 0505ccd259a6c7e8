"""Counting of attempts in the database, shared by all processes; what is counted is known by a keyed hash alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from requests_app.doors import vault
from requests_app.models import Attempt


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened in its window, and for how many seconds the window stays open."""

    number: int
    seconds_left: int


def count(scope: str, value: str, *, window_seconds: int, add: int = 1) -> Count:
    """Count `add` more of `value` in `scope` and return the number in the present window; `add=0` only looks."""
    key_hash = vault.keyed_hash(f"limit {scope}", value)
    now = timezone.now()
    with transaction.atomic():
        Attempt.objects.filter(key_hash=key_hash, window_until__lte=now).delete()
        if add and not Attempt.objects.filter(key_hash=key_hash).update(count=F("count") + add):
            try:
                with transaction.atomic():
                    Attempt.objects.create(
                        key_hash=key_hash, count=add, window_until=now + timedelta(seconds=window_seconds)
                    )
            except IntegrityError:  # Another process opened the window in the same moment.
                Attempt.objects.filter(key_hash=key_hash).update(count=F("count") + add)
        row = Attempt.objects.filter(key_hash=key_hash).first()
    if row is None:
        return Count(0, 0)
    return Count(row.count, max(1, ceil((row.window_until - now).total_seconds())))


def forget(scope: str, value: str) -> None:
    """Forget what was counted of `value` in `scope`."""
    Attempt.objects.filter(key_hash=vault.keyed_hash(f"limit {scope}", value)).delete()


def clear_expired() -> None:
    """Delete windows that are over, here and in the cache, where the staff's login counts; the sweep calls it."""
    now = timezone.now()
    Attempt.objects.filter(window_until__lte=now).delete()
    # Django's cache in the database leaves what has expired in its table until that is full.
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE expires < %s",  # noqa: S608 - the name is ours.
            [connection.ops.adapt_datetimefield_value(now)],
        )
