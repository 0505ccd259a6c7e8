"""Rows the house itself needs: sealed sessions, counted attempts, and signs of life."""

from __future__ import annotations

from django.db import models


class SealedSession(models.Model):
    """A session, found by a hash of its id and sealed under a key of the ring; at most 24 hours old."""

    key_hash = models.CharField(primary_key=True, max_length=64)
    data_sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)


class Attempt(models.Model):
    """A counter of attempts in a window of time, by a keyed hash of what is counted (an address, a reference)."""

    key_hash = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    window_until = models.DateTimeField(db_index=True)


class Heartbeat(models.Model):
    """When something that must happen regularly last happened, e.g. the sweep; `/readyz` reads it."""

    name = models.CharField(primary_key=True, max_length=32)
    at = models.DateTimeField()
