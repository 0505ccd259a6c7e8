"""Intake: one commit, once; whatever fails leaves nothing behind but a key that the sweep deletes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from requests_app.actions import intake, retention
from requests_app.actions.intake import Asked
from requests_app.doors import places, vault
from requests_app.models import Case, DataKey, Event, Filing, Letter, Notice
from requests_app.rules import references
from tests.factories import ANSWERS, DRAWING, make_filing, make_register

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])


def test_a_filing_has_one_case_per_holder_and_its_letters_are_ordered() -> None:
    filing, receipt = make_filing("kela", "omnia")
    assert references.show(filing.reference) == receipt.reference
    assert sorted(filing.cases.values_list("holder_id", "state")) == [
        ("kela", "preparing"),
        ("omnia", "preparing"),
    ]
    assert Letter.objects.get(case__filing=filing, kind="bundle").case.holder_id == "omnia"
    for case in filing.cases.all():
        at_filing = case.letters.exclude(kind="bundle")
        assert sorted(at_filing.values_list("kind", "state", "language")) == [
            ("reading_copy", "wanted", "en"),
            ("request", "wanted", "fi"),
        ]
        assert [event.kind for event in case.events.all()] == ["filed"]


def test_nothing_personal_is_stored_readable() -> None:
    filing, receipt = make_filing("kela", drawing=DRAWING)
    stored = repr(list(Filing.objects.values())) + repr(list(Case.objects.values()))
    stored += repr(list(Letter.objects.values())) + repr(list(Event.objects.values()))
    for text in ("Amina", "Testikatu", "amina@example.org", "401234567", "1990", "benefits"):
        assert text not in stored
    assert references.parse_secret(receipt.secret) not in stored
    key = vault.key_of(filing.id)
    assert key.open_json(places.answers(filing.id), filing.answers_sealed)["full_name"] == ANSWERS.full_name


def test_a_resend_returns_the_same_filing() -> None:
    filing, receipt = make_filing("kela")
    again, _ = make_filing("kela", "omnia", receipt=receipt)
    assert again.id == filing.id
    assert Filing.objects.count() == 1
    assert Case.objects.count() == 1


def together(*work: Callable[[], object]) -> list[object]:
    """Run all of `work` at once, each in a thread with connections of its own; returns results or errors."""
    barrier, results = threading.Barrier(len(work)), [object()] * len(work)

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = work[index]()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_race_makes_one_filing() -> None:
    make_register()
    receipt = intake.draw_receipt()
    asked = [Asked("kela", ANSWERS.categories), Asked("omnia", ANSWERS.categories)]
    made = together(*[lambda: intake.submit(ANSWERS, asked=asked, receipt=receipt).id] * 6)
    assert set(made) == {receipt.filing_id}
    assert Filing.objects.count() == 1
    assert Case.objects.count() == 2
    assert Letter.objects.count() == 5


def test_nothing_asked_is_refused() -> None:
    make_register()
    with pytest.raises(intake.NothingAsked):
        intake.submit(ANSWERS, asked=[], receipt=intake.draw_receipt())
    assert not Filing.objects.exists()


def test_a_taken_reference_is_told() -> None:
    _, first = make_filing("kela")
    other = intake.draw_receipt()
    taken = intake.Receipt(other.filing_id, first.reference, other.secret, other.token)
    with pytest.raises(intake.ReferenceTaken):
        intake.submit(ANSWERS, asked=[Asked("kela", ("benefits",))], receipt=taken)


def test_a_failure_in_the_middle_leaves_nothing_but_a_key_that_is_swept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_register()
    receipt = intake.draw_receipt()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("requests_app.actions.ordering.order", broken)
    with pytest.raises(RuntimeError):
        intake.submit(ANSWERS, asked=[Asked("kela", ("benefits",))], receipt=receipt)
    assert not Filing.objects.exists()
    assert not Event.objects.exists()
    assert DataKey.objects.filter(id=receipt.filing_id).exists()
    assert retention.sweep_orphan_keys() == 0
    assert retention.sweep_orphan_keys(timezone.now() + timedelta(hours=25)) == 1
    assert not DataKey.objects.filter(id=receipt.filing_id).exists()


def test_the_sweep_of_orphans_leaves_keys_of_filings_and_of_the_chain() -> None:
    filing, _ = make_filing("kela")
    assert retention.sweep_orphan_keys(timezone.now() + timedelta(days=9)) == 0
    assert vault.key_of(filing.id)
    assert vault.audit_key()


def test_a_notice_is_wanted_only_by_whoever_asks_for_it() -> None:
    from dataclasses import replace

    make_filing("kela")
    assert not Notice.objects.exists()
    make_filing("kela", answers=replace(ANSWERS, wants_notices=True, email=""))
    assert not Notice.objects.exists()
    make_filing("kela", answers=replace(ANSWERS, wants_notices=True))
    assert Notice.objects.get().message == "filed"
