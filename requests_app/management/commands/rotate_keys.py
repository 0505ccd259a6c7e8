"""Wraps every data key under the ring's first key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from requests_app.doors import vault


class Command(BaseCommand):
    """`manage.py rotate_keys`: put the new key first in VAULT_KEYS, run this, then drop the old one."""

    help = "Wraps every data key under the first key of VAULT_KEYS. Safe to run twice, and while the portal serves."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate; fails where keys can't be opened, because then the old ring key is still needed."""
        newly, unreadable = vault.rotate()
        self.stdout.write(f"{newly} keys wrapped under {vault.primary_ring_id()}.")
        if unreadable:
            raise CommandError(
                f"{unreadable} keys are wrapped under a key that is not on the ring: bring it back."
            )
