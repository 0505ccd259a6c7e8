"""The pipeline on real letters: each is made once, whoever dies, waits or comes too late."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from requests_app.actions import lifecycle, pipeline
from requests_app.actions.chain import PERSON
from requests_app.doors import letters, places, vault
from requests_app.models import Case, Event, Filing, Letter
from requests_app.tasks import render, sweep_once
from tests.factories import DRAWING, make_filing, make_register
from tests.integration.requests_app.actions.test_intake import together

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])


def pdf_of(letter: Letter) -> bytes:
    return vault.key_of(letter.case.filing_id).open(places.letter_pdf(letter.id), letter.pdf_sealed)


def test_letters_are_made_sealed_and_readable() -> None:
    _, receipt = make_filing("kela")
    assert pipeline.drain() == 3
    letter = Letter.objects.get(kind="request")
    pdf = pdf_of(letter)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "Amina Testi" in text
    assert receipt.reference in text
    assert letters.check_pdf(pdf).ours
    assert b"Amina" not in bytes(letter.pdf_sealed or b"")
    assert Case.objects.get().state == "ready"


def test_a_drawn_filing_is_received_where_the_holder_takes_part_and_nowhere_else() -> None:
    make_register(taking_part=("kela",))
    filing, _ = make_filing("kela", "vero", drawing=DRAWING)
    pipeline.drain()
    kela, vero = filing.cases.get(holder_id="kela"), filing.cases.get(holder_id="vero")
    assert (kela.state, kela.receipt_basis, kela.received_on) == ("received", "portal", lifecycle.today())
    assert kela.due_on is not None
    assert (vero.state, vero.received_on) == ("ready", None)


def test_a_letter_signed_by_hand_is_not_received_by_itself() -> None:
    make_register(taking_part=("kela",))
    filing, _ = make_filing("kela")
    pipeline.drain()
    assert filing.cases.get().state == "ready"


def test_a_case_for_the_desk_reaches_its_queue() -> None:
    filing, _ = make_filing("desk")
    pipeline.drain()
    assert filing.cases.get().state == "received"


def test_a_claimed_letter_is_nobody_elses_until_the_lease_is_over() -> None:
    make_filing("kela")
    first, second, third = pipeline.claim(), pipeline.claim(), pipeline.claim()
    assert first is not None
    assert second is not None
    assert third is not None
    assert len({first.id, second.id, third.id}) == 3
    # Whoever waits for a letter of their own comes before the bundle of all.
    assert third.kind == Letter.Kind.BUNDLE
    assert pipeline.claim() is None
    Letter.objects.filter(id=first.id).update(lease_until=timezone.now() - timedelta(seconds=1))
    again = pipeline.claim()
    assert again is not None
    assert again.id == first.id


def test_a_slow_worker_and_its_successor_store_one_letter() -> None:
    make_filing("kela")
    slow = pipeline.claim()
    assert slow is not None
    Letter.objects.filter(id=slow.id).update(lease_until=timezone.now() - timedelta(seconds=1))
    successor = pipeline.claim(letter_id=slow.id)
    assert successor is not None
    assert pipeline.render(successor)
    stored = bytes(Letter.objects.get(id=slow.id).pdf_sealed or b"")
    assert not pipeline.render(slow)
    assert bytes(Letter.objects.get(id=slow.id).pdf_sealed or b"") == stored


def test_every_task_can_run_twice() -> None:
    make_filing("kela")
    letter_id = str(Letter.objects.get(kind="request").id)
    assert render(letter_id)
    assert not render(letter_id)
    assert not render(str(uuid.uuid4()))
    sweep_once()
    stored = [bytes(letter.sha256 or b"") for letter in Letter.objects.order_by("id")]
    events = Event.objects.count()
    sweep_once()
    assert [bytes(letter.sha256 or b"") for letter in Letter.objects.order_by("id")] == stored
    assert Event.objects.count() == events


def test_workers_at_once_make_each_letter_once() -> None:
    for _ in range(3):
        make_filing("kela", "omnia")
    done = together(*[pipeline.drain] * 3)
    assert sum(int(str(count)) for count in done) == 15
    assert not Letter.objects.exclude(state="ready").exists()
    assert Event.objects.filter(kind="letters_ready").count() == 6
    assert set(Case.objects.values_list("state", flat=True)) == {"ready"}


def test_a_failing_engine_leaves_the_letter_waiting_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_filing("kela")

    def broken(*_: object, **__: object) -> letters.Made:
        raise RuntimeError("Amina Testi")

    monkeypatch.setattr(letters, "make", broken)
    monkeypatch.setattr(letters, "make_bundle", broken)
    assert pipeline.drain() == 0
    assert set(Letter.objects.values_list("state", "problem")) == {("wanted", "RuntimeError")}
    assert Case.objects.get().state == "preparing"
    monkeypatch.undo()
    Letter.objects.update(lease_until=None)
    assert pipeline.drain() == 3
    assert set(Letter.objects.values_list("state", "problem")) == {("ready", "")}


def test_after_too_many_failures_the_letter_is_the_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    make_filing("kela")

    def broken(*_: object, **__: object) -> letters.Made:
        raise RuntimeError

    monkeypatch.setattr(letters, "make", broken)
    monkeypatch.setattr(letters, "make_bundle", broken)
    for _ in range(pipeline.MAX_ATTEMPTS):
        Letter.objects.update(lease_until=None)
        pipeline.drain()
    assert set(Letter.objects.values_list("state", flat=True)) == {"failed"}
    assert pipeline.claim() is None


def test_withdrawing_while_letters_are_being_made_is_kept() -> None:
    filing, _ = make_filing("kela")
    lifecycle.apply(filing.cases.get().id, "withdraw", actor=PERSON)
    assert pipeline.drain() == 3
    assert filing.cases.get().state == "withdrawn"


def test_a_purged_filing_is_not_rendered() -> None:
    filing, _ = make_filing("kela")
    vault.destroy_key(filing.id)
    assert pipeline.drain() == 0
    assert not Letter.objects.filter(state="ready").exists()
    assert Filing.objects.count() == 1
