"""Tracking: let in by reference and secret, one page per filing, the person's own steps, and nothing of others."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.languages import BY_CODE
from requests_app.actions import audit, casework, intake, lifecycle, retention
from requests_app.actions.chain import PERSON, SYSTEM
from requests_app.actions.intake import Receipt
from requests_app.actions.lifecycle import Change, today
from requests_app.models import Case, Event, Filing, Letter
from requests_app.web.tracking import guard
from tests.factories import DRAWING, make_filing, make_letter_ready, make_member, make_received_case

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SIGN_IN = "/en/track/"
NOT_FOUND = "We found no request with this reference and this secret."


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Let what a test reckons itself be in the language of the pages that it reads."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note how long each answer would have waited, instead of waiting."""
    noted: list[float] = []
    monkeypatch.setattr("requests_app.web.tracking.guard.sleep", noted.append)
    return noted


def text_of(response: Answer) -> str:
    """Return the words of a page, its tags left out, its white space made single."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(body).split())


def sign_in(client: Client, reference: str, secret: str, *, language: str = "en") -> Answer:
    return client.post(f"/{language}/track/", {"reference": reference, "secret": secret})


def signed_in(receipt: Receipt) -> Client:
    client = Client()
    assert sign_in(client, receipt.reference, receipt.secret).status_code == 303
    return client


def follower(*filings: Filing) -> Client:
    """Return a browser that follows these filings, as the wizard leaves it after sending."""
    client = Client()
    session = client.session
    session["tracking"] = [str(filing.id) for filing in filings]
    session.save()
    client.cookies["session"] = session.session_key or ""
    return client


def ready(filing: Filing) -> list[Case]:
    """Let all letters of a filing be ready, as the pipeline does."""
    for letter in Letter.objects.filter(case__filing=filing):
        make_letter_ready(letter)
    for case in filing.cases.all():
        lifecycle.apply(case.id, "letters_ready", actor=SYSTEM)
    return list(filing.cases.order_by("holder__position"))


def received(case: Case, *, days_ago: int) -> Case:
    day = today() - timedelta(days=days_ago)
    return lifecycle.apply(
        case.id, "deliver", actor=SYSTEM, facts={"received_on": day.isoformat()},
        change=Change(received_on=day, receipt_basis="portal"),
    )  # fmt: skip


def page_of(filing: Filing, *, language: str = "en") -> Answer:
    return follower(filing).get(f"/{language}/track/filing/{filing.id}/")


def long_day(day: date | None) -> str:
    assert day is not None
    return date_format(day, "DATE_FORMAT")


class TestSignIn:
    def test_the_right_pair_opens_the_filing(self) -> None:
        filing, receipt = make_filing("kela", "omnia")
        client = Client()
        assert 'name="reference"' in client.get(SIGN_IN).content.decode()
        answer = sign_in(client, receipt.reference, receipt.secret)
        assert (answer.status_code, answer["Location"]) == (303, SIGN_IN)
        page = client.get(SIGN_IN)
        assert receipt.reference in text_of(page)
        assert "Omnia" in text_of(page)
        assert client.get(f"/en/track/filing/{filing.id}/").status_code == 200
        assert "no-store" in page["Cache-Control"]

    @pytest.mark.parametrize(
        "typed",
        [
            str.lower,
            lambda text: f"  {text.replace('-', ' ')} ",
            lambda text: text.replace("-", ""),
            lambda text: text.replace("-", "\N{EN DASH}"),
            lambda text: text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
            lambda text: text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
            lambda text: f"\N{RIGHT-TO-LEFT MARK}{text}\N{POP DIRECTIONAL ISOLATE}",
        ],
    )
    def test_any_case_spacing_and_digits_open_it(self, typed: object) -> None:
        assert callable(typed)
        _, receipt = make_filing("kela")
        assert (
            sign_in(Client(), typed(receipt.reference), typed(receipt.secret), language="ar").status_code
            == 303
        )

    def test_it_gets_a_new_session_id(self) -> None:
        _, receipt = make_filing("kela")
        client = follower(make_filing("vero")[0])
        before = client.cookies["session"].value
        sign_in(client, receipt.reference, receipt.secret)
        assert client.cookies["session"].value != before
        assert len(client.session["tracking"]) == 2

    def test_one_message_for_a_wrong_reference_and_a_wrong_secret(self) -> None:
        (_, mine), (filing, other) = make_filing("kela"), make_filing("vero")
        pages = [
            sign_in(Client(), mine.reference, other.secret),
            sign_in(Client(), intake.draw_receipt().reference, mine.secret),
        ]
        for page in pages:
            assert page.status_code == 422
            assert NOT_FOUND in text_of(page)
        assert mine.reference in pages[0].content.decode()
        assert other.secret not in pages[0].content.decode()
        assert not Client().session.get("tracking")
        retention.purge(filing.id)
        assert sign_in(Client(), other.reference, other.secret).status_code == 422

    @pytest.mark.parametrize(
        ("reference", "secret", "words"),
        [
            ("", "", "Write the reference"),
            ("26-7Q4M", "A" * 20, "A reference has 8 letters and digits"),
            ("26-OIL0-11", "A" * 20, "never the letters I, L and O"),
            ("26-7Q4M-22", "0" * 20, "never the digits 0 and 1"),
            ("26-7Q4M-22", "A" * 19 + "B", "There is a mistake in the secret"),
            ("x" * 5000, "y" * 5000, "This is too long for a reference"),
            ("26-7Q\x00M-2X", "\x00" * 20, "There is a character that a reference never has"),
        ],
    )
    def test_malformed_ones_get_helpful_words(self, reference: str, secret: str, words: str) -> None:
        page = sign_in(Client(), reference, secret)
        assert page.status_code == 422
        assert words.lower() in text_of(page).lower()
        assert "\x00" not in page.content.decode()
        if reference:
            assert f'value="{reference[:7]}'.partition("\x00")[0] in page.content.decode()
        assert not secret or f'value="{secret}' not in page.content.decode()
        assert "<title>Error:" in page.content.decode()

    def test_wrong_ones_are_slowed_and_never_locked(self, waits: list[float]) -> None:
        _, mine = make_filing("kela")
        _, other = make_filing("vero")
        answers = [sign_in(Client(), mine.reference, other.secret) for _ in range(guard.FREE + 2)]
        assert [answer.status_code for answer in answers] == [422] * guard.FREE + [429] * 2
        assert waits == sorted(waits)
        assert len(waits) == guard.FREE
        assert waits[0] < 0.2
        assert max(waits) == guard.LONGEST_DELAY
        assert 0 < int(answers[-1]["Retry-After"]) <= guard.WINDOW_SECONDS
        assert "many wrong attempts" in text_of(answers[-1])
        assert sign_in(Client(), mine.reference, mine.secret).status_code == 303
        assert len(waits) == guard.FREE

    def test_a_reference_is_slowed_from_all_addresses(self, waits: list[float]) -> None:
        _, mine = make_filing("kela")
        _, other = make_filing("vero")
        for number in range(8):
            data = {"reference": mine.reference, "secret": other.secret}
            assert Client(REMOTE_ADDR=f"192.0.2.{number}").post(SIGN_IN, data).status_code == 422
        assert waits[-1] == guard.LONGEST_DELAY
        assert sign_in(Client(), mine.reference, mine.secret).status_code == 303

    def test_no_more_than_a_few_threads_wait(
        self, monkeypatch: pytest.MonkeyPatch, waits: list[float]
    ) -> None:
        _, mine = make_filing("kela")
        _, other = make_filing("vero")
        for _ in range(guard.SLEEPERS):
            assert guard._sleeping.acquire(blocking=False)
        try:
            answer = sign_in(Client(), mine.reference, other.secret)
            assert (answer.status_code, answer["Retry-After"]) == (429, "2")
            assert not waits
            assert sign_in(Client(), mine.reference, mine.secret).status_code == 303
        finally:
            for _ in range(guard.SLEEPERS):
                guard._sleeping.release()

    def test_nothing_typed_is_no_guess(self, waits: list[float]) -> None:
        assert {sign_in(Client(), "", "").status_code for _ in range(guard.FREE + 5)} == {422}
        assert not waits

    def test_ten_megabytes_are_refused_unread(self) -> None:
        page = sign_in(Client(), "2" * 10_000_000, "3")
        assert page.status_code == 413
        assert "<h1" in page.content.decode()

    def test_a_form_without_token_is_refused(self) -> None:
        _, receipt = make_filing("kela")
        client = Client(enforce_csrf_checks=True)
        assert sign_in(client, receipt.reference, receipt.secret).status_code == 403

    @given(
        reference=st.one_of(st.text(), st.text("0123456789٠١٢٣-ABCabc\x00\u202e🙂<>&\"'", max_size=200)),
        secret=st.one_of(st.text(), st.text("23456789ABCDEFGHJK-  \x00\u2066🙂", max_size=200)),
    )
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_junk_is_answered_in_words(self, reference: str, secret: str) -> None:
        page = sign_in(Client(), reference, secret, language="fi")
        assert page.status_code in (422, 429)
        body = page.content.decode()
        assert 'id="error-summary-title"' in body
        assert "<script" not in body
        assert len(body) < 40_000


class TestThePage:
    def test_it_shows_each_holder_and_not_the_person(self) -> None:
        filing, receipt = make_filing("kela", "migri")
        page = page_of(filing)
        words = text_of(page)
        assert receipt.reference in words
        for case in filing.cases.all():
            assert str(case.holder) in words
        assert "takes part in Tietoni" in words
        assert "does not take part in Tietoni" in words
        for private in ("Amina", "Testikatu", "1990", receipt.secret):
            assert private not in page.content.decode()

    def test_letters_are_named_while_they_are_made(self) -> None:
        filing, _ = make_filing("kela")
        page = page_of(filing)
        assert "being prepared" in text_of(page)
        assert "Look again" in text_of(page)
        assert "data-letter" not in page.content.decode()
        Letter.objects.filter(case__filing=filing).update(state=Letter.State.FAILED)
        assert "The operator has been told" in text_of(page_of(filing))

    def test_each_case_has_one_marked_letter(self) -> None:
        filing, _ = make_filing("kela", "omnia", "vero")
        ready(filing)
        marked = re.findall(r'data-letter="(\w+)"', page_of(filing).content.decode())
        assert sorted(marked) == ["kela", "omnia", "vero"]

    def test_a_posted_letter_has_an_estimate_and_no_date_of_the_law(self) -> None:
        filing, _ = make_filing("migri")
        (case,) = ready(filing)
        lifecycle.apply(case.id, "post", actor=PERSON, change=Change(posted_on=date(2026, 3, 5)))
        words = text_of(page_of(filing))
        assert "About 10 March 2026" in words
        assert "guess" in words
        assert "An answer is due by" not in words
        # The estimate is long over, and still nothing is called late: only the holder knows the day of receipt.
        assert "may be late" in words
        assert "The answer is late" not in words
        assert "Ombudsman" in words

    def test_the_clock_shows_its_arithmetic(self) -> None:
        case = make_received_case("kela")
        words = text_of(page_of(case.filing))
        assert f"An answer is due by {long_day(case.due_on)}." in words
        assert f"{long_day(case.received_on)} + 1 month = " in words
        assert "Article 77" not in words

    def test_late_only_after_the_last_day(self) -> None:
        filing, _ = make_filing("kela")
        case = received(filing.cases.get(), days_ago=100)
        words = text_of(page_of(filing))
        assert f"The time for an answer ended on {long_day(case.latest_on)}." in words
        assert "Remind the authority." in words
        assert "GDPR Article 77" in words
        assert "PL 800, 00531 HELSINKI" in words

    def test_an_extension_is_shown_with_its_reason(self) -> None:
        case = make_received_case("kela")
        member = make_member("kela")
        casework.extend(case, by=member, told_on=today(), reason="Many <b>files</b>", version=case.version)
        page = page_of(case.filing)
        assert "Extended because:" in text_of(page)
        assert "Many &lt;b&gt;files&lt;/b&gt;" in page.content.decode()
        assert "+ 3 months =" in text_of(page)

    def test_a_pause_is_shown_with_its_reason(self) -> None:
        case = make_received_case("kela")
        casework.ask_identity(
            case,
            by=make_member("kela"),
            asked_on=today(),
            reason="Two people have this name",
            version=case.version,
        )
        words = text_of(page_of(case.filing))
        assert "The time stands still" in words
        assert "Two people have this name" in words
        assert "Waiting for information from you" in words

    def test_a_refusal_leads_to_the_ombudsman(self) -> None:
        case = make_received_case("kela")
        casework.refuse(
            case,
            by=make_member("kela"),
            refused_on=today(),
            reason="No data",
            grounds="Act 1",
            version=case.version,
        )
        words = text_of(page_of(case.filing))
        assert "If you disagree with the refusal" in words
        assert "No data" in words

    def test_a_transfer_shows_both_cases_and_keeps_the_extension(self) -> None:
        filing, _ = make_filing("kela")
        (case,) = ready(filing)
        member = make_member("kela")
        case = casework.receive(case, by=member, received_on=today(), basis="post", version=case.version)
        case = casework.extend(
            case, by=member, told_on=today(), reason="Old paper files", version=case.version
        )
        casework.transfer(case, by=member, to="vero", reason="Tax matters", version=case.version)
        page = page_of(filing)
        words = text_of(page)
        assert "Passed on to Finnish Tax Administration" in words
        assert "Passed on by Social Insurance Institution of Finland (Kela)." in words
        assert words.count("Extended because: Old paper files") == 2
        assert sorted(re.findall(r'data-letter="(\w+)"', page.content.decode())) == ["kela", "vero"]

    def test_who_opened_the_case_is_shown_by_role_and_holder(self) -> None:
        case = make_received_case("kela")
        member = make_member("kela", name="kaisa-secretive")
        lifecycle.record(case.id, "opened", actor=casework.actor_of(member))
        words = text_of(page_of(case.filing))
        assert "Opened in Tietoni by: handler, Social Insurance Institution of Finland (Kela)." in words
        assert "kaisa" not in words

    def test_notes_of_the_staff_stay_theirs(self) -> None:
        case = make_received_case("kela")
        casework.note(case, by=make_member("kela"), text="INTERNAL", version=case.version)
        assert "INTERNAL" not in text_of(page_of(case.filing))

    def test_the_newest_event_comes_first_and_old_ones_fold(self) -> None:
        case = make_received_case("kela")
        for _ in range(8):
            lifecycle.record(case.id, "opened", actor=casework.actor_of(make_member("kela")))
        words = text_of(page_of(case.filing))
        assert words.count("Opened in Tietoni by") == 8
        assert (
            words.index("Opened in Tietoni by")
            < words.index("Earlier events")
            < words.index("You made the request")
        )

    @pytest.mark.parametrize("language", list(BY_CODE))
    def test_every_state_has_a_page_in_every_language(self, language: str) -> None:
        filing, _ = make_filing("espoo", "keha", "omnia", "kela", "vero", "migri", "luvn", "dvv")
        cases = {case.holder_id: case for case in ready(filing)[1:]}
        member = make_member("kela")
        tracked = follower(filing)
        for key in ("omnia", "kela", "vero", "migri"):
            by = member if key == "kela" else make_member(key)
            cases[key] = casework.receive(
                cases[key], by=by, received_on=today(), basis="post", version=cases[key].version
            )
        version = cases["kela"].version
        casework.refuse(
            cases["kela"], by=member, refused_on=today(), reason="x", grounds="y", version=version
        )
        step(tracked, cases["luvn"], "withdraw")
        step(tracked, cases["dvv"], "answered", answered_on=today().isoformat())
        step(tracked, cases["keha"], "posted", posted_on=today().isoformat())
        page = tracked.get(f"/{language}/track/filing/{filing.id}/")
        assert page.status_code == 200
        assert page.content.decode().count('class="tracker"') == 8
        # 12 kB, and room for the random parts of a page: references, tokens and addresses.
        assert len(gzip.compress(page.content)) <= 12_288
        assert f'lang="{BY_CODE[language].html}"' in page.content.decode()

    def test_the_queries_are_as_many_for_one_case_as_for_eight(self) -> None:
        one, _ = make_filing("kela")
        eight, _ = make_filing("espoo", "keha", "omnia", "kela", "vero", "migri", "luvn", "dvv")
        ready(eight)
        counts = []
        for filing in (one, eight):
            client = follower(filing)
            client.get(SIGN_IN)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(SIGN_IN).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12


def step(client: Client, case: Case, name: str, *, language: str = "en", **data: object) -> Answer:
    version = data.pop("version", Case.objects.get(id=case.id).version)
    return client.post(f"/{language}/track/case/{case.id}/{name}/", {"version": version, **data})


class TestSteps:
    @pytest.fixture
    def case(self) -> Case:
        filing, _ = make_filing("migri")
        return ready(filing)[0]

    @pytest.fixture
    def client(self, case: Case) -> Client:
        return follower(case.filing)

    def test_posted(self, case: Case, client: Client) -> None:
        answer = step(client, case, "posted", posted_on=date_format(today(), "j.n.Y"))
        assert answer.status_code == 303
        page = client.get(answer["Location"])
        assert "Saved: you posted the letter." in text_of(page)
        assert f"You posted it on {long_day(today())}." in text_of(page)
        case.refresh_from_db()
        assert (case.state, case.posted_on, case.due_on) == ("posted", today(), None)
        assert "Saved:" not in text_of(client.get(answer["Location"]))

    def test_posted_in_arabic_digits(self, case: Case, client: Client) -> None:
        typed = today().isoformat().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        assert step(client, case, "posted", language="ar", posted_on=typed).status_code == 303

    def test_answered(self, case: Case, client: Client) -> None:
        assert step(client, case, "answered", answered_on=today().isoformat()).status_code == 303
        case.refresh_from_db()
        assert case.state == "answered"
        assert f"Answered Done {long_day(today())}" in text_of(client.get(SIGN_IN))

    def test_withdrawing_asks_first(self, case: Case, client: Client) -> None:
        page = client.get(f"/en/track/case/{case.id}/withdraw/")
        assert "Withdraw the request?" in text_of(page)
        case.refresh_from_db()
        assert case.state == "ready"
        assert step(client, case, "withdraw").status_code == 303
        case.refresh_from_db()
        assert case.state == "withdrawn"
        assert "Withdrawn by you" in text_of(client.get(SIGN_IN))
        assert not list(audit.verify())

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", "Give a day."),
            ("yesterday", "Write the day like this"),
            ("31.2.2026", "There is no such day"),
            ("2099-01-01", "This day is still to come"),
            ("1.1.2020", "This day is too early"),
            ("\x00", "Write the day like this"),
            ("9" * 500, "Write the day like this"),
            ("<b>1.1.2026", "Write the day like this"),
        ],
    )
    @pytest.mark.parametrize(("name", "field"), [("posted", "posted_on"), ("answered", "answered_on")])
    def test_a_wrong_day_is_said_and_kept(
        self, case: Case, client: Client, name: str, field: str, typed: str, words: str
    ) -> None:
        page = step(client, case, name, **{field: typed})
        assert page.status_code == 422
        assert words in text_of(page)
        if typed.isalnum():
            assert f'value="{typed[:100]}' in page.content.decode()
        case.refresh_from_db()
        assert case.state == "ready"

    @given(typed=st.text(max_size=300))
    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_junk_for_a_day(self, case: Case, typed: str) -> None:
        page = step(follower(case.filing), case, "posted", posted_on=typed, version=typed[:20])
        assert page.status_code in (409, 422, 429)

    @pytest.mark.parametrize("version", ["", "1", "-1", "x", "9" * 40, "\x00"])
    def test_an_old_or_forged_version_saves_nothing(self, case: Case, client: Client, version: str) -> None:
        page = step(client, case, "posted", posted_on=today().isoformat(), version=version)
        assert page.status_code == 409
        assert "Nothing was saved." in text_of(page)
        assert f'value="{today().isoformat()}"' in page.content.decode()
        case.refresh_from_db()
        assert case.state == "ready"
        # The form that is shown now carries the present version, so that sending it again works.
        fresh = re.search(r'name="version" value="(\d+)"', page.content.decode())
        assert fresh is not None
        assert (
            step(client, case, "posted", posted_on=today().isoformat(), version=fresh[1]).status_code == 303
        )

    def test_a_double_click_is_answered_like_the_first(self, case: Case, client: Client) -> None:
        version = case.version
        for name, data in (
            ("posted", {"posted_on": today().isoformat()}),
            ("answered", {"answered_on": today().isoformat()}),
        ):
            version = Case.objects.get(id=case.id).version
            assert {step(client, case, name, version=version, **data).status_code for _ in range(3)} == {303}
        assert Event.objects.filter(case=case, kind__in=("post", "got_answer")).count() == 2

    def test_an_impossible_step_is_said(self, case: Case, client: Client) -> None:
        step(client, case, "withdraw")
        for name, data in (
            ("posted", {"posted_on": today().isoformat()}),
            ("answered", {"answered_on": "1.1.2026"}),
        ):
            page = step(client, case, name, version=1, **data)
            assert page.status_code in (409, 422)
            assert client.get(f"/en/track/case/{case.id}/{name}/").status_code == 409
        assert "This step is not possible now" in text_of(client.get(f"/en/track/case/{case.id}/posted/"))

    def test_many_steps_are_slowed(self, case: Case, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guard, "MOST_STEPS", 3)
        codes = [step(client, case, "posted", posted_on="x").status_code for _ in range(4)]
        assert codes == [422, 422, 422, 429]
        assert int(step(client, case, "posted", posted_on="x")["Retry-After"]) > 0

    @pytest.mark.parametrize("language", list(BY_CODE))
    def test_the_pages_of_steps_are_there_in_every_language(
        self, case: Case, client: Client, language: str
    ) -> None:
        for name in ("posted", "answered", "withdraw"):
            assert client.get(f"/{language}/track/case/{case.id}/{name}/").status_code == 200


class TestLetters:
    @pytest.fixture
    def case(self) -> Case:
        filing, _ = make_filing("espoo_employment", drawing=DRAWING)
        return ready(filing)[0]

    def address(self, case: Case, kind: str = "request") -> str:
        letter = case.letters.get(kind=kind)
        return reverse("tracking:letter", args=[case.filing_id, letter.id])

    def test_it_is_sent_after_it_was_written_down(self, case: Case) -> None:
        answer = follower(case.filing).get(self.address(case))
        assert answer.content == b"%PDF-1.7 test"
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'inline; filename="letter-espoo-employment.pdf"'
        assert "no-store" in answer["Cache-Control"]
        assert Event.objects.filter(case=case, kind="downloaded", actor="person").count() == 1
        assert "You downloaded a letter" in text_of(page_of(case.filing))
        assert not list(audit.verify())

    def test_the_reading_copy_has_a_name_of_its_own(self, case: Case) -> None:
        answer = follower(case.filing).get(self.address(case, "reading_copy"))
        assert answer["Content-Disposition"].endswith('"reading-copy-espoo-employment.pdf"')

    def test_nothing_is_sent_that_could_not_be_written_down(
        self, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise DatabaseError

        monkeypatch.setattr(lifecycle, "record", broken)
        answer = follower(case.filing).get(self.address(case))
        assert answer.status_code == 503
        assert b"%PDF" not in answer.content

    def test_one_that_is_not_ready_is_named_so(self) -> None:
        filing, _ = make_filing("kela")
        answer = follower(filing).get(self.address(filing.cases.get()))
        assert answer.status_code == 409
        assert "not ready yet" in text_of(answer)
        assert not Event.objects.filter(kind="downloaded").exists()

    def test_a_later_letter_of_the_holder_is_offered(self) -> None:
        case = make_received_case("kela")
        casework.extend(case, by=make_member("kela"), told_on=today(), reason="Much", version=case.version)
        letter = make_letter_ready(case.letters.get(kind="extension"))
        page = page_of(case.filing)
        address = f"/en/track/filing/{case.filing_id}/letter/{letter.id}.pdf"
        assert address in page.content.decode()
        assert follower(case.filing).get(address).status_code == 200


class TestOthers:
    def test_other_peoples_ids_are_not_found(self) -> None:
        mine, _ = make_filing("kela")
        other, _ = make_filing("migri")
        (case,) = ready(other)
        letter = case.letters.get(kind="request")
        client = follower(mine)
        for address in (
            f"/en/track/filing/{other.id}/",
            f"/en/track/filing/{uuid.uuid4()}/",
            f"/en/track/filing/{other.id}/letter/{letter.id}.pdf",
            f"/en/track/filing/{mine.id}/letter/{letter.id}.pdf",
            f"/en/track/case/{case.id}/posted/",
            f"/en/track/case/{case.id}/answered/",
            f"/en/track/case/{case.id}/withdraw/",
            f"/en/track/case/{uuid.uuid4()}/withdraw/",
        ):
            assert client.get(address).status_code == 404, address
        for name in ("posted", "answered", "withdraw"):
            assert step(client, case, name, posted_on="1.1.2026").status_code == 404
        case.refresh_from_db()
        assert case.state == "ready"

    def test_a_session_that_ended_leads_to_an_explanation(self) -> None:
        filing, _ = make_filing("migri")
        (case,) = ready(filing)
        letter = case.letters.get(kind="request")
        answers = [
            Client().get(f"/en/track/filing/{filing.id}/"),
            Client().get(f"/en/track/filing/{filing.id}/letter/{letter.id}.pdf"),
            Client().get(f"/en/track/case/{case.id}/withdraw/"),
            step(Client(), case, "posted", posted_on="1.1.2026"),
        ]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, f"{SIGN_IN}?ended")}
        assert "You were signed out" in text_of(Client().get(f"{SIGN_IN}?ended"))

    def test_a_purged_filing_is_gone(self) -> None:
        filing, _ = make_filing("migri")
        client = follower(filing)
        retention.purge(filing.id)
        assert client.get(f"/en/track/filing/{filing.id}/").status_code == 404
        assert 'name="secret"' in client.get(SIGN_IN).content.decode()

    def test_several_filings_in_one_browser(self) -> None:
        first, one = make_filing("kela")
        _, two = make_filing("vero")
        client = signed_in(one)
        sign_in(client, two.reference, two.secret)
        page = client.get(SIGN_IN)
        assert f"Reference {two.reference}" in text_of(page)
        assert f"/en/track/filing/{first.id}/" in page.content.decode()
        assert f"Reference {one.reference}" in text_of(client.get(f"/en/track/filing/{first.id}/"))
        # A form for another request stands on the page of the first one.
        assert page.content.decode().count('name="secret"') == 1

    def test_leaving_forgets_everything(self) -> None:
        _, receipt = make_filing("kela")
        client = signed_in(receipt)
        assert client.get("/en/track/leave/").status_code == 303
        assert receipt.reference in text_of(client.get(SIGN_IN))
        answer = client.post("/en/track/leave/")
        assert answer["Location"] == f"{SIGN_IN}?left"
        assert '"cookies"' in answer["Clear-Site-Data"]
        page = client.get(answer["Location"])
        assert "You have left." in text_of(page)
        assert receipt.reference not in text_of(page)
