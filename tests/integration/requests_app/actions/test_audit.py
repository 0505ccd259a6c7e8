"""The event chain: whatever is done to stored events behind the portal's back is found, also after a purge."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from requests_app.actions import audit, lifecycle, retention, sweep
from requests_app.actions.chain import PERSON
from requests_app.models import Case, Event
from tests.factories import make_received_case

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def case() -> Case:
    case = make_received_case()
    lifecycle.record(case.id, "downloaded", actor=PERSON)
    lifecycle.record(case.id, "downloaded", actor=PERSON)
    return case


def codes(*, against: Path | None = None) -> set[str]:
    return {fault.code for fault in audit.verify(against=against)}


def raw(sql: str, *values: str | int | bytes | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_untouched_chain_is_whole(case: Case) -> None:
    assert codes() == set()
    call_command("audit_verify")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "answer"},
        {"actor": "system"},
        {"role": "lead"},
        {"holder_key": "vero"},
        {"member_id": 7},
        {"facts_sealed": b"other"},
        {"mac": b"\x01" * 32},
        {"previous_mac": b"\x01" * 32},
    ],
)
def test_a_changed_event_is_found(case: Case, change: dict[str, object]) -> None:
    Event.objects.filter(case=case, number=3).update(**change)
    assert codes()
    with pytest.raises(CommandError):
        call_command("audit_verify")


def test_a_changed_time_is_found(case: Case) -> None:
    event = Event.objects.get(case=case, number=2)
    Event.objects.filter(pk=event.pk).update(at=event.at + timedelta(microseconds=1))
    assert "changed" in codes()


def test_a_removed_event_is_found(case: Case) -> None:
    raw("DELETE FROM requests_app_event WHERE number = 2")
    assert "missing" in codes()


def test_reordered_events_are_found(case: Case) -> None:
    raw("UPDATE requests_app_event SET number = 99 WHERE number = 2")
    raw("UPDATE requests_app_event SET number = 2 WHERE number = 3")
    raw("UPDATE requests_app_event SET number = 3 WHERE number = 99")
    assert codes() >= {"changed", "not_after_the_one_before"}


def test_a_cut_off_end_is_found(case: Case) -> None:
    raw("DELETE FROM requests_app_event WHERE number = (SELECT MAX(number) FROM requests_app_event)")
    assert "cut_off" in codes()


def test_a_cut_off_end_with_the_head_set_back_is_found(case: Case) -> None:
    raw("DELETE FROM requests_app_event WHERE number = (SELECT MAX(number) FROM requests_app_event)")
    last = Event.objects.order_by("-number").first()
    assert last is not None
    Case.objects.filter(id=case.id).update(head_number=last.number, head_mac=last.mac)
    assert "head_changed" in codes()


def test_an_export_shows_a_whole_case_gone_and_an_old_state_brought_back(case: Case, tmp_path: Path) -> None:
    before = Case.objects.get(id=case.id)
    lifecycle.record(case.id, "downloaded", actor=PERSON)
    with override_settings(AUDIT_DIR=tmp_path):
        export = Path(sweep.export_heads())
    assert codes(against=export) == set()
    assert export.stat().st_mode & 0o077 == 0
    raw("DELETE FROM requests_app_event WHERE number > %s", before.head_number)
    Case.objects.filter(id=case.id).update(head_number=before.head_number, head_mac=before.head_mac)
    assert codes() == set()
    assert codes(against=export) == {"not_as_exported"}


def test_a_purge_leaves_the_chain_whole(case: Case) -> None:
    lifecycle.apply(case.id, "withdraw", actor=PERSON)
    assert retention.purge(case.filing_id)
    assert codes() == set()


def test_events_are_neither_changed_nor_deleted_through_the_model(case: Case) -> None:
    event = case.events.first()
    assert event is not None
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_change_and_event_are_one_transaction(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("requests_app.actions.chain.append", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        lifecycle.apply(case.id, "withdraw", actor=PERSON)
    assert Case.objects.get(id=case.id).state == "received"
