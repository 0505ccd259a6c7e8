"""The vault: the only place that encrypts and opens what people entrust to the portal.

Each filing and each message of feedback has its own 256-bit data key; personal fields, PDFs and drawings are sealed
under it with AES-256-GCM (NIST SP 800-38D), their place (table, row, field) bound as associated data, so that
ciphertext moved to another row or field does not open. Data keys are wrapped by the key ring of the environment
(`VAULT_KEYS`: `id:base64` pairs, comma-separated, the first one wraps) and lie in a key store of their own.
Destroying the key destroys the data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.utils import timezone

from requests_app.models import DataKey

NONCE_BYTES = 12
VERSION = b"\x01"
AUDIT_ID = uuid.UUID("00000000-0000-4000-8000-0000000a0d17")


class Unreadable(Exception):
    """What was sealed can't be opened: its key is destroyed, its place is another one, or it was changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where sealed data lie; bound to them as associated data."""

    table: str
    row: str
    field: str

    def bound(self) -> bytes:
        """Return the associated data: an unambiguous text of the three parts."""
        return json.dumps([self.table, self.row, self.field]).encode()


@dataclass(frozen=True, slots=True)
class _OpenKey:
    """An open data key; kept for the length of one piece of work, never longer."""

    _secret: bytes = field(repr=False)

    def seal(self, place: Place, data: bytes) -> bytes:
        """Return `data` sealed for `place`."""
        return _encrypt(self._secret, data, place.bound())

    def open(self, place: Place, blob: bytes | memoryview | None) -> bytes:
        """Return what was sealed for `place`; raises Unreadable where blob, key or place don't fit."""
        return _decrypt(self._secret, blob, place.bound())

    def seal_json(self, place: Place, data: object) -> bytes:
        """Return JSON `data` sealed for `place`."""
        return self.seal(place, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())

    def open_json(self, place: Place, blob: bytes | memoryview | None) -> Any:
        """Return the JSON data sealed for `place`; raises Unreadable."""
        return json.loads(self.open(place, blob))


@dataclass(frozen=True, slots=True)
class FilingKey(_OpenKey):
    """The open data key of one filing."""

    filing_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class FeedbackKey(_OpenKey):
    """The open data key of one message of feedback."""

    feedback_id: uuid.UUID


def _encrypt(secret: bytes, data: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(secret).encrypt(nonce, data, bound)


def _decrypt(secret: bytes, blob: bytes | memoryview | None, bound: bytes) -> bytes:
    raw = bytes(blob or b"")
    if raw[:1] != VERSION or len(raw) < 1 + NONCE_BYTES + 16:
        raise Unreadable("not sealed")
    try:
        return AESGCM(secret).decrypt(raw[1 : 1 + NONCE_BYTES], raw[1 + NONCE_BYTES :], bound)
    except InvalidTag:
        raise Unreadable("changed, moved, or sealed under another key") from None


@lru_cache(maxsize=4)
def _parse_ring(text: str) -> dict[str, bytes]:
    ring: dict[str, bytes] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, encoded = part.partition(":")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            secret = b""
        if not name or len(secret) != 32 or name in ring:
            raise ImproperlyConfigured(
                "VAULT_KEYS must be `id:base64 of 32 bytes`, comma-separated, each id once."
            )
        ring[name] = secret
    if not ring:
        raise ImproperlyConfigured("VAULT_KEYS is not set.")
    return ring


def _ring() -> dict[str, bytes]:
    """Return the key ring by id; its first key is the one that wraps."""
    return _parse_ring(settings.VAULT_KEYS)


def primary_ring_id() -> str:
    """Return the id of the ring key under which new data keys are wrapped."""
    return next(iter(_ring()))


def _wrap(key_id: uuid.UUID, secret: bytes) -> tuple[str, bytes]:
    ring_id = primary_ring_id()
    return ring_id, _encrypt(_ring()[ring_id], secret, b"data key " + key_id.bytes)


def _unwrap(row: DataKey) -> bytes:
    try:
        wrapping = _ring()[row.ring_id]
    except KeyError:
        raise Unreadable("wrapped under a key that is not on the ring") from None
    return _decrypt(wrapping, row.wrapped, b"data key " + row.id.bytes)


def _create(key_id: uuid.UUID, purpose: DataKey.Purpose) -> bytes:
    secret = AESGCM.generate_key(bit_length=256)
    ring_id, wrapped = _wrap(key_id, secret)
    # An id that serves another purpose is an IntegrityError: no key is ever used for two.
    row, made = DataKey.objects.get_or_create(
        id=key_id,
        purpose=purpose,
        defaults={"ring_id": ring_id, "wrapped": wrapped, "created_at": timezone.now()},
    )
    return secret if made else _unwrap(row)


def _existing(key_id: uuid.UUID, purpose: DataKey.Purpose) -> bytes:
    row = DataKey.objects.filter(id=key_id, purpose=purpose).first()
    if row is None:
        raise Unreadable("the key was destroyed")
    return _unwrap(row)


def _destroy(key_id: uuid.UUID, purpose: DataKey.Purpose) -> bool:
    deleted, _ = DataKey.objects.filter(id=key_id, purpose=purpose).delete()
    return bool(deleted)


def new_key(filing_id: uuid.UUID) -> FilingKey:
    """Make the data key of a filing, or open it where it is there already (a resend after a crash)."""
    return FilingKey(_create(filing_id, DataKey.Purpose.FILING), filing_id)


def key_of(filing_id: uuid.UUID) -> FilingKey:
    """Open the data key of a filing; raises Unreadable where it was destroyed."""
    return FilingKey(_existing(filing_id, DataKey.Purpose.FILING), filing_id)


def destroy_key(filing_id: uuid.UUID) -> bool:
    """Destroy the data key of a filing; returns whether there was one. SQLite overwrites it (secure_delete)."""
    return _destroy(filing_id, DataKey.Purpose.FILING)


def new_feedback_key(feedback_id: uuid.UUID) -> FeedbackKey:
    """Make the data key of a message of feedback, or open it where it is there already."""
    return FeedbackKey(_create(feedback_id, DataKey.Purpose.FEEDBACK), feedback_id)


def feedback_key(feedback_id: uuid.UUID) -> FeedbackKey:
    """Open the data key of a message of feedback; raises Unreadable where it was destroyed."""
    return FeedbackKey(_existing(feedback_id, DataKey.Purpose.FEEDBACK), feedback_id)


def destroy_feedback_key(feedback_id: uuid.UUID) -> bool:
    """Destroy the data key of a message of feedback; returns whether there was one."""
    return _destroy(feedback_id, DataKey.Purpose.FEEDBACK)


def audit_key() -> bytes:
    """Return the 256-bit key of the event chain, made at first use."""
    try:
        return _create(AUDIT_ID, DataKey.Purpose.AUDIT)
    except IntegrityError:  # Two processes made it at once; the first one's stands.
        return _unwrap(DataKey.objects.get(id=AUDIT_ID))


def rotate() -> tuple[int, int]:
    """Wrap every data key under the ring's first key; returns (newly wrapped, unreadable). Safe to run twice."""
    newly = unreadable = 0
    primary = primary_ring_id()
    for row in DataKey.objects.exclude(ring_id=primary).iterator(chunk_size=500):
        try:
            secret = _unwrap(row)
        except Unreadable:
            unreadable += 1
            continue
        ring_id, wrapped = _wrap(row.id, secret)
        # The old ring id guards against a second rotation at the same time and against a purge meanwhile.
        newly += DataKey.objects.filter(id=row.id, ring_id=row.ring_id).update(
            ring_id=ring_id, wrapped=wrapped
        )
    return newly, unreadable


def _session_secret(ring_id: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"tietoni session")
    return kdf.derive(_ring()[ring_id])


def seal_session(key_hash: str, data: bytes) -> bytes:
    """Return session `data` sealed under a key derived from the ring (HKDF, RFC 5869), bound to its row."""
    ring_id = primary_ring_id()
    head = ring_id.encode()
    return bytes([len(head)]) + head + _encrypt(_session_secret(ring_id), data, key_hash.encode())


def open_session(key_hash: str, blob: bytes | memoryview) -> bytes:
    """Return the data of a sealed session; raises Unreadable, also when its ring key is gone."""
    raw = bytes(blob)
    size = raw[0] if raw else 0
    ring_id = raw[1 : 1 + size].decode("ascii", "replace")
    if ring_id not in _ring():
        raise Unreadable("sealed under a key that is not on the ring")
    return _decrypt(_session_secret(ring_id), raw[1 + size :], key_hash.encode())


def keyed_hash(purpose: str, value: str) -> str:
    """Return a keyed hash (hex) of `value`: equal values are seen to be equal, and nothing else is seen."""
    key = hashlib.sha256(f"tietoni {purpose} {settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, value.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
