"""Retention: what is purged when, that it is unreadable afterwards, and that running it twice changes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from requests_app.actions import lifecycle, retention
from requests_app.actions.chain import PERSON
from requests_app.actions.retention import KEEP_AFTER_CLOSING_DAYS, KEEP_UNSENT_DAYS
from requests_app.doors import vault
from requests_app.models import Case, Event, Filing, Letter
from tests.factories import make_filing, make_letter_ready, make_received_case

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture(autouse=True)
def own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.PURGE_LEDGER = tmp_path / "ledger.jsonl"


def in_days(days: int) -> set[object]:
    return {item.filing_id for item in retention.due(timezone.now() + timedelta(days=days))}


def test_an_open_case_is_kept_however_old() -> None:
    case = make_received_case()
    assert in_days(5000) == set()
    lifecycle.apply(case.id, "withdraw", actor=PERSON)
    assert in_days(KEEP_AFTER_CLOSING_DAYS - 1) == set()
    assert in_days(KEEP_AFTER_CLOSING_DAYS) == {case.filing_id}


def test_one_open_case_keeps_the_whole_filing() -> None:
    filing, _ = make_filing("kela", "omnia")
    kela, omnia = filing.cases.get(holder_id="kela"), filing.cases.get(holder_id="omnia")
    lifecycle.apply(kela.id, "withdraw", actor=PERSON)
    assert in_days(KEEP_AFTER_CLOSING_DAYS + 1) == set()
    lifecycle.apply(omnia.id, "withdraw", actor=PERSON)
    assert in_days(KEEP_AFTER_CLOSING_DAYS + 1) == {filing.id}


def test_letters_never_sent_go_after_a_year() -> None:
    filing, _ = make_filing("kela", "omnia")
    assert in_days(KEEP_UNSENT_DAYS - 1) == set()
    assert in_days(KEEP_UNSENT_DAYS) == {filing.id}
    retention.purge(filing.id)
    assert {case.state for case in filing.cases.all()} == {"purged"}


def test_a_purge_leaves_nothing_to_read_and_can_run_twice() -> None:
    case = make_received_case()
    make_letter_ready(case.letters.get(kind="request"))
    lifecycle.apply(case.id, "withdraw", actor=PERSON)
    filing = Filing.objects.get(id=case.filing_id)
    reference = filing.reference
    assert retention.purge(filing.id)
    assert not retention.purge(filing.id)
    with pytest.raises(vault.Unreadable):
        vault.key_of(filing.id)
    filing.refresh_from_db()
    assert filing.reference != reference
    assert bytes(filing.answers_sealed) == bytes(filing.secret_hash) == b""
    for letter in Letter.objects.filter(case=case):
        assert (letter.state, letter.pdf_sealed, letter.sha256, letter.language) == ("purged", None, None, "")
    assert Case.objects.get(id=case.id).state == "purged"
    # The chain stays, and its last event tells of the purge.
    assert [event.kind for event in Event.objects.filter(case=case)][-1] == "purge"
    assert retention.ledger() == {filing.id}


def test_the_command_shows_first_and_does_only_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    case = make_received_case()
    lifecycle.apply(case.id, "withdraw", actor=PERSON)
    Case.objects.filter(id=case.id).update(
        closed_on=lifecycle.today() - timedelta(days=KEEP_AFTER_CLOSING_DAYS)
    )
    call_command("purge")
    assert vault.key_of(case.filing_id)
    assert "closed: 1" in capsys.readouterr().out
    call_command("purge", "--yes")
    with pytest.raises(vault.Unreadable):
        vault.key_of(case.filing_id)


def test_the_ledger_is_the_owners_alone() -> None:
    case = make_received_case()
    lifecycle.apply(case.id, "withdraw", actor=PERSON)
    retention.purge(case.filing_id)
    from django.conf import settings

    assert settings.PURGE_LEDGER.stat().st_mode & 0o077 == 0
