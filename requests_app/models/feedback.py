"""Feedback on the site, as it waits for the service desk. What was written is ciphertext of `doors.vault`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from requests_app.rules.feedback import STATES, TOPICS


class Feedback(models.Model):
    """One message to the service desk, sealed under a key of its own; `actions.feedback` writes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.CharField(max_length=16)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=8, default="new")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_index=True)
    due_on = models.DateField()
    wants_answer = models.BooleanField()
    message_sealed = models.BinaryField()
    note_sealed = models.BinaryField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey("auth.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(topic__in=TOPICS), name="feedback_topic_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="feedback_state_known"),
            models.CheckConstraint(
                condition=Q(state="new", ended_on__isnull=True)
                | (~Q(state="new") & Q(ended_on__isnull=False)),
                name="feedback_ended_unless_new",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(wants_answer=True), name="feedback_answered_if_wanted"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"])]
