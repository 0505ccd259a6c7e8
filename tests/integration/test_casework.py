"""The steps of the law by their forms: what each does to state, clock, letters and events, and what is refused."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import timezone

from requests_app.actions import audit, casework, lifecycle
from requests_app.actions.chain import PERSON, SYSTEM
from requests_app.doors import places, vault
from requests_app.models import Case, Letter, Membership
from requests_app.rules import deadlines
from requests_app.rules.letter_facts import LetterFacts
from tests.factories import (
    log_in,
    make_filing,
    make_letter_ready,
    make_member,
    make_received_case,
    make_register,
)

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture(autouse=True)
def _register() -> Iterator[None]:
    make_register()
    yield
    cache.clear()


@pytest.fixture
def member() -> Membership:
    return make_member("kela")


@pytest.fixture
def staff(client: Client, member: Membership) -> Client:
    client.cookies["staff_language"] = "en"
    return log_in(client, member)


@pytest.fixture
def case() -> Case:
    """A case received ten days ago, its letters ready."""
    case = make_received_case(received_on=lifecycle.today() - timedelta(days=10))
    for letter in case.letters.all():
        make_letter_ready(letter)
    return case


@pytest.fixture
def unreceived() -> Case:
    """A case whose letter is ready to be posted."""
    filing, _ = make_filing("kela")
    case = filing.cases.get()
    return lifecycle.apply(case.id, "letters_ready", actor=SYSTEM)


def typed(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


TODAY = lifecycle.today()


def send(client: Client, case: Case, step: str, **fields: Any) -> Any:
    """Send the form of a step as it is shown now, or for the `version` that is given."""
    version = fields.pop("version", None) or Case.objects.get(id=case.id).version
    return client.post(f"/staff/case/{case.id}/{step}/", {"version": str(version), **fields})


def facts_of(letter: Letter) -> LetterFacts:
    key = vault.key_of(letter.case.filing_id)
    return LetterFacts.from_json(key.open_json(places.letter_facts(letter.id), letter.facts_sealed))


def event_facts(case: Case, kind: str) -> dict[str, object]:
    event = case.events.filter(kind=kind).order_by("-number")[0]
    key = vault.key_of(case.filing_id)
    facts: dict[str, object] = key.open_json(places.event(case.id, event.number), event.facts_sealed)
    return facts


def words(answer: Any) -> str:
    """Return the words of a page without its markup."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


# ----------------------------------------------------------------------------------------- what each step does


def test_receive_starts_the_clock(staff: Client, unreceived: Case) -> None:
    answer = send(staff, unreceived, "receive", received_on=typed(TODAY), basis="post")
    assert (answer.status_code, answer["Location"]) == (303, f"/staff/case/{unreceived.id}/")
    unreceived.refresh_from_db()
    wanted = deadlines.deadline(TODAY)
    assert (unreceived.state, unreceived.received_on, unreceived.receipt_basis) == ("received", TODAY, "post")
    assert (unreceived.due_on, unreceived.latest_on) == (wanted.due, wanted.latest)
    assert event_facts(unreceived, "receive") == {"received_on": TODAY.isoformat(), "basis": "post"}
    assert unreceived.letters.count() == 3
    assert b"Done: Mark as received." in staff.get(answer["Location"]).content


def test_correcting_the_receipt_reckons_again(staff: Client, unreceived: Case) -> None:
    send(staff, unreceived, "receive", received_on=typed(TODAY), basis="in_person")
    Case.objects.filter(id=unreceived.id).update(created_at=timezone.now() - timedelta(days=9))
    earlier = TODAY - timedelta(days=4)
    assert (
        send(
            staff, unreceived, "correct-receipt", received_on=earlier.isoformat(), reason="Stamp"
        ).status_code
        == 303
    )
    unreceived.refresh_from_db()
    assert unreceived.received_on == earlier
    assert unreceived.due_on == deadlines.deadline(earlier).due
    assert event_facts(unreceived, "correct_receipt") == {
        "received_on": earlier.isoformat(), "before": TODAY.isoformat(), "reason": "Stamp",
    }  # fmt: skip


def test_asking_for_identity_stops_the_clock_and_its_answer_starts_it(staff: Client, case: Case) -> None:
    asked, came = TODAY - timedelta(days=6), TODAY - timedelta(days=2)
    assert (
        send(staff, case, "ask-identity", asked_on=typed(asked), reason="Two of that name").status_code == 303
    )
    case.refresh_from_db()
    assert case.state == "waiting_identity"
    assert (case.pauses.get().asked_on, case.pauses.get().ended_on) == (asked, None)
    letter = case.letters.get(kind="identity_request")
    assert (letter.state, facts_of(letter).reason, facts_of(letter).told_on) == (
        "wanted", "Two of that name", asked.isoformat(),
    )  # fmt: skip
    assert send(staff, case, "identity-received", received_on=typed(came)).status_code == 303
    case.refresh_from_db()
    assert case.state == "received"
    assert case.received_on is not None
    pause = deadlines.Pause(asked, came)
    assert case.due_on == deadlines.deadline(case.received_on, pauses=[pause]).due


def test_confirming_the_receipt_tells_the_last_day_and_moves_nothing(staff: Client, case: Case) -> None:
    shown = staff.get(f"/staff/case/{case.id}/acknowledge/").context["preview"]
    assert "saapunut meille" in " ".join(paragraph.text for paragraph in shown.paragraphs)
    assert case.letters.count() == 3
    before = (case.state, case.received_on, case.due_on, case.latest_on)
    assert send(staff, case, "acknowledge").status_code == 303
    case.refresh_from_db()
    assert (case.state, case.received_on, case.due_on, case.latest_on) == before
    assert case.received_on is not None
    assert case.due_on is not None
    facts = facts_of(case.letters.get(kind="acknowledgement"))
    assert (facts.received_on, facts.due_on) == (case.received_on.isoformat(), case.due_on.isoformat())
    assert f"/staff/case/{case.id}/acknowledge/" not in staff.get(f"/staff/case/{case.id}/").content.decode()


def test_a_receipt_is_confirmed_once(staff: Client, case: Case) -> None:
    send(staff, case, "acknowledge")
    case.refresh_from_db()
    answer = send(staff, case, "acknowledge")
    assert answer.status_code in (409, 422)
    assert "has been confirmed already" in words(answer)
    assert "has been confirmed already" in words(staff.get(f"/staff/case/{case.id}/acknowledge/"))
    assert case.letters.filter(kind="acknowledgement").count() == 1
    assert case.events.filter(kind="acknowledge").count() == 1


def test_extending_adds_two_months_counted_from_receipt(staff: Client, case: Case) -> None:
    assert send(staff, case, "extend", told_on=typed(TODAY), reason="Three registers").status_code == 303
    case.refresh_from_db()
    assert case.received_on is not None
    wanted = deadlines.deadline(case.received_on, extended=True)
    assert (case.state, case.extended_told_on, case.due_on) == ("received", TODAY, wanted.due)
    facts = facts_of(case.letters.get(kind="extension"))
    assert (facts.reason, facts.due_on) == ("Three registers", wanted.due.isoformat())


def test_an_extension_told_in_time_can_be_logged_late(staff: Client) -> None:
    late = make_received_case(received_on=TODAY - timedelta(days=45))
    assert (
        send(staff, late, "extend", told_on=typed(TODAY - timedelta(days=20)), reason="Many").status_code
        == 303
    )


def test_an_answer_closes_the_case(staff: Client, case: Case) -> None:
    fields = {"answered_on": typed(TODAY), "delivered_by": "post", "note": "Section 34: one page left out"}
    assert send(staff, case, "answer", **fields).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.closed_on) == ("answered", TODAY)
    facts = facts_of(case.letters.get(kind="answer"))
    assert (facts.delivered_by, facts.reason) == ("post", "Section 34: one page left out")
    assert send(staff, case, "note", text="after").status_code == 409


def test_a_refusal_closes_the_case_with_reasons_and_grounds(staff: Client, case: Case) -> None:
    fields = {"refused_on": typed(TODAY), "reason": "Line one\r\nline two", "grounds": "1050/2018 s. 34"}
    assert send(staff, case, "refuse", **fields).status_code == 303
    case.refresh_from_db()
    assert case.state == "refused"
    facts = facts_of(case.letters.get(kind="refusal"))
    assert (facts.reason, facts.grounds) == ("Line one\nline two", "1050/2018 s. 34")


def test_a_transfer_keeps_day_and_letter_and_leaves_notes_behind(staff: Client, case: Case) -> None:
    send(staff, case, "note", text="Our own secret")
    send(staff, case, "reference", holder_reference="KELA 7/26")
    send(staff, case, "ask-identity", asked_on=typed(TODAY - timedelta(days=3)), reason="Who?")
    send(staff, case, "identity-received", received_on=typed(TODAY))
    assert send(staff, case, "transfer", to="omnia", reason="A student").status_code == 303
    case.refresh_from_db()
    new = case.transferred_to
    assert (case.state, case.closed_on, new.holder_id, new.state) == (
        "transferred",
        TODAY,
        "omnia",
        "received",
    )
    assert (new.received_on, new.due_on, new.latest_on) == (case.received_on, case.due_on, case.latest_on)
    assert (new.holder_reference, new.assignee_id) == ("", None)
    assert [(p.asked_on, p.ended_on) for p in new.pauses.all()] == [(TODAY - timedelta(days=3), TODAY)]
    old, copy = case.letters.get(kind="request"), new.letters.get()
    key = vault.key_of(case.filing_id)
    assert copy.kind == "request"
    assert key.open(places.letter_pdf(copy.id), copy.pdf_sealed) == key.open(
        places.letter_pdf(old.id), old.pdf_sealed
    )
    assert [event.kind for event in new.events.all()] == ["transferred_in"]
    assert facts_of(case.letters.get(kind="transfer")).transferred_to == "omnia"
    second = log_in(Client(), make_member("omnia"))
    second.cookies["staff_language"] = "en"
    page = words(second.get(f"/staff/case/{new.id}/"))
    assert "passed the request on" in page
    for kept in ("Our own secret", "KELA 7/26", "Who?", "A student"):
        assert kept not in page


def test_notes_diary_number_and_assignment_change_no_clock(
    staff: Client, member: Membership, case: Case
) -> None:
    before = (case.state, case.due_on, case.letters.count())
    other = make_member("kela", role="lead")
    assert send(staff, case, "note", text="Rang the archive").status_code == 303
    assert send(staff, case, "reference", holder_reference=" KELA/1/26 ").status_code == 303
    assert send(staff, case, "assign", assignee=str(other.user_id)).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.due_on, case.letters.count()) == before
    assert (case.holder_reference, case.assignee_id) == ("KELA/1/26", other.user_id)
    assert send(staff, case, "reference", holder_reference="").status_code == 303
    case.refresh_from_db()
    assert case.holder_reference == ""
    assert member.user.username in words(staff.get(f"/staff/case/{case.id}/"))


def test_every_step_leaves_one_event_by_its_member_and_a_whole_chain(
    staff: Client, member: Membership, case: Case
) -> None:
    send(staff, case, "note", text="n")
    send(staff, case, "extend", told_on=typed(TODAY), reason="r")
    send(staff, case, "answer", answered_on=typed(TODAY), delivered_by="email", note="")
    for kind in ("note", "extend", "answer"):
        event = case.events.get(kind=kind)
        assert (event.actor, event.member_id, event.role, event.holder_key) == (
            "member", member.user_id, "handler", "kela",
        )  # fmt: skip
    assert not list(audit.verify())


@pytest.mark.parametrize("step", ["ask-identity", "extend", "answer", "refuse", "transfer"])
def test_a_form_shows_the_letter_that_goes_out(staff: Client, case: Case, step: str) -> None:
    answer = staff.get(f"/staff/case/{case.id}/{step}/")
    preview = answer.context["preview"]
    text = " ".join(paragraph.text for paragraph in preview.paragraphs)
    assert preview.language.code == "fi"
    assert len(text) > 100
    assert case.letters.count() == 3
    refused = send(staff, case, step, reason="", grounds="Laki & §", note="x" * 4001)
    assert refused.status_code == 422
    if step == "refuse":
        shown = " ".join(paragraph.text for paragraph in refused.context["preview"].paragraphs)
        assert "Laki & §" in shown


def test_the_preview_of_an_extension_names_the_new_day(staff: Client, case: Case) -> None:
    assert case.received_on is not None
    later = deadlines.deadline(case.received_on, extended=True).due
    preview = staff.get(f"/staff/case/{case.id}/extend/").context["preview"]
    assert typed(later) in " ".join(paragraph.text for paragraph in preview.paragraphs)


# ------------------------------------------------------------------------------------------- what is refused

TOMORROW = TODAY + timedelta(days=1)
GOOD: dict[str, dict[str, str]] = {
    "correct-receipt": {"received_on": typed(TODAY), "reason": "r"},
    "acknowledge": {},
    "ask-identity": {"asked_on": typed(TODAY), "reason": "r"},
    "extend": {"told_on": typed(TODAY), "reason": "r"},
    "answer": {"answered_on": typed(TODAY), "delivered_by": "post", "note": ""},
    "refuse": {"refused_on": typed(TODAY), "reason": "r", "grounds": "g"},
    "transfer": {"to": "omnia", "reason": "r"},
    "note": {"text": "n"},
    "assign": {"assignee": "0"},
    "reference": {"holder_reference": "x"},
}
BAD = [
    ("extend", "reason", ""),
    ("extend", "reason", " \t\u00a0\n"),
    ("extend", "reason", "\x00\x07"),
    ("extend", "reason", "x" * 4001),
    ("extend", "told_on", typed(TOMORROW)),
    ("extend", "told_on", typed(TODAY - timedelta(days=11))),
    ("extend", "told_on", "31.2.2026"),
    ("extend", "told_on", "yesterday"),
    ("extend", "told_on", ""),
    ("extend", "told_on", "1" * 500),
    ("ask-identity", "asked_on", typed(TODAY - timedelta(days=30))),
    ("ask-identity", "asked_on", "2026-13-01"),
    ("answer", "answered_on", typed(TOMORROW)),
    ("answer", "delivered_by", "pigeon"),
    ("answer", "delivered_by", ""),
    ("answer", "note", "x" * 4001),
    ("refuse", "grounds", "   "),
    ("refuse", "refused_on", "0001-01-01"),
    ("transfer", "to", "kela"),
    ("transfer", "to", "desk"),
    ("transfer", "to", "../omnia"),
    ("transfer", "to", ""),
    ("transfer", "reason", "\u200b" * 0),
    ("note", "text", ""),
    ("note", "text", "x" * 100_000),
    ("assign", "assignee", "0"),
    ("assign", "assignee", "99999999999999999999"),
    ("assign", "assignee", "1 or 1=1"),
    ("reference", "holder_reference", "x" * 41),
    ("reference", "holder_reference", "a\x00b"),
    ("correct-receipt", "received_on", typed(TODAY - timedelta(days=400))),
]


@pytest.mark.parametrize(("step", "field", "value"), BAD, ids=lambda value: repr(value)[:30])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    staff: Client, case: Case, step: str, field: str, value: str
) -> None:
    answer = send(staff, case, step, **{**GOOD[step], field: value})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert form[field].value() == value.replace("\x00", "\ufffd")
    assert b"\x00" not in answer.content
    assert b"error-summary" in answer.content
    assert b"<title>Error:" in b"".join(answer.content.split(b"\n")).replace(b"  ", b"")
    before = case.version
    case.refresh_from_db()
    assert (case.version, case.state, case.letters.count()) == (before, "received", 3)


def test_arabic_digits_are_a_day_too(staff: Client, case: Case) -> None:
    arabic = typed(TODAY).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert send(staff, case, "extend", told_on=arabic, reason="السبب \u202eabc").status_code == 303


def test_an_extension_told_after_the_first_month_is_refused_with_the_day(staff: Client) -> None:
    case = make_received_case(received_on=TODAY - timedelta(days=60))
    answer = send(staff, case, "extend", told_on=typed(TODAY), reason="Too late")
    assert answer.status_code == 422
    assert "at the latest" in str(answer.context["form"].errors["told_on"])
    assert case.letters.filter(kind="extension").count() == 0


def test_nobody_extends_twice(staff: Client, case: Case) -> None:
    send(staff, case, "extend", told_on=typed(TODAY), reason="once")
    again = staff.get(f"/staff/case/{case.id}/extend/")
    assert again.status_code == 409
    assert "The law allows it once" in words(again)
    answer = send(staff, case, "extend", told_on=typed(TODAY), reason="twice")
    assert answer.status_code == 422
    assert "The law allows it once" in words(answer)
    assert case.letters.filter(kind="extension").count() == 1


def test_a_time_that_is_over_is_not_stopped(staff: Client) -> None:
    case = make_received_case(received_on=TODAY - timedelta(days=60))
    answer = send(staff, case, "ask-identity", asked_on=typed(TODAY), reason="late doubt")
    assert answer.status_code == 422
    assert "can’t be stopped" in words(answer)


def test_a_letter_is_not_received_before_it_was_made(staff: Client, unreceived: Case) -> None:
    day = typed(TODAY - timedelta(days=1))
    assert send(staff, unreceived, "receive", received_on=day, basis="post").status_code == 422


def test_no_transfer_to_a_holder_that_has_or_had_it(staff: Client) -> None:
    filing, _ = make_filing("kela", "omnia")
    case = filing.cases.get(holder_id="kela")
    for each in filing.cases.all():
        for letter in each.letters.all():
            make_letter_ready(letter)
        change = lifecycle.Change(received_on=TODAY, receipt_basis="portal")
        lifecycle.apply(each.id, "deliver", actor=SYSTEM, change=change)
    offered = dict(staff.get(f"/staff/case/{case.id}/transfer/").context["form"].fields["to"].choices)
    assert "omnia" not in offered
    assert "kela" not in offered
    assert send(staff, case, "transfer", to="omnia", reason="r").status_code == 422
    assert send(staff, case, "transfer", to="vero", reason="r").status_code == 303
    # And it never goes in a circle.
    back = filing.cases.get(holder_id="vero")
    assert "kela" not in {holder.key for holder in casework.transfer_targets(back)}


@pytest.mark.parametrize("step", ["receive", "identity-received"])
def test_a_step_that_the_state_does_not_allow(staff: Client, case: Case, step: str) -> None:
    assert staff.get(f"/staff/case/{case.id}/{step}/").status_code == 409
    answer = send(staff, case, step, received_on=typed(TODAY), basis="post")
    assert answer.status_code == 409
    assert "This step is not possible now." in words(answer)


def test_before_receipt_there_is_little_to_do(staff: Client, unreceived: Case) -> None:
    page = staff.get(f"/staff/case/{unreceived.id}/")
    assert [step.slug for step in page.context["steps"]] == ["receive"]
    for step, fields in GOOD.items():
        if step not in ("note", "assign", "reference"):
            assert send(staff, unreceived, step, **fields).status_code in (409, 422), step
    unreceived.refresh_from_db()
    assert unreceived.state == "ready"


def test_an_unknown_step_is_not_found(staff: Client, case: Case) -> None:
    for step in ("delete", "purge", "withdraw", "deliver", "letters_ready"):
        assert staff.get(f"/staff/case/{case.id}/{step}/").status_code == 404
        assert send(staff, case, step).status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "9" * 30, "1.5", "\x00"])
def test_a_form_without_a_good_version_is_not_taken(staff: Client, case: Case, version: str) -> None:
    answer = staff.post(f"/staff/case/{case.id}/note/", {"version": version, "text": "n"})
    assert answer.status_code == 422
    assert not case.events.filter(kind="note").exists()


def test_a_huge_form_is_turned_away(staff: Client, case: Case) -> None:
    body = f"version={case.version}&text={'x' * 1_100_000}"
    address = f"/staff/case/{case.id}/note/"
    assert staff.post(address, body, content_type="application/x-www-form-urlencoded").status_code == 413
    # In parts it is let in, because files come so, and refused when its text is read.
    assert send(staff, case, "note", text="x" * 1_100_000).status_code == 400
    assert not case.events.filter(kind="note").exists()


def test_a_forged_form_is_turned_away(member: Membership, case: Case) -> None:
    strict = log_in(Client(enforce_csrf_checks=True), member)
    assert send(strict, case, "note", text="n").status_code == 403


# --------------------------------------------------------------------------------------- two at the same time


def test_a_stale_form_is_told_what_happened_and_keeps_what_was_typed(staff: Client, case: Case) -> None:
    shown = staff.get(f"/staff/case/{case.id}/answer/").context["form"].initial["version"]
    colleague = make_member("kela", role="lead", name="ville")
    casework.extend(case, by=colleague, told_on=TODAY, reason="Three registers", version=case.version)
    fields = {"answered_on": typed(TODAY), "delivered_by": "email", "note": "My words"}
    answer = send(staff, case, "answer", version=shown, **fields)
    assert answer.status_code == 409
    page = words(answer)
    assert "The case has changed meanwhile" in page
    assert "The time was extended." in page
    assert "ville" in page
    assert "My words" in page
    case.refresh_from_db()
    assert case.state == "received"
    fresh = int(answer.context["form"]["version"].value())
    assert send(staff, case, "answer", version=fresh, **fields).status_code == 303


def test_a_stale_form_of_a_case_that_is_closed_says_so(staff: Client, case: Case) -> None:
    shown = case.version
    lifecycle.apply(case.id, "withdraw", actor=PERSON)
    answer = send(staff, case, "refuse", version=shown, **GOOD["refuse"])
    assert answer.status_code == 409
    assert "The person withdrew the request." in words(answer)
    assert not case.letters.filter(kind="refusal").exists()


def test_the_same_form_sent_twice_counts_once(staff: Client, case: Case) -> None:
    shown = case.version
    assert send(staff, case, "note", version=shown, text="once").status_code == 303
    assert send(staff, case, "note", version=shown, text="once").status_code == 409
    assert case.events.filter(kind="note").count() == 1


def test_a_colleague_who_is_faster_by_a_moment(
    staff: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form is fresh when it is looked at, and stale when it is to be saved."""
    colleague = make_member("kela")
    moments = iter([True])
    real = lifecycle.apply

    def interrupted(*args: Any, **kwargs: Any) -> Case:
        if next(moments, False):
            real(case.id, "note", actor=casework.actor_of(colleague), facts={"note": "first"})
        return real(*args, **kwargs)

    monkeypatch.setattr(lifecycle, "apply", interrupted)
    answer = send(staff, case, "extend", told_on=typed(TODAY), reason="second")
    assert answer.status_code == 409
    assert "first" in words(answer)
    case.refresh_from_db()
    assert case.extended_told_on is None


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_of_two_members_at_once_one_acts_and_one_is_told() -> None:
    make_register()
    case = make_received_case()
    for letter in case.letters.all():
        make_letter_ready(letter)
    members = [make_member("kela", name=name) for name in ("virpi", "ville")]
    clients = [log_in(Client(), member) for member in members]
    for client in clients:
        client.get(f"/staff/case/{case.id}/")
    start, statuses = threading.Barrier(2), {}

    def act(client: Client, name: str, step: str, fields: dict[str, str]) -> None:
        try:
            start.wait(10)
            statuses[name] = send(client, case, step, version=2, **fields).status_code
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=act, args=(clients[0], "virpi", "answer", GOOD["answer"])),
        threading.Thread(target=act, args=(clients[1], "ville", "refuse", GOOD["refuse"])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses.values()) == [303, 409]
    case.refresh_from_db()
    winner = "answer" if statuses["virpi"] == 303 else "refuse"
    assert case.state == {"answer": "answered", "refuse": "refused"}[winner]
    assert case.version == 3
    assert case.letters.filter(kind__in=["answer", "refusal"]).count() == 1
    assert not list(audit.verify())
