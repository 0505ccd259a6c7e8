"""Server-side sessions sealed by the vault, stored by a hash of their id, at most 24 hours old.

A stolen database shows neither what is in a session nor an id that could be used as a cookie.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app.doors import vault
from requests_app.models import SealedSession

MAX_AGE_SECONDS = 24 * 60 * 60


def _hash(key: str) -> str:
    return hashlib.sha256(b"tietoni session " + key.encode()).hexdigest()


class SessionStore(SessionBase):
    """Django's session interface over sealed rows."""

    def exists(self, session_key: str) -> bool:
        """Return whether a session of this id is stored."""
        return SealedSession.objects.filter(key_hash=_hash(session_key)).exists()

    def load(self) -> dict[str, Any]:
        """Return the stored data, or nothing where it is absent, too old or unreadable."""
        if self.session_key is None:
            return {}
        row = SealedSession.objects.filter(
            key_hash=_hash(self.session_key), expires_at__gt=timezone.now()
        ).first()
        if row is not None:
            try:
                data: dict[str, Any] = json.loads(vault.open_session(row.key_hash, row.data_sealed))
            except vault.Unreadable:
                pass
            else:
                return data
        self._session_key = None
        return {}

    def create(self) -> None:
        """Store an empty session under a new id."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # Not in the stubs.
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Store the data; raises CreateError where a new id is taken, UpdateError where the session is gone."""
        if self.session_key is None:
            self.create()
            return
        data = json.dumps(self._get_session(no_load=must_create)).encode()  # type: ignore[attr-defined]
        key_hash = _hash(self.session_key)
        sealed = vault.seal_session(key_hash, data)
        if must_create:
            expires_at = timezone.now() + timedelta(seconds=min(self.get_expiry_age(), MAX_AGE_SECONDS))
            try:
                with transaction.atomic():
                    SealedSession.objects.create(key_hash=key_hash, data_sealed=sealed, expires_at=expires_at)
            except IntegrityError:
                raise CreateError from None
        # The end stays where it was: answers are kept for a day at most, however often they are changed.
        elif not SealedSession.objects.filter(key_hash=key_hash).update(data_sealed=sealed):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session of this id, or the current one."""
        key = session_key or self.session_key
        if key is not None:
            SealedSession.objects.filter(key_hash=_hash(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete sessions whose time is over; the sweep calls it."""
        SealedSession.objects.filter(expires_at__lte=timezone.now()).delete()
