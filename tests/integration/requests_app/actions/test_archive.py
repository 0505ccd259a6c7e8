"""Backup and restore, drilled: everything comes back, and what was purged does not."""

from __future__ import annotations

import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone
from pytest_django import Settings

from requests_app.actions import archive, audit, lifecycle, retention
from requests_app.actions.archive import Archives
from requests_app.actions.chain import PERSON
from requests_app.doors import places, vault
from requests_app.models import Case, DataKey, Event, Filing, Letter
from tests.factories import make_filing, make_letter_ready, make_member

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])


@pytest.fixture(autouse=True)
def own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.PURGE_LEDGER = tmp_path / "ledger.jsonl"


def made(tmp_path: Path, *, days_ago: float = 0) -> Archives:
    now = timezone.now() - timedelta(days=days_ago)
    return archive.backup(tmp_path / "data", keys_folder=tmp_path / "keys", now=now)


def read(filing: Filing) -> dict[str, object]:
    key = vault.key_of(filing.id)
    opened: dict[str, object] = key.open_json(
        places.answers(filing.id), Filing.objects.get(id=filing.id).answers_sealed
    )
    return opened


def rows() -> dict[str, int]:
    stored: list[type[models.Model]] = [Filing, Case, Letter, Event]
    return {model.__name__: model._default_manager.count() for model in stored}


def test_everything_comes_back(tmp_path: Path) -> None:
    filing, _ = make_filing("kela", "omnia")
    member = make_member("kela")
    make_letter_ready(filing.cases.get(holder_id="kela").letters.get(kind="request"))
    before, archives = rows(), made(tmp_path)
    later, _ = make_filing("kela")
    assert archive.restore(archives.data, archives.keys) == 0
    assert rows() == before
    assert read(filing)["full_name"] == "Amina Testi"
    assert not Filing.objects.filter(id=later.id).exists()
    assert list(audit.verify()) == []
    member.refresh_from_db()
    # Numbered rows go on after the restored ones.
    make_member("omnia")
    make_filing("kela")


@pytest.mark.parametrize("days_ago", [0.0, 6.9])
def test_a_restore_with_the_oldest_permitted_keys_leaves_the_purged_unreadable(
    tmp_path: Path, days_ago: float
) -> None:
    gone, _ = make_filing("kela")
    kept, _ = make_filing("omnia")
    archives = made(tmp_path, days_ago=days_ago)
    lifecycle.apply(gone.cases.get().id, "withdraw", actor=PERSON)
    assert retention.purge(gone.id)
    assert archive.restore(archives.data, archives.keys) == 1
    with pytest.raises(vault.Unreadable):
        vault.key_of(gone.id)
    assert not DataKey.objects.filter(id=gone.id).exists()
    purged = Filing.objects.get(id=gone.id)
    assert purged.purged_at
    assert bytes(purged.answers_sealed) == b""
    assert {case.state for case in purged.cases.all()} == {"purged"}
    assert read(kept)["full_name"] == "Amina Testi"
    assert list(audit.verify()) == []


def test_keys_older_than_seven_days_are_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    filing, _ = make_filing("kela")
    archives = made(tmp_path, days_ago=7.1)
    with pytest.raises(CommandError, match="older than 7 days"):
        call_command("restore", str(archives.data), str(archives.keys), "--yes")
    assert read(filing)["full_name"] == "Amina Testi"


def test_old_archives_of_keys_are_deleted_by_the_next_backup(tmp_path: Path) -> None:
    make_filing("kela")
    old = made(tmp_path, days_ago=8)
    new = made(tmp_path)
    assert not old.keys.exists()
    assert old.data.exists()
    assert new.keys.exists()


def test_the_archive_of_data_holds_no_key_and_nothing_readable(tmp_path: Path) -> None:
    make_filing("kela")
    archives = made(tmp_path)
    wrapped = [bytes(row.wrapped).hex() for row in DataKey.objects.all()]
    with tarfile.open(archives.data) as tar:
        texts = [(item.name, (tar.extractfile(item) or pytest.fail(item.name)).read()) for item in tar]
    assert not [name for name, _ in texts if "datakey" in name]
    for _, text in texts:
        assert b"Amina" not in text
        assert b"amina@example.org" not in text
        assert not [key for key in wrapped if key.encode() in text]
    assert archives.data.stat().st_mode & 0o077 == 0
    assert archives.keys.stat().st_mode & 0o077 == 0


def test_keys_and_data_never_go_into_one_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path), str(tmp_path / "x" / ".."))


@pytest.mark.parametrize("how", ["cut", "junk", "swapped", "missing"])
def test_a_broken_archive_is_refused_and_nothing_is_changed(tmp_path: Path, how: str) -> None:
    filing, _ = make_filing("kela")
    archives = made(tmp_path)
    data, keys = archives.data, archives.keys
    if how == "cut":
        data.write_bytes(data.read_bytes()[:-200])
    elif how == "junk":
        keys.write_bytes(b"not an archive")
    elif how == "swapped":
        data, keys = keys, data
    else:
        data.unlink()
    with pytest.raises(CommandError):
        call_command("restore", str(data), str(keys), "--yes")
    assert read(filing)["full_name"] == "Amina Testi"


def test_a_restore_asks_for_confirmation(tmp_path: Path) -> None:
    make_filing("kela")
    archives = made(tmp_path)
    with pytest.raises(CommandError, match="--yes"):
        call_command("restore", str(archives.data), str(archives.keys))
