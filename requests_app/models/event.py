"""Events: what happened to a case, append-only and chained by an HMAC over what is stored."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from requests_app.models.filing import Case


class Event(models.Model):
    """One thing that happened to a case. Words are chosen when it is shown; the facts are sealed."""

    class Actor(models.TextChoices):
        """Who did it."""

        PERSON = "person"
        MEMBER = "member"
        SYSTEM = "system"

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    actor = models.CharField(max_length=8, choices=Actor.choices)
    role = models.CharField(max_length=12, blank=True)
    holder_key = models.CharField(max_length=32, blank=True)
    # The member's number alone and no foreign key: deleting a person must neither delete nor change an event.
    member_id = models.BigIntegerField(null=True)
    facts_sealed = models.BinaryField()
    previous_mac = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="event_numbered_once")]
        indexes = [models.Index(fields=["case", "kind", "member_id", "at"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only; raises TypeError for an event that exists."""
        if not self._state.adding:
            raise TypeError("An event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: an event is never deleted."""
        raise TypeError("An event is never deleted.")
