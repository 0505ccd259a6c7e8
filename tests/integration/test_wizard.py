"""The wizard: the whole way, one commit however often Send is pressed, tabs, reloads, and nothing left behind."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from portal.languages import BY_CODE, LANGUAGES
from requests_app.actions import intake, tracking
from requests_app.doors import places, vault
from requests_app.models import Case, Contact, DataKey, Filing, Holder, Letter, Responsibility, SealedSession
from requests_app.rules.answers import Answers
from requests_app.rules.vocabulary import CATEGORIES, SERVICES, STEPS
from tests.factories import make_register
from tests.integration.wizard_visitor import ANSWERS, Fields, Visitor, data_of, form_of, hidden, text_of

pytestmark = pytest.mark.django_db

EVERYTHING: dict[str, Fields] = {"information": {"everything": "1"}, "services": {"services": list(SERVICES)}}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Let what a test reckons itself be in the language of the pages that it reads."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _register(db: None) -> None:
    make_register()


def answers_of(filing: Filing) -> Answers:
    key = vault.key_of(filing.id)
    return Answers.from_json(key.open_json(places.answers(filing.id), filing.answers_sealed))


def decision_of(case: Case) -> dict[str, object]:
    found = vault.key_of(case.filing_id).open_json(places.decision(case.id), case.decision_sealed)
    assert isinstance(found, dict)
    return found


def the_filing() -> Filing:
    (filing,) = Filing.objects.all()
    return filing


class TestTheWholeWay:
    @pytest.mark.parametrize("language", ["fi", "ar", "sv", "en", LANGUAGES[-1].code])
    def test_from_the_first_question_to_the_receipt(self, language: str) -> None:
        me = Visitor(language)
        assert me.client.get(f"/{language}/request/")["Location"] == me.url("kind")
        page = me.send(
            about_you={"full_name": "أمينة تيستي", "birth_date": "١.٥.١٩٩٠", "phone": "٠٤٠١٢٣٤٥٦٧"}
        )
        html = page.content.decode()
        assert f'<html lang="{BY_CODE[language].html}" dir="{BY_CODE[language].direction}">' in html
        filing = the_filing()
        kept = answers_of(filing)
        assert (kept.full_name, kept.birth_date, kept.phone) == ("أمينة تيستي", "1990-05-01", "0401234567")
        assert (kept.language, kept.holders) == (language, ("omnia", "kela"))
        assert (filing.kind, filing.letter_language) == ("access", "fi")
        assert tracking.find(data_of(page, "reference"), data_of(page, "secret")) == filing
        assert [case.holder_id for case in filing.cases.order_by("holder__position")] == ["omnia", "kela"]
        assert decision_of(filing.cases.get(holder="kela"))["categories"] == ["benefits"]
        letters = Letter.objects.filter(case__filing=filing)
        assert sorted(letters.values_list("kind", "language")) == [
            ("bundle", language),
            ("reading_copy", language), ("reading_copy", language), ("request", "fi"), ("request", "fi"),
        ]  # fmt: skip

    def test_everything_for_a_child_drawn_and_in_swedish(self) -> None:
        me = Visitor("en")
        page = me.send(
            **EVERYTHING,
            who={
                "on_behalf": "child",
                "subject_full_name": "Laila Testi",
                "subject_birth_date": "2015-01-31",
                "authority_basis": "guardian",
            },
            period={"from_year": "2010", "to_year": "2024", "lived_in_espoo": "partly"},
            holders={"holders": ["espoo", "kela", "migri", "dvv"]},
            answer={
                "letter_language": "sv", "answer_by": "post",
                "street": "Testikatu 1", "postal_code": "02600", "city": "Espoo",
            },
            sign={"signature": "drawn", "drawing": "[[[1,2],[30,40],[50,60],[70,80],[90,100]]]"},
        )  # fmt: skip
        filing = the_filing()
        kept = answers_of(filing)
        assert kept.subject.full_name == "Laila Testi"
        assert kept.categories == tuple(key for key in CATEGORIES if key != "research")
        assert (kept.from_year, kept.to_year, kept.services) == (2010, 2024, SERVICES)
        assert filing.letter_language == "sv"
        assert filing.drawing_sealed is not None
        assert decision_of(filing.cases.get(holder="dvv"))["by_hand"] is True
        assert (
            data_of(page, "reference")
            == f"{filing.reference[:2]}-{filing.reference[2:6]}-{filing.reference[6:]}"
        )

    def test_the_first_page_says_what_this_is_and_is_not(self) -> None:
        text = text_of(Visitor().get("kind"))
        for said in (
            "Test operator", "not the police, the Finnish Immigration Service or Kela", "give a reason",
            "not an application", "will see that you asked", "free", "non-disclosure order",
            "Have wrong data corrected",
        ):  # fmt: skip
            assert said in text

    def test_each_question_is_one_post_form_that_comes_first_and_asks_for_no_more(self) -> None:
        me = Visitor()
        for step in STEPS[:-1]:
            page = me.go_to(step, **EVERYTHING)
            html = page.content.decode()
            first = form_of(page)
            assert first.count('type="submit"') == 1
            assert "required" not in first
            assert f'action="{me.url(step)}"' in first
            assert html.count("<h1") == 1
            assert 'class="back"' in html
            assert page["Cache-Control"] == "no-store, private"
            assert len(zlib.compress(page.content, 9)) < 12_000

    def test_holders_come_ticked_with_a_reason_and_how_they_are_asked(self) -> None:
        page = Visitor().go_to("holders", **EVERYTHING)
        first = form_of(page)
        ticked = set(re.findall(r'value="(\w+)"\s+id="id_holders_\d+"\s+checked', first))
        assert ticked == {
            "espoo", "espoo_employment", "keha", "omnia", "kela", "vero", "incomes_register", "migri", "luvn",
        }  # fmt: skip
        assert re.search(r'value="dvv"\s+id="id_holders_\d+"\s*>', first)
        assert 'value="stat"' not in first
        text = text_of(page)
        assert "Kela keeps the data on the benefits that it pays" in text
        assert "it must pass your letter on" in text
        assert "omakela" in text.lower()
        assert "Others may hold something too" in text
        assert "not confirmed" in text
        assert "The Skills Centre was not open yet" in text

    def test_reasons_are_in_the_readers_language_and_names_too(self) -> None:
        me = Visitor("fi")
        assert "Kansaneläkelaitos" in text_of(me.go_to("holders"))
        assert "مؤسسة التأمينات الاجتماعية" in text_of(Visitor("ar", me.client).get("holders"))

    def test_the_language_changes_on_any_page_and_keeps_every_answer(self) -> None:
        me = Visitor("fi")
        me.go_to("check")
        for language in ("ar", "sv", "en"):
            page = Visitor(language, me.client).get("check")
            assert page.status_code == 200
            assert "Amina Testi" in text_of(page)

    def test_queries_do_not_grow_with_the_answers(self) -> None:
        counts = []
        nothing: dict[str, Fields] = {}
        for answers in (nothing, EVERYTHING):
            me = Visitor()
            me.go_to("check", **answers, holders={"holders": ["kela"]})
            with CaptureQueriesContext(connection) as queries:
                me.get("holders")
                me.get("check")
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestOneCommit:
    def test_a_second_press_of_send_shows_the_same_receipt(self) -> None:
        me = Visitor()
        page = me.go_to("check")
        fields = hidden(page)
        receipts = []
        for _ in range(3):
            assert me.step_of(me.post("check", fields)) == "done"
            receipts.append(data_of(me.get("done"), "secret"))
        assert len(set(receipts)) == 1
        assert Filing.objects.count() == 1
        assert DataKey.objects.filter(purpose="filing").count() == 1

    def test_send_works_without_the_hidden_fields_and_without_having_looked(self) -> None:
        me = Visitor()
        me.go_to("sign")
        me.post("sign")
        for _ in range(2):
            assert me.step_of(me.post("check", {})) == "done"
        assert Filing.objects.count() == 1

    def test_reloading_the_receipt_shows_it_again_and_back_does_not_send_again(self) -> None:
        me = Visitor()
        first = data_of(me.send(), "secret")
        assert data_of(me.get("done"), "secret") == first
        assert me.step_of(me.get("check")) == "done"
        assert Filing.objects.count() == 1

    def test_what_another_tab_changed_is_shown_before_it_is_sent(self) -> None:
        me = Visitor()
        fields = hidden(me.go_to("check"))
        other_tab = {"full_name": "Amina Toinen", "birth_date": "1.5.1990"}
        me.post("about-you", other_tab)
        page = me.post("check", fields)
        assert page.status_code == 409
        assert "Nothing was sent" in text_of(page)
        assert "Amina Toinen" in text_of(page)
        assert not Filing.objects.exists()
        assert me.step_of(me.post("check", hidden(page))) == "done"
        assert answers_of(the_filing()).full_name == "Amina Toinen"

    @pytest.mark.parametrize("forged", [{"seen": "x"}, {"token": "x"}, {"seen": "\u202e", "token": "\x00"}])
    def test_a_forged_mark_sends_nothing(self, forged: dict[str, str]) -> None:
        me = Visitor()
        me.go_to("check")
        assert me.post("check", forged).status_code == 409
        assert not Filing.objects.exists()

    def test_a_page_that_was_slower_than_send_does_not_send_again(self) -> None:
        me = Visitor()
        me.go_to("check")
        stale = dict(me.client.session.items())
        me.post("check", {})
        session = me.client.session
        for key in list(session.keys()):
            del session[key]
        session.update(stale)
        session.save()
        assert me.step_of(me.post("check", {})) == "done"
        assert Filing.objects.count() == 1
        assert tracking.find(data_of(me.get("done"), "reference"), data_of(me.get("done"), "secret"))

    def test_a_reference_that_somebody_else_drew_is_drawn_again(self) -> None:
        me = Visitor()
        me.go_to("check")
        session = me.client.session
        mine = session["draft"]["receipt"]["reference"]
        theirs = replace(intake.draw_receipt(), reference=mine)
        intake.submit(Answers(full_name="B"), asked=[intake.Asked("kela", ("benefits",))], receipt=theirs)
        assert me.step_of(me.post("check", {})) == "done"
        page = me.get("done")
        assert data_of(page, "reference") != mine
        assert Filing.objects.count() == 2
        found = tracking.find(data_of(page, "reference"), data_of(page, "secret"))
        assert found is not None
        assert answers_of(found).full_name == "Amina Testi"

    def test_a_draw_that_is_taken_every_time_is_an_error_that_saves_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        me = Visitor()
        me.go_to("check")

        def taken(*_: object, **__: object) -> None:
            raise intake.ReferenceTaken

        monkeypatch.setattr(intake, "submit", taken)
        me.client.raise_request_exception = False
        assert me.post("check", {}).status_code == 500
        monkeypatch.undo()
        assert me.step_of(me.post("check", {})) == "done"
        assert Filing.objects.count() == 1

    def test_a_second_request_has_a_receipt_of_its_own_and_the_first_stays(self) -> None:
        me = Visitor()
        first = data_of(me.send(), "secret")
        assert "See the receipt" in text_of(me.get("kind"))
        page = me.send()
        assert data_of(page, "secret") != first
        assert first in text_of(page)
        assert Filing.objects.count() == 2
        assert len(me.client.session["tracking"]) == 2


class TestTheReceipt:
    def test_two_slips_in_two_languages_and_the_secret_on_one(self) -> None:
        me = Visitor("ar")
        page = me.send()
        html = page.content.decode()
        secret = data_of(page, "secret")
        desk = html[html.index('class="slip desk"') :]
        desk = desk[: desk.index("</section>")]
        assert secret not in desk
        assert data_of(page, "reference") in desk
        assert 'lang="fi" dir="ltr"' in desk
        assert "Kansaneläkelaitos (Kela)" in desk
        assert "مؤسسة التأمينات" in desk
        assert html.count('id="reference"') == html.count('id="secret"') == 1
        assert "Amina" not in html

    def test_in_finnish_one_slip_is_enough(self) -> None:
        html = Visitor("fi").send().content.decode()
        assert html.count("Kansaneläkelaitos (Kela):") == 2  # The list of letters and the slip.

    def test_the_session_follows_the_filing_without_signing_in(self) -> None:
        me = Visitor()
        reference = data_of(me.send(), "reference")
        page = me.client.get("/en/track/")
        assert page.status_code == 200
        assert reference in text_of(page)

    def test_nothing_is_rendered_by_the_post(self) -> None:
        Visitor().send()
        assert not Letter.objects.exclude(state=Letter.State.WANTED).exists()

    @pytest.mark.parametrize(
        ("sign", "said"),
        [
            ({"signature": "hand"}, "You print each letter, sign it"),
            ({"signature": "drawn", "drawing": ""}, "You print each letter, sign it"),
            (
                {"signature": "drawn", "drawing": "[[[1,2],[3,4],[5,6],[7,8],[9,9]]]"},
                "get your request by themselves",
            ),
            ({"signature": "electronic"}, "sign the file with your own tool"),
        ],
    )
    def test_what_happens_next_fits_the_signature(self, sign: Fields, said: str) -> None:
        assert said in text_of(Visitor().send(sign=sign))

    def test_without_a_receipt_there_is_none_to_show(self) -> None:
        answer = Visitor().get("done")
        assert answer["Location"] == "/en/request/kind/?ended"


class TestTheWay:
    def test_a_later_step_leads_to_the_first_open_question(self) -> None:
        me = Visitor()
        for step in STEPS[1:]:
            assert me.step_of(me.get(step)) == "kind"
        me.go_to("period")
        for step in ("holders", "about-you", "answer", "sign", "check"):
            assert me.step_of(me.get(step)) == "period"
        assert me.step_of(me.get("services")) == "period"

    def test_a_step_that_does_not_apply_is_left_out(self) -> None:
        me = Visitor()
        me.go_to("check")
        assert me.step_of(me.get("services")) == "check"

    def test_back_shows_what_was_answered(self) -> None:
        me = Visitor()
        me.go_to("answer", period={"from_year": "٢٠١٥", "to_year": "2020", "lived_in_espoo": "no"})
        assert 'value="2015"' in form_of(me.get("period"))
        assert re.search(r'value="no"[^>]*checked', form_of(me.get("period")))
        assert 'value="Amina Testi"' in form_of(me.get("about-you"))
        assert f'href="{me.url("about-you")}"' in me.get("answer").content.decode()

    @pytest.mark.parametrize(
        "step", ["who", "information", "period", "holders", "about-you", "answer", "sign"]
    )
    def test_change_comes_straight_back(self, step: str) -> None:
        me = Visitor()
        check = me.go_to("check")
        assert f'href="{me.url(step)}?change"' in check.content.decode()
        page = me.get(step, "?change")
        assert f'class="back" href="{me.url("check")}"' in page.content.decode()
        assert me.step_of(me.post(step, {**ANSWERS[step], **hidden(page)})) == "check"

    def test_a_mistake_on_the_way_keeps_the_way_back(self) -> None:
        me = Visitor()
        me.go_to("check")
        page = me.post("about-you", {"full_name": "", "birth_date": "1.5.1990", "then": "check"})
        assert page.status_code == 422
        assert hidden(page)["then"] == "check"

    def test_another_question_may_ask_others_and_the_person_looks_again(self) -> None:
        me = Visitor()
        me.go_to("check")
        answer = me.post("information", {"categories": ["benefits", "residence"], "then": "check"})
        assert answer["Location"] == "/en/request/holders/?change"
        assert me.step_of(me.get("check")) == "holders"
        first = form_of(me.get("holders"))
        assert set(re.findall(r'value="(\w+)"\s+id="id_holders_\d+"\s+checked', first)) == {"kela", "migri"}

    def test_new_services_are_asked_for_when_background_is_added(self) -> None:
        me = Visitor()
        me.go_to("check")
        answer = me.post(
            "information", {"categories": ["benefits", "skills_centre", "background"], "then": "check"}
        )
        assert me.step_of(answer) == "services"

    def test_services_that_are_not_asked_about_any_more_are_not_stored(self) -> None:
        me = Visitor()
        me.go_to("check", **EVERYTHING, holders={"holders": ["kela"]})
        me.post("information", {"categories": ["benefits"]})
        me.post("holders", {"holders": ["kela"]})
        self.sent(me)
        assert answers_of(the_filing()).services == ()

    def test_who_was_left_out_stays_left_out_and_who_was_added_stays(self) -> None:
        me = Visitor()
        me.go_to("check", holders={"holders": ["kela", "dvv"]})
        me.post("information", {"categories": ["benefits", "skills_centre", "tax"], "then": "check"})
        first = form_of(me.get("holders"))
        assert set(re.findall(r'value="(\w+)"\s+id="id_holders_\d+"\s+checked', first)) == {
            "kela",
            "vero",
            "dvv",
        }

    def test_one_added_where_nobody_is_proposed_is_still_ticked_later(self) -> None:
        me = Visitor()
        me.go_to("check", information={"categories": ["research"]}, holders={"holders": ["vtt"]})
        first = form_of(me.get("holders"))
        assert re.findall(r'value="(\w+)"\s+id="id_holders_\d+"\s+checked', first) == ["vtt"]
        assert [case.holder_id for case in self.sent(me)] == ["vtt"]

    def sent(self, me: Visitor) -> list[Case]:
        assert me.step_of(me.post("check", {})) == "done"
        return list(the_filing().cases.order_by("holder__position"))

    def test_a_register_that_changed_meanwhile_is_looked_at_again(self) -> None:
        me = Visitor()
        me.go_to("check")
        Responsibility.objects.filter(category="skills_centre").delete()
        assert me.step_of(me.post("check", {})) == "holders"
        assert not Filing.objects.exists()
        page = me.get("holders")
        assert "A person at the service desk will look" in text_of(page)
        me.post("holders", {"holders": ["kela"], "then": "check"})
        assert "service desk" in text_of(me.get("check"))
        assert [case.holder_id for case in self.sent(me)] == ["kela", "desk"]

    def test_the_desk_can_be_left_out(self) -> None:
        Responsibility.objects.filter(category="skills_centre").delete()
        me = Visitor()
        me.go_to("check", holders={"holders": ["kela"], "without_desk": "on"})
        assert [case.holder_id for case in self.sent(me)] == ["kela"]

    def test_only_the_desk_is_a_request_too(self) -> None:
        Responsibility.objects.all().delete()
        me = Visitor()
        me.go_to("check", holders={"holders": []})
        (case,) = self.sent(me)
        assert case.holder_id == "desk"
        assert decision_of(case)["categories"] == ["benefits", "skills_centre"]

    def test_a_holder_that_is_gone_is_not_asked(self) -> None:
        me = Visitor()
        me.go_to("check")
        Holder.objects.filter(key="kela").update(retired_on=timezone.localdate())
        assert me.step_of(me.post("check", {})) == "holders"
        assert not Filing.objects.exists()


class TestTheCheckPage:
    def test_it_says_everything_once_more(self) -> None:
        me = Visitor()
        page = me.go_to(
            "check",
            period={"from_year": "2012", "to_year": "", "lived_in_espoo": "partly"},
            about_you={
                "full_name": "<script>alert(1)</script>", "birth_date": "1.5.1994",
                "email": "amina@example.org", "phone": "+358401234567", "identity_code": "010594Y9032",
            },
        )  # fmt: skip
        html, text = page.content.decode(), text_of(page)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert '<bdi dir="ltr" translate="no">+358401234567</bdi>' in html
        assert "010594Y9032" not in html
        assert "010594Y****" in html
        for said in ("from 2012 on", "1 May 1994", "Nothing is sent until you press Send", "Send 2 requests"):
            assert said in text

    def test_a_drawing_that_is_missing_is_said_plainly(self) -> None:
        page = Visitor().go_to("check", sign={"signature": "drawn", "drawing": ""})
        assert "Nothing is drawn yet" in text_of(page)

    def test_an_answer_by_email_without_an_address_is_said_plainly(self) -> None:
        page = Visitor().go_to("check", answer={"letter_language": "fi", "answer_by": "email"})
        assert "You gave no e-mail address" in text_of(page)


class TestForgetting:
    def test_everything_of_the_browser_is_forgotten(self) -> None:
        me = Visitor()
        me.send()
        me.go_to("answer")
        answer = me.client.post("/en/request/forget/")
        assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert not SealedSession.objects.exists()
        assert "were removed from this browser" in text_of(me.client.get(answer["Location"]))
        assert me.get("done")["Location"] == "/en/request/kind/?ended"
        assert "request" not in me.client.get("/en/track/").context or not me.client.session.get("tracking")
        assert Filing.objects.count() == 1

    def test_looking_at_its_address_forgets_nothing(self) -> None:
        me = Visitor()
        me.go_to("answer")
        assert me.step_of(me.client.get("/en/request/forget/")) == "kind"
        assert me.get("answer").status_code == 200

    def test_the_button_is_on_every_page_after_the_first(self) -> None:
        me = Visitor()
        for step in STEPS[1:-1]:
            assert 'action="/en/request/forget/"' in me.go_to(step, **EVERYTHING).content.decode()
        assert 'action="/en/request/forget/"' in me.send().content.decode()


class TestTheSession:
    def test_it_is_sealed_and_nothing_is_in_the_cookie_or_an_address(self) -> None:
        me = Visitor()
        me.go_to("check", about_you={"full_name": "Canary Kanarialintu", "birth_date": "1.5.1990"})
        rows = list(SealedSession.objects.all())
        assert len(rows) == 1
        assert b"Kanarialintu" not in bytes(rows[0].data_sealed)
        assert b"draft" not in bytes(rows[0].data_sealed)
        cookie = me.client.cookies["session"].value
        assert cookie not in rows[0].key_hash
        assert len(cookie) < 50
        assert "Kanarialintu" not in me.get("check", "?change").request["QUERY_STRING"]

    def test_looking_at_the_first_page_stores_nothing(self) -> None:
        Visitor().get("kind")
        assert not SealedSession.objects.exists()

    def test_where_the_time_is_over_the_page_says_so_and_keeps_what_was_typed(self) -> None:
        me = Visitor()
        me.go_to("about-you")
        SealedSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        answer = me.post("about-you")
        assert (answer.status_code, answer["Location"]) == (303, "/en/request/kind/?ended")
        assert "the time was over" in text_of(me.client.get(answer["Location"]))
        assert 'value="Amina Testi"' in form_of(me.go_to("about-you"))

    def test_a_cookie_that_nobody_gave_out_is_a_new_visitor(self) -> None:
        me = Visitor()
        me.client.cookies["session"] = "forged" * 6
        assert me.get("answer")["Location"] == "/en/request/kind/?ended"
        assert me.step_of(me.post("kind")) == "who"
        assert me.client.cookies["session"].value != "forged" * 6

    def test_a_draft_of_another_version_begins_again(self) -> None:
        me = Visitor()
        me.go_to("answer")
        session = me.client.session
        session["draft"] = {"version": 0}
        session.save()
        assert me.get("answer")["Location"] == "/en/request/kind/?ended"


class TestContacts:
    def test_an_unconfirmed_address_is_marked(self) -> None:
        me = Visitor()
        text = text_of(me.go_to("holders", information={"categories": ["benefits"]}))
        assert "PL 450, 00056 KELA This authority takes part" in text
        Contact.objects.filter(holder="kela", kind="postal").update(status=Contact.Status.UNCONFIRMED)
        text = text_of(me.get("holders"))
        assert "PL 450, 00056 KELA not confirmed" in text
        assert "Check the address before you send the letter" in text

    def test_where_there_is_none_it_says_so(self) -> None:
        Contact.objects.filter(holder="kela").delete()
        text = text_of(Visitor().go_to("holders", information={"categories": ["benefits"]}))
        assert "We do not know its address for sure" in text


def test_csrf_is_asked_for_everywhere() -> None:
    client = Client(enforce_csrf_checks=True)
    for step in (*STEPS, "forget"):
        answer = client.post(f"/en/request/{step}/", {"kind": "access"})
        assert answer.status_code == 403
    assert not SealedSession.objects.exists()
