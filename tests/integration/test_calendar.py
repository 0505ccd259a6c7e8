"""The day of an answer as a file for the person's calendar: true to the page, and naming nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar, Event

from portal.languages import LANGUAGES
from requests_app.actions import lifecycle, tracking
from requests_app.actions.chain import SYSTEM
from requests_app.actions.lifecycle import Change
from requests_app.models import Case, Filing
from requests_app.rules.estimates import estimate
from tests.factories import make_filing, make_register

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture(autouse=True)
def _register() -> None:
    make_register()


def follower(*filings: Filing) -> Client:
    client = Client()
    session = client.session
    session["tracking"] = [str(filing.id) for filing in filings]
    session.save()
    client.cookies["session"] = session.session_key or ""
    return client


def received(case: Case) -> Case:
    day = lifecycle.today() - timedelta(days=3)
    change = Change(received_on=day, receipt_basis="portal")
    facts: dict[str, object] = {"received_on": day.isoformat()}
    return lifecycle.apply(case.id, "deliver", actor=SYSTEM, facts=facts, change=change)


def event_of(content: bytes) -> Event:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_the_last_day_of_a_received_case(language: str) -> None:
    filing, receipt = make_filing("kela")
    case = received(filing.cases.get())
    client = follower(filing)
    address = f"/{language}/track/case/{case.id}/day.ics"
    assert address in client.get(f"/{language}/track/").content.decode()
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "no-store" in answer["Cache-Control"]
    event = event_of(answer.content)
    assert event.start == case.due_on
    assert event["SUMMARY"]
    assert event["URL"] == f"http://testserver/{language}/track/"
    body = answer.content.decode()
    for kept_back in (receipt.reference, receipt.secret, "Amina"):
        assert kept_back not in body


def test_a_guess_is_named_as_one() -> None:
    filing, _receipt = make_filing("kela")
    case = filing.cases.get()
    lifecycle.apply(case.id, "letters_ready", actor=SYSTEM)
    case.refresh_from_db()
    case = tracking.posted(case, posted_on=lifecycle.today(), version=case.version)
    event = event_of(follower(filing).get(f"/en/track/case/{case.id}/day.ics").content)
    assert event.start == estimate(lifecycle.today()).answer_by
    assert "(a guess)" in str(event["SUMMARY"])


def test_without_a_day_there_is_no_file() -> None:
    filing, _receipt = make_filing("kela")
    case = filing.cases.get()
    client = follower(filing)
    assert "day.ics" not in client.get("/en/track/").content.decode()
    assert client.get(f"/en/track/case/{case.id}/day.ics").status_code == 404


def test_the_day_of_another_filing_is_not_there() -> None:
    mine, _receipt = make_filing("kela")
    theirs, _receipt = make_filing("omnia")
    case = received(theirs.cases.get())
    assert follower(mine).get(f"/en/track/case/{case.id}/day.ics").status_code == 404
    away = Client().get(f"/en/track/case/{case.id}/day.ics")
    assert (away.status_code, away["Location"]) == (303, "/en/track/?ended")
