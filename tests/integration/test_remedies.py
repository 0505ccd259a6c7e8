"""Reminder and complaint: written when the time is over or the answer is not right, once a click, by the person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from requests_app.actions import casework, lifecycle, pipeline, remedies
from requests_app.actions.casework import Refused
from requests_app.actions.chain import PERSON
from requests_app.actions.lifecycle import Change, Stale
from requests_app.doors import places, vault
from requests_app.models import Case, Event, Letter
from requests_app.rules.letter_facts import LetterFacts
from requests_app.rules.states import IllegalMove
from tests.factories import make_filing, make_letter_ready, make_member, make_received_case
from tests.integration.test_tracking import follower, ready, received, text_of

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def late_case(*, days_ago: int = 100, **answers: Any) -> Case:
    filing, _ = make_filing("kela", **answers)
    return received(filing.cases.get(), days_ago=days_ago)


def facts_of(letter: Letter) -> LetterFacts:
    key = vault.key_of(letter.case.filing_id)
    return LetterFacts.from_json(key.open_json(places.letter_facts(letter.id), letter.facts_sealed))


def test_a_reminder_has_the_days_of_the_case_and_a_copy_in_the_person_s_language() -> None:
    case = late_case()
    remedies.remind(case, version=case.version)
    letter = case.letters.get(kind="reminder")
    facts = facts_of(letter)
    assert case.received_on is not None
    assert case.latest_on is not None
    assert (facts.received_on, facts.due_on) == (case.received_on.isoformat(), case.latest_on.isoformat())
    assert facts.recipient.key == "kela"
    assert (letter.language, case.letters.get(kind="reminder_copy").language) == ("fi", "en")
    assert Event.objects.filter(case=case, kind="remind", actor="person").count() == 1
    assert Case.objects.get(id=case.id).state == "received"


def test_a_complaint_goes_to_the_ombudsman_about_the_holder() -> None:
    case = late_case()
    remedies.remind(case)
    remedies.complain(Case.objects.get(id=case.id), own="Asia on kiireellinen.")
    facts = facts_of(case.letters.get(kind="complaint"))
    assert (facts.recipient.key, facts.about.key, facts.outcome) == ("ombudsman", "kela", "silence")
    assert facts.reminded_on == lifecycle.today().isoformat()
    assert facts.own == "Asia on kiireellinen."
    assert pipeline.drain() >= 4
    assert not case.letters.filter(kind__in=["complaint", "complaint_copy"]).exclude(state="ready").exists()


def test_after_a_refusal_the_complaint_tells_its_day() -> None:
    case = make_received_case("kela")
    member = make_member("kela")
    casework.refuse(
        case, by=member, reason="No.", grounds="34 §", version=case.version, refused_on=lifecycle.today()
    )
    case = Case.objects.get(id=case.id)
    remedies.complain(case)
    facts = facts_of(case.letters.get(kind="complaint"))
    assert (facts.outcome, facts.ended_on) == ("refusal", lifecycle.today().isoformat())
    assert Case.objects.get(id=case.id).state == "refused"


@pytest.mark.parametrize("act", [remedies.remind, remedies.complain])
def test_before_the_time_is_over_nothing_is_written(act: Any) -> None:
    case = make_received_case("kela")
    with pytest.raises(Refused, match="not_late"):
        act(case)
    assert not case.letters.filter(kind__in=["reminder", "complaint"]).exists()
    assert not Event.objects.filter(case=case, kind__in=["remind", "complain"]).exists()


def test_a_posted_letter_may_be_late_by_our_guess() -> None:
    filing, _ = make_filing("migri")
    (case,) = ready(filing)
    posted = lifecycle.apply(case.id, "post", actor=PERSON, change=Change(posted_on=date(2026, 3, 5)))
    remedies.remind(posted)
    facts = facts_of(case.letters.get(kind="reminder"))
    assert (facts.posted_on, facts.received_on, facts.due_on) == ("2026-03-05", "", "")


@pytest.mark.parametrize("state", ["preparing", "withdrawn"])
def test_from_other_states_nothing_is_written(state: str) -> None:
    filing, _ = make_filing("kela")
    case = filing.cases.get()
    if state == "withdrawn":
        case = lifecycle.apply(case.id, "withdraw", actor=PERSON)
    with pytest.raises((Refused, IllegalMove)):
        remedies.remind(case)
    with pytest.raises((Refused, IllegalMove)):
        remedies.complain(case)


def test_a_stale_click_writes_nothing() -> None:
    case = late_case()
    with pytest.raises(Stale):
        remedies.remind(case, version=case.version - 1)
    assert not case.letters.filter(kind="reminder").exists()


# ------------------------------------------------------------------------------------------------- the pages
def test_a_double_click_makes_one_letter() -> None:
    case = late_case()
    me = follower(case.filing)
    address = f"/en/track/case/{case.id}/remind/"
    assert me.get(address).status_code == 200
    for _ in range(2):
        assert me.post(address, {"version": str(case.version)}).status_code == 303
    assert case.letters.filter(kind="reminder").count() == 1


def test_a_complaint_takes_words_and_keeps_them_when_something_is_wrong() -> None:
    case = late_case()
    me = follower(case.filing)
    address = f"/en/track/case/{case.id}/complain/"
    wrong = me.post(address, {"version": str(case.version), "own": "x" * 2001})
    assert wrong.status_code == 422
    assert "x" * 2000 in wrong.content.decode()
    assert me.post(address, {"version": str(case.version), "own": "Kysyin\nkahdesti."}).status_code == 303
    assert facts_of(case.letters.get(kind="complaint")).own.split() == ["Kysyin", "kahdesti."]


def test_too_early_the_page_says_so() -> None:
    case = make_received_case("kela")
    page = follower(case.filing).post(f"/en/track/case/{case.id}/remind/", {"version": str(case.version)})
    assert page.status_code == 422
    assert "not over yet" in text_of(page)


def test_somebody_else_s_case_is_not_there() -> None:
    case, other = late_case(), make_filing("vero")[0]
    for step in ("remind", "complain", "signed"):
        assert follower(other).get(f"/en/track/case/{case.id}/{step}/").status_code == 404
        assert Client().get(f"/en/track/case/{case.id}/{step}/").status_code == 303


def test_the_page_offers_what_can_be_written_and_lists_what_was() -> None:
    case = late_case()
    me = follower(case.filing)
    address = f"/en/track/filing/{case.filing_id}/"
    html = me.get(address).content.decode()
    assert f"/en/track/case/{case.id}/remind/" in html
    assert f"/en/track/case/{case.id}/complain/" in html
    remedies.remind(case)
    make_letter_ready(case.letters.get(kind="reminder"))
    html = me.get(address).content.decode()
    assert str(case.letters.get(kind="reminder").id) in html
    assert html.count('data-letter="') <= 1


def test_staff_see_the_reminder_and_neither_complaint_copy_nor_bundle(client: Client) -> None:
    case = late_case()
    remedies.remind(case)
    remedies.complain(Case.objects.get(id=case.id))
    for letter in case.letters.all():
        make_letter_ready(letter)
    seen = set(case.letters.filter(kind__in=Letter.SEEN_BY_STAFF).values_list("kind", flat=True))
    assert seen == {"request", "reminder"}


def test_the_time_of_a_reminder_is_after_the_last_of_both_days() -> None:
    case = make_received_case("kela")
    assert case.latest_on is not None
    Case.objects.filter(id=case.id).update(
        due_on=lifecycle.today() - timedelta(days=1), latest_on=lifecycle.today()
    )
    with pytest.raises(Refused):
        remedies.remind(Case.objects.get(id=case.id))
