"""The key store: wrapped data keys in a database of their own (`KEYS_DATABASE_URL`), never in a data dump."""

from __future__ import annotations

from typing import Any

from django.db import models

ALIAS = "keys"


class DataKey(models.Model):
    """One wrapped data key: of a filing, feedback, or the audit chain. It holds ciphertext; `doors.vault` opens it."""

    class Purpose(models.TextChoices):
        """What a key is for."""

        FILING = "filing"
        FEEDBACK = "feedback"
        AUDIT = "audit"

    id = models.UUIDField(primary_key=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.FILING)
    ring_id = models.CharField(max_length=32)
    wrapped = models.BinaryField(max_length=128)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["purpose", "created_at"])]


class KeyStoreRouter:
    """Send `DataKey` to the key store and everything else to the data (Django's database routers)."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """Return the database of `model`."""
        return ALIAS if model is DataKey else None

    db_for_write = db_for_read

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool | None:
        """Allow no relation across the two stores."""
        return isinstance(one, DataKey) == isinstance(other, DataKey)

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        """Let the key store hold `DataKey` alone, and the data everything but it."""
        if model_name == "datakey":
            return db == ALIAS
        return db != ALIAS
