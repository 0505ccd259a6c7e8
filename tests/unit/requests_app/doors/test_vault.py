"""The vault: what is sealed opens in its place alone, with its own key alone, and never after the key is gone."""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from requests_app.doors import vault
from requests_app.doors.vault import Place
from requests_app.models import DataKey

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
HERE = Place("filing", "1", "answers")


def ring(*names: str) -> str:
    return ",".join(f"{name}:{base64.b64encode(name.encode().ljust(32, b'.')).decode()}" for name in names)


@pytest.fixture(autouse=True)
def own_ring() -> Iterator[None]:
    with override_settings(VAULT_KEYS=ring("old")):
        yield


def test_what_is_sealed_opens_and_is_not_to_be_seen() -> None:
    key = vault.new_key(uuid.uuid4())
    blob = key.seal(HERE, b"Amina Example")
    assert b"Amina" not in blob
    assert vault.key_of(key.filing_id).open(HERE, blob) == b"Amina Example"


def test_the_same_text_is_sealed_differently_each_time() -> None:
    key = vault.new_key(uuid.uuid4())
    assert key.seal(HERE, b"x") != key.seal(HERE, b"x")


@pytest.mark.parametrize(
    "elsewhere",
    [Place("case", "1", "answers"), Place("filing", "2", "answers"), Place("filing", "1", "drawing")],
)
def test_ciphertext_moved_to_another_place_does_not_open(elsewhere: Place) -> None:
    key = vault.new_key(uuid.uuid4())
    with pytest.raises(vault.Unreadable):
        key.open(elsewhere, key.seal(HERE, b"x"))


def test_ciphertext_of_another_filing_does_not_open() -> None:
    one, other = vault.new_key(uuid.uuid4()), vault.new_key(uuid.uuid4())
    with pytest.raises(vault.Unreadable):
        other.open(HERE, one.seal(HERE, b"x"))


@pytest.mark.parametrize("position", [0, 1, 5, 13, -1])
def test_one_changed_byte_is_noticed(position: int) -> None:
    key = vault.new_key(uuid.uuid4())
    blob = bytearray(key.seal(HERE, b"some text"))
    blob[position] ^= 1
    with pytest.raises(vault.Unreadable):
        key.open(HERE, bytes(blob))


@pytest.mark.parametrize("plain", [b"", b"plain text found in the column", b"\x01short", None])
def test_plain_text_in_the_column_is_never_taken_for_data(plain: bytes | None) -> None:
    with pytest.raises(vault.Unreadable):
        vault.new_key(uuid.uuid4()).open(HERE, plain)


def test_a_destroyed_key_leaves_the_data_unreadable() -> None:
    filing_id = uuid.uuid4()
    vault.new_key(filing_id)
    assert vault.destroy_key(filing_id)
    assert not vault.destroy_key(filing_id)
    with pytest.raises(vault.Unreadable):
        vault.key_of(filing_id)


def test_a_resend_opens_the_key_that_is_there() -> None:
    filing_id = uuid.uuid4()
    blob = vault.new_key(filing_id).seal(HERE, b"x")
    assert vault.new_key(filing_id).open(HERE, blob) == b"x"
    assert DataKey.objects.count() == 1


def test_rotation_wraps_anew_and_lets_the_old_ring_key_go() -> None:
    keys = [vault.new_key(uuid.uuid4()) for _ in range(3)]
    blobs = [key.seal(HERE, b"kept") for key in keys]
    audit = vault.audit_key()
    with override_settings(VAULT_KEYS=ring("new", "old")):
        assert vault.rotate() == (4, 0)
        assert vault.rotate() == (0, 0)
    with override_settings(VAULT_KEYS=ring("new")):
        opened = [vault.key_of(key.filing_id).open(HERE, blob) for key, blob in zip(keys, blobs, strict=True)]
        assert opened == [b"kept"] * 3
        assert vault.audit_key() == audit


def test_rotation_tells_of_keys_it_cannot_open() -> None:
    vault.new_key(uuid.uuid4())
    with override_settings(VAULT_KEYS=ring("other")):
        assert vault.rotate() == (0, 1)


def test_a_wrapped_key_moved_to_another_filing_does_not_open() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    vault.new_key(one)
    vault.new_key(other)
    stolen = DataKey.objects.get(id=one)
    DataKey.objects.filter(id=other).update(wrapped=stolen.wrapped)
    with pytest.raises(vault.Unreadable):
        vault.key_of(other)


def test_a_session_opens_in_its_own_row_alone() -> None:
    blob = vault.seal_session("row-1", b"{}")
    assert vault.open_session("row-1", blob) == b"{}"
    with pytest.raises(vault.Unreadable):
        vault.open_session("row-2", blob)
    with override_settings(VAULT_KEYS=ring("other")), pytest.raises(vault.Unreadable):
        vault.open_session("row-1", blob)


@pytest.mark.parametrize("junk", [b"", b"\xff", pytest.param(os.urandom(40), id="random"), b"\x03old"])
def test_junk_is_no_session(junk: bytes) -> None:
    with pytest.raises(vault.Unreadable):
        vault.open_session("row", junk)


@pytest.mark.parametrize("bad", ["", "k1", "k1:", "k1:short", ":" + "A" * 44, ring("a") + "," + ring("a")])
def test_a_malformed_ring_is_refused(bad: str) -> None:
    with override_settings(VAULT_KEYS=bad), pytest.raises(ImproperlyConfigured):
        vault.primary_ring_id()


def test_keyed_hashes_differ_by_purpose_and_secret() -> None:
    first = vault.keyed_hash("limit", "192.0.2.1")
    assert first == vault.keyed_hash("limit", "192.0.2.1")
    assert first != vault.keyed_hash("search", "192.0.2.1")
    with override_settings(SECRET_KEY="another"):
        assert first != vault.keyed_hash("limit", "192.0.2.1")
