"""Feedback as it is stored: sealed, taken once, ended by the desk alone, kept in backups and gone for good in time."""

from __future__ import annotations

import base64
import os
import tarfile
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import Settings

from requests_app.actions import archive, feedback, retention, sweep
from requests_app.actions.casework import Refused
from requests_app.actions.feedback import Message
from requests_app.actions.lifecycle import Stale, today
from requests_app.doors import places, vault
from requests_app.models import DataKey, Feedback, Membership
from requests_app.reading import feedback as reading
from requests_app.reading.feedback import NoSuchFeedback
from tests.factories import make_filing, make_member, make_register

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])

MESSAGE = Message(
    topic="accessibility",
    text="Pyrstötiainen cannot read\nthe second line",
    language="ar",
    email="tiainen@example.org",
    page="/ar/faq/",
)


@pytest.fixture(autouse=True)
def own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.PURGE_LEDGER = tmp_path / "ledger.jsonl"
    make_register()


def given(message: Message = MESSAGE) -> Feedback:
    return feedback.give(message, feedback_id=uuid.uuid4())


@pytest.fixture
def clerk() -> Membership:
    return make_member("desk")


def read(row: Feedback, user: User) -> reading.OpenedFeedback:
    return reading.opened(user, row.id, today=today())


# ------------------------------------------------------------------------------------------------------ taking


def test_what_was_written_is_sealed_and_the_desk_reads_it(clerk: Membership) -> None:
    row = given()
    for value in Feedback.objects.filter(id=row.id).values().get().values():
        stored = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for secret in ("Pyrstötiainen", "tiainen@example.org", "/ar/faq/"):
            assert secret.encode() not in stored
    found = read(row, clerk.user)
    assert (found.text, found.email, found.page) == (MESSAGE.text, MESSAGE.email, MESSAGE.page)
    assert (row.due_on - today()).days == 14
    assert row.wants_answer
    assert "Pyrstötiainen" not in repr(found)
    assert "tiainen@example.org" not in repr(found)


def test_a_second_sending_changes_nothing() -> None:
    feedback_id = uuid.uuid4()
    first = feedback.give(MESSAGE, feedback_id=feedback_id)
    again = feedback.give(Message("other", "something else", "fi"), feedback_id=feedback_id)
    assert again.topic == first.topic == "accessibility"
    assert Feedback.objects.count() == 1
    assert DataKey.objects.filter(purpose="feedback").count() == 1


def test_after_a_crash_between_key_and_row_the_same_form_can_be_sent_again(clerk: Membership) -> None:
    feedback_id = uuid.uuid4()
    vault.new_feedback_key(feedback_id)
    assert read(feedback.give(MESSAGE, feedback_id=feedback_id), clerk.user).text == MESSAGE.text


def test_a_key_serves_one_purpose() -> None:
    filing, _ = make_filing("kela")
    with pytest.raises(IntegrityError), transaction.atomic(using="keys"):
        vault.new_feedback_key(filing.id)
    row = given()
    assert not vault.destroy_key(row.id)
    assert not vault.destroy_feedback_key(filing.id)
    with pytest.raises(vault.Unreadable):
        vault.key_of(row.id)


def test_a_message_opens_in_its_own_row_alone(clerk: Membership) -> None:
    one, other = given(), given(Message("other", "quiet", "fi"))
    Feedback.objects.filter(id=other.id).update(message_sealed=one.message_sealed)
    with pytest.raises(NoSuchFeedback):
        read(other, clerk.user)


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "praise"},
        {"state": "lost"},
        {"state": "closed"},
        {"ended_on": "2026-01-01"},
        {"state": "answered", "ended_on": "2026-01-01", "wants_answer": False},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, object]) -> None:
    row = given()
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(id=row.id).update(**wrong)


# ------------------------------------------------------------------------------------------------------ ending


def test_the_desk_answers_then_closes(clerk: Membership) -> None:
    row = given()
    row = feedback.end(row, by=clerk, state="answered", note="Wrote to Pyrstötiainen", version=1)
    assert (row.state, row.version, row.ended_on, row.ended_by) == ("answered", 2, today(), clerk.user)
    assert b"Pyrst" not in bytes(row.note_sealed or b"")
    assert read(row, clerk.user).note == "Wrote to Pyrstötiainen"
    row = feedback.end(row, by=clerk, state="closed", note="", version=2)
    assert read(row, clerk.user).note == ""
    assert read(row, clerk.user).next_states == ()


@pytest.mark.parametrize("state", ["new", "lost", "closed"])
def test_a_closed_message_stays_closed(clerk: Membership, state: str) -> None:
    row = feedback.end(given(), by=clerk, state="closed", note="", version=1)
    with pytest.raises(Refused, match="unknown_choice"):
        feedback.end(row, by=clerk, state=state, note="", version=2)


def test_nobody_is_answered_without_an_address(clerk: Membership) -> None:
    row = given(Message("other", "text", "fi"))
    with pytest.raises(Refused, match="unknown_choice"):
        feedback.end(row, by=clerk, state="answered", note="", version=1)


def test_whoever_is_slower_changes_nothing(clerk: Membership) -> None:
    row = given()
    feedback.end(row, by=clerk, state="answered", note="first", version=1)
    with pytest.raises(Stale):
        feedback.end(row, by=clerk, state="closed", note="second", version=1)
    assert read(row, clerk.user).note == "first"


def test_others_cannot_end_it(clerk: Membership) -> None:
    row = given()
    for outsider in (make_member("kela", role="lead"), make_member("desk", role="viewer")):
        with pytest.raises(Refused, match="not_allowed"):
            feedback.end(row, by=outsider, state="closed", note="", version=1)
    with pytest.raises(Refused, match="too_long"):
        feedback.end(row, by=clerk, state="closed", note="x" * 4001, version=1)


def test_others_cannot_read_it(clerk: Membership) -> None:
    row = given()
    superuser = User.objects.create_superuser("root")
    resting = make_member("desk").user
    resting.is_active = False
    resting.save()
    for user in (make_member("kela", role="lead").user, superuser, resting):
        with pytest.raises(NoSuchFeedback):
            read(row, user)
        assert reading.listing(user, state="new", today=today()).total == 0
    assert reading.listing(clerk.user, state="new", today=today()).total == 1


# ----------------------------------------------------------------------------------------------------- forgetting


def due_in(days: int) -> list[uuid.UUID]:
    return retention.due_feedback(timezone.now() + timedelta(days=days))


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_it_goes_ninety_days_after_its_end(clerk: Membership, state: str) -> None:
    row = feedback.end(given(), by=clerk, state=state, note="", version=1)
    assert due_in(89) == []
    assert due_in(90) == [row.id]


def test_it_goes_after_a_year_whatever_became_of_it(clerk: Membership) -> None:
    row = given()
    assert due_in(364) == []
    assert due_in(365) == [row.id]
    Feedback.objects.filter(id=row.id).update(created_at=timezone.now() - timedelta(days=300))
    feedback.end(row, by=clerk, state="closed", note="", version=1)
    assert due_in(65) == [row.id]


def test_housekeeping_purges_it_and_nothing_can_be_read(clerk: Membership, settings: Settings) -> None:
    settings.AUDIT_DIR = settings.PURGE_LEDGER.parent / "audit"
    row, kept = given(), given()
    sealed = bytes(row.message_sealed)
    key = vault.feedback_key(row.id)
    Feedback.objects.filter(id=row.id).update(created_at=timezone.now() - timedelta(days=366))
    sweep.housekeeping()
    assert list(Feedback.objects.values_list("id", flat=True)) == [kept.id]
    with pytest.raises(vault.Unreadable):
        vault.feedback_key(row.id)
    with pytest.raises(vault.Unreadable):
        vault.new_feedback_key(row.id).open(places.feedback_message(row.id), sealed)
    assert key.open(places.feedback_message(row.id), sealed)
    assert retention.ledger("feedback") == {row.id}
    assert retention.ledger() == set()


def test_a_purge_can_run_twice() -> None:
    row = given()
    assert retention.purge_feedback(row.id)
    assert not retention.purge_feedback(row.id)


def test_the_command_shows_first_and_does_only_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    row = given()
    Feedback.objects.filter(id=row.id).update(created_at=timezone.now() - timedelta(days=366))
    call_command("purge")
    assert "feedback: 1" in capsys.readouterr().out
    assert Feedback.objects.count() == 1
    call_command("purge", "--yes")
    assert "1 purged" in capsys.readouterr().out
    assert not Feedback.objects.exists()


def test_a_key_without_a_message_is_swept_after_a_day_and_no_other() -> None:
    row, orphan = given(), uuid.uuid4()
    vault.new_feedback_key(orphan)
    assert retention.sweep_orphan_keys() == 0
    assert retention.sweep_orphan_keys(timezone.now() + timedelta(days=2)) == 1
    with pytest.raises(vault.Unreadable):
        vault.feedback_key(orphan)
    assert vault.feedback_key(row.id)


# ------------------------------------------------------------------------------------------- keys and backups


def test_rotation_wraps_its_key_anew(clerk: Membership, settings: Settings) -> None:
    row = given()
    new = f"new:{base64.b64encode(os.urandom(32)).decode()}"
    with override_settings(VAULT_KEYS=f"{new},{settings.VAULT_KEYS}"):
        call_command("rotate_keys")
    with override_settings(VAULT_KEYS=new):
        assert read(row, clerk.user).text == MESSAGE.text


def test_a_backup_carries_it_and_a_restore_brings_it_back(tmp_path: Path, clerk: Membership) -> None:
    row = feedback.end(given(), by=clerk, state="answered", note="noted", version=1)
    made = archive.backup(tmp_path / "data", keys_folder=tmp_path / "keys")
    with tarfile.open(made.data) as tar:
        texts = [(tar.extractfile(item) or pytest.fail(item.name)).read() for item in tar]
    assert not [text for text in texts if b"tiainen@example.org" in text or b"cannot read" in text]
    later = given()
    assert archive.restore(made.data, made.keys) == 0
    back = read(row, clerk.user)
    assert (back.text, back.note, back.feedback.state) == (MESSAGE.text, "noted", "answered")
    assert not Feedback.objects.filter(id=later.id).exists()


def test_a_restore_does_not_bring_back_what_was_purged(tmp_path: Path, clerk: Membership) -> None:
    gone, kept = given(), given()
    filing, _ = make_filing("kela")
    made = archive.backup(tmp_path / "data", keys_folder=tmp_path / "keys")
    retention.purge_feedback(gone.id)
    retention.purge(filing.id)
    assert archive.restore(made.data, made.keys) == 2
    assert list(Feedback.objects.values_list("id", flat=True)) == [kept.id]
    assert not DataKey.objects.filter(id__in=[gone.id, filing.id]).exists()
    assert read(kept, clerk.user).text == MESSAGE.text


def test_keys_older_than_seven_days_bring_nothing_back(tmp_path: Path) -> None:
    given()
    old = timezone.now() - timedelta(days=7, hours=1)
    made = archive.backup(tmp_path / "data", keys_folder=tmp_path / "keys", now=old)
    with pytest.raises(CommandError, match="older than 7 days"):
        call_command("restore", str(made.data), str(made.keys), "--yes")
