"""The self-check: it answers, keeps nothing, and takes its answers along to the wizard and to nobody else's."""

from __future__ import annotations

import gzip
import logging
import re
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from portal.faq.content import SLUGS
from portal.languages import BY_CODE
from portal.pages.self_check.rule import SERVICES
from portal.pages.self_check.views import MOST_BYTES
from requests_app.models import SealedSession
from requests_app.rules.vocabulary import CATEGORIES
from requests_app.web.wizard import guard
from tests.factories import make_register
from tests.integration.wizard_visitor import Visitor, form_of, text_of

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

PAGE: Final = "/en/am-i-included/"
START: Final = "/en/request/"
HERE: Final = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
"""What a browser of today says when a page of the portal sends a form."""

POSSIBLE: Final[dict[str, Any]] = {"client": "never", "lived": "yes", "services": ["kela", "tax", "city"]}
OUTSIDE: Final[dict[str, Any]] = {"client": "never", "lived": "no", "services": ["none"]}
CLIENT: Final[dict[str, Any]] = {"client": "during", "lived": "yes", "services": ["migri"]}
BY_OUTCOME: Final = {"yes": CLIENT, "possible": POSSIBLE, "outside": OUTSIDE}


def taken_along(answer: Any) -> dict[str, list[str]]:
    """Return the hidden fields of the form that leads to the wizard; it is the first one of the page."""
    form = form_of(answer)
    assert f'action="{START}"' in form
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form):
        found.setdefault(name, []).append(value)
    return found


def ticked(html: str, name: str) -> set[str]:
    """Return the values of the boxes or buttons of this name that are ticked."""
    return set(re.findall(rf'name="{name}"\s+value="(\w+)"[^>]*\schecked', html))


class TestQuestions:
    def test_the_page_is_public_and_the_same_for_everybody(self) -> None:
        answer = Client().get(PAGE)
        assert answer.status_code == 200
        assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=300"}
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        html = answer.content.decode()
        assert "csrf" not in html
        assert "<script" not in html

    def test_it_touches_no_database_and_knows_what_has_not_changed(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(0):
            answer = Client().get(PAGE)
        assert Client().get(PAGE, headers={"if-none-match": answer["ETag"]}).status_code == 304
        assert Client().head(PAGE).status_code == 200

    def test_the_form_is_a_post_without_a_query(self) -> None:
        form = form_of(Client().get(PAGE))
        assert re.findall(r'action="([^"]*)"', form) == [PAGE]
        assert "required" not in form
        assert form.count('type="submit"') == 1
        assert len(re.findall('type="radio"', form)) == 7
        assert len(re.findall('type="checkbox"', form)) == len(SERVICES) + 2

    def test_answers_in_an_address_are_not_read(self) -> None:
        asked = Client().get(f"{PAGE}?{urlencode(POSSIBLE, doseq=True)}")
        assert ticked(asked.content.decode(), "client") == set()

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_other_methods_are_not_allowed(self, method: str) -> None:
        assert getattr(Client(), method)(PAGE).status_code == 405


@pytest.mark.parametrize("code", BY_CODE)
def test_each_language_asks_and_tells_every_outcome_with_the_answers_of_the_study(code: str) -> None:
    page = f"/{code}/am-i-included/"
    language = BY_CODE[code]
    for fields in (None, *BY_OUTCOME.values()):
        answer = Client().get(page) if fields is None else Client().post(page, fields)
        assert answer.status_code == 200
        assert len(gzip.compress(answer.content)) <= 12_000
        html = answer.content.decode()
        assert f'<html lang="{language.html}" dir="{language.direction}">' in html
        assert html.count("<h1") == 1
        assert "espooskillscentrestudy.fi" in html
        if fields is not None:
            assert 'class="short-answer"' in html
            for slug in (SLUGS[3], SLUGS[7]):
                assert f'href="/{code}/faq/{slug}/"' in html


class TestAnswer:
    def test_it_says_why_and_that_no_register_was_looked_into(self) -> None:
        text = text_of(Client().post(PAGE, POSSIBLE))
        for said in (
            "It is possible", "The study says that you may be included", "nobody can be identified",
            "from January 2009 to December 2024", "have not looked into any register",
        ):  # fmt: skip
            assert said in text
        text = text_of(Client().post(PAGE, CLIENT))
        assert "The study says yes" in text
        assert "data on all its clients are collected" in text
        assert "It is possible" not in text
        text = text_of(Client().post(PAGE, OUTSIDE))
        assert "You are outside the groups that the study describes" in text
        assert "immigrants living in Espoo who have never been its clients" in text

    def test_it_writes_reads_and_sets_nothing(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = Client(enforce_csrf_checks=True)
        for fields, status in ((POSSIBLE, 200), (OUTSIDE, 200), ({}, 422)):
            with django_assert_num_queries(0):
                answer = client.post(PAGE, fields)
            assert answer.status_code == status
            assert answer["Cache-Control"] == "no-store, private"
            assert not answer.cookies
            assert "csrf" not in answer.content.decode()
            assert "Location" not in answer
        assert not SealedSession.objects.exists()

    def test_it_leaves_the_session_of_a_wizard_alone(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        me = Visitor()
        me.go_to("who")
        row = SealedSession.objects.values().get()
        with django_assert_num_queries(0):
            assert not me.client.post(PAGE, POSSIBLE).cookies
        assert SealedSession.objects.values().get() == row

    @pytest.mark.parametrize("name", POSSIBLE)
    @pytest.mark.parametrize("code", ["en", "ar"])
    def test_what_is_missing_is_said_and_what_was_chosen_is_kept(self, code: str, name: str) -> None:
        fields = {key: value for key, value in POSSIBLE.items() if key != name}
        answer = Client().post(f"/{code}/am-i-included/", fields)
        assert answer.status_code == 422
        html = answer.content.decode()
        summary = re.search(r'<div\s+class="error-summary"[^>]*>', html)
        assert summary
        assert all(part in summary[0] for part in ('role="alert"', 'tabindex="-1"', "autofocus"))
        assert html.count('href="#id_') == 1
        assert f'href="#id_{name}_0"' in html
        for key in POSSIBLE:
            sent = fields.get(key, [])
            assert ticked(html, key) == set(sent if isinstance(sent, list) else [sent])

    def test_the_page_begins_with_error_in_its_title(self) -> None:
        title = re.search(r"<title>(.*?)</title>", Client().post(PAGE, {}).content.decode(), re.DOTALL)
        assert title
        assert title[1].split()[0] == "Error:"


class TestBadInput:
    names = st.sampled_from(["client", "lived", "services", "csrfmiddlewaretoken", "x"])
    values = st.one_of(
        st.sampled_from(["during", "later", "never", "unknown", "yes", "no", "none", *SERVICES]),
        st.text(max_size=40),
    )

    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
    @given(fields=st.dictionaries(names, st.lists(values, max_size=6), max_size=5))
    def test_whatever_is_sent_is_answered_in_words(
        self, django_assert_num_queries: DjangoAssertNumQueries, fields: dict[str, list[str]]
    ) -> None:
        body = urlencode(fields, doseq=True, errors="replace")
        with django_assert_num_queries(0):
            answer = Client().post(PAGE, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (200, 422)
        assert answer["Cache-Control"] == "no-store, private"
        assert not answer.cookies

    @pytest.mark.parametrize(
        "body", [b"\xff\xfe=\x00", b"client=%FF%00", b"%", b"&" * 99, b"client=during;lived=yes", b"{}"]
    )
    def test_bytes_that_are_no_form_are_refused(self, body: bytes) -> None:
        answer = Client().post(PAGE, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 422

    def test_a_broken_multipart_body_and_too_many_fields_are_bad_requests(self) -> None:
        assert Client().post(PAGE, b"x", content_type="multipart/form-data; boundary=").status_code == 400
        many = b"&".join(b"%d" % number for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
        assert len(many) < MOST_BYTES
        answer = Client().post(PAGE, many, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400

    @pytest.mark.parametrize("code", ["en", "ar"])
    def test_what_is_oversized_is_refused_in_the_readers_language(self, code: str) -> None:
        answer = Client().post(f"/{code}/am-i-included/", {**POSSIBLE, "x": "x" * MOST_BYTES})
        assert answer.status_code == 413
        assert answer["Content-Language"] == code
        assert not answer.cookies

    def test_no_log_and_no_page_repeats_what_was_sent(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        wrong = {"client": "Kanarialintu", "lived": "<b>Kanarialintu</b>", "services": ["Kanarialintu"]}
        answer = Client().post(PAGE, wrong, headers={"referer": "http://testserver/en/"})
        assert answer.status_code == 422
        assert "Kanarialintu" not in answer.content.decode()
        for fields in (wrong, POSSIBLE, CLIENT, {**POSSIBLE, "x": "Kanarialintu" * 1000}):
            Client().post(PAGE, fields)
            Client().post(START, {"categories": ["Kanarialintu"]}, headers=HERE)
        assert not [record for record in caplog.records if "Kanarialintu" in str(vars(record))]
        assert not [
            record for record in caplog.records if record.name.partition(".")[0] in ("portal", "requests_app")
        ]


@pytest.fixture
def _register(db: None) -> None:
    make_register()


@pytest.mark.usefixtures("_register")
class TestTheWayOn:
    def test_the_wizard_has_ticked_what_was_answered(self) -> None:
        me = Visitor(client=Client(enforce_csrf_checks=True))
        fields = taken_along(me.client.post(PAGE, {**POSSIBLE, "services": ["kela", "tax", "city", "migri"]}))
        assert fields == {
            "categories": ["benefits", "tax", "residence", "background"],
            "services": ["kela", "tax", "city", "migri"],
        }
        answer = me.client.post(START, fields, headers=HERE)
        assert (answer.status_code, answer["Location"]) == (303, me.url("kind"))
        assert set(answer.cookies) == {"session"}
        me.client.handler.enforce_csrf_checks = False
        page = me.go_to("information", kind={"kind": "access"})
        assert ticked(form_of(page), "categories") == set(fields["categories"])
        me.post("information", {"categories": fields["categories"]})
        me.post("period")
        page = me.get("services")
        assert page.status_code == 200
        assert ticked(form_of(page), "services") == set(fields["services"])
        me.post("services", {"services": fields["services"]})
        holders = ticked(form_of(me.get("holders")), "holders")
        assert holders == {"espoo", "kela", "vero", "migri"}

    def test_a_client_of_the_skills_centre_asks_omnia(self) -> None:
        me = Visitor()
        fields = taken_along(me.client.post(PAGE, {**CLIENT, "lived": "no", "services": ["none"]}))
        assert fields == {
            "categories": ["background", "skills_centre"], "services": ["omnia"], "lived_in_espoo": ["no"],
        }  # fmt: skip
        me.client.post(START, fields, headers=HERE)
        page = me.go_to("period", information={"categories": fields["categories"]})
        assert ticked(form_of(page), "lived_in_espoo") == {"no"}

    def test_where_nothing_can_be_ticked_an_ordinary_link_leads_on(self) -> None:
        html = Client().post(PAGE, OUTSIDE).content.decode()
        assert 'type="hidden"' not in html
        assert f'class="button" href="{START}"' in html

    def test_every_step_still_begins_with_its_own_form(self) -> None:
        me = Visitor()
        me.client.post(START, taken_along(me.client.post(PAGE, POSSIBLE)), headers=HERE)
        for step in ("kind", "who", "information", "period", "services", "holders"):
            assert f'action="{me.url(step)}"' in form_of(
                me.go_to(step, information={"categories": ["benefits", "background"]})
            )

    def test_nothing_is_in_an_address(self) -> None:
        me = Visitor()
        first = me.client.post(START, taken_along(me.client.post(PAGE, POSSIBLE)), headers=HERE)
        assert "?" not in first["Location"]
        me.post("kind")
        again = me.client.post(START, taken_along(me.client.post(PAGE, CLIENT)), headers=HERE)
        assert again["Location"] == f"{me.url('kind')}?begun"

    def test_answers_of_another_tab_stay_and_the_page_says_so(self) -> None:
        me = Visitor()
        me.go_to("period", information={"categories": ["tax"]})
        before = dict(me.client.session.items())
        answer = me.client.post(START, {"categories": ["benefits"], "services": ["kela"]}, headers=HERE)
        assert dict(me.client.session.items()) == before
        page = me.client.get(answer["Location"])
        assert "We kept the answers that you gave there" in text_of(page)
        assert 'action="/en/request/forget/"' in page.content.decode()
        assert ticked(form_of(me.get("information")), "categories") == {"tax"}
        assert "We kept the answers" not in text_of(me.get("kind"))

    def test_a_second_self_check_counts_where_no_question_was_answered_yet(self) -> None:
        me = Visitor()
        for categories in (["tax"], ["benefits"]):
            me.client.post(START, {"categories": categories}, headers=HERE)
        assert ticked(form_of(me.go_to("information")), "categories") == {"benefits"}

    def test_after_a_request_was_sent_a_new_one_may_begin(self) -> None:
        me = Visitor()
        me.send()
        me.client.post(START, {"categories": ["tax"]}, headers=HERE)
        assert ticked(form_of(me.go_to("information")), "categories") == {"tax"}
        assert me.get("done").status_code == 200

    def test_too_many_are_asked_to_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(guard.MOST, "step", 0)
        answer = Client().post(START, {"categories": ["tax"]}, headers=HERE)
        assert answer.status_code == 429
        assert not SealedSession.objects.exists()

    def test_the_address_alone_leads_to_the_first_question(self) -> None:
        for ask in (Client().get, Client().head, Client().post):
            answer = ask(START)
            assert (answer.status_code, answer["Location"]) == (303, "/en/request/kind/")
            assert not answer.cookies


FOREIGN: Final[list[dict[str, str]]] = [
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    {"origin": "http://testserver", "sec-fetch-site": "same-site"},
    {"origin": "http://testserver", "sec-fetch-site": "none"},
    {"origin": "http://testserver", "sec-fetch-site": ""},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "cross-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "https://testserver"},
    {"origin": "http://testserver:8001"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "null", "referer": "http://testserver/en/am-i-included/"},
    {"referer": "https://evil.example/http://testserver/"},
    {"referer": "http://testserver.evil.example/"},
    {"referer": "http://testserver@evil.example/"},
    {"referer": "http://[broken"},
    {},
]
OURS: Final[list[dict[str, str]]] = [
    HERE,
    {"origin": "http://testserver"},
    {"sec-fetch-site": "same-origin"},
    {"referer": "http://testserver/en/am-i-included/"},
    {"origin": settings.BASE_URL},
]


class TestOtherSites:
    @pytest.mark.parametrize("headers", FOREIGN)
    def test_a_foreign_post_begins_with_nothing_and_takes_nothing_away(self, headers: dict[str, str]) -> None:
        me = Visitor()
        answer = me.client.post(START, {"categories": ["tax"]}, headers=headers)
        assert (answer.status_code, answer["Location"]) == (303, me.url("kind"))
        assert not answer.cookies
        assert not SealedSession.objects.exists()
        assert ticked(form_of(me.go_to("information")), "categories") == set()

    def test_a_foreign_post_can_not_replace_a_draft(self) -> None:
        me = Visitor()
        me.client.post(START, {"categories": ["tax"]}, headers=HERE)
        me.client.post(START, {"categories": ["medicine"]}, headers=FOREIGN[0])
        assert ticked(form_of(me.go_to("information")), "categories") == {"tax"}

    @pytest.mark.parametrize("headers", OURS)
    def test_a_post_of_our_own_page_is_believed(self, headers: dict[str, str]) -> None:
        me = Visitor()
        me.client.post(START, {"categories": ["tax"]}, headers=headers)
        assert ticked(form_of(me.go_to("information")), "categories") == {"tax"}

    @pytest.mark.parametrize(
        "fields",
        [
            {"categories": ["tax", "nonsense"]},
            {"categories": ["tax"], "services": ["vero"]},
            {"categories": ["tax"], "lived_in_espoo": "unknown"},
            {"categories": [""]},
            {"categories": ["tax\x00"]},
            {"full_name": "Amina", "holders": ["kela"]},
            {"kind": "access"},
        ],
    )
    def test_what_is_not_in_the_vocabulary_is_not_taken(self, fields: dict[str, Any]) -> None:
        answer = Client().post(START, fields, headers=HERE)
        assert (answer.status_code, answer["Location"]) == (303, "/en/request/kind/")
        assert not SealedSession.objects.exists()

    def test_no_other_answer_comes_along(self) -> None:
        me = Visitor()
        me.client.post(
            START,
            {"categories": ["tax"], "full_name": "Amina", "on_behalf": "client", "then": "check"},
            headers=HERE,
        )
        answers = me.client.session["draft"]["answers"]
        assert (answers["categories"], answers["full_name"], answers["on_behalf"]) == (["tax"], "", "self")
        assert me.client.session["draft"]["done"] == []

    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
    @given(
        st.lists(st.sampled_from(CATEGORIES)),
        st.lists(st.one_of(st.sampled_from(SERVICES), st.text(max_size=10)), max_size=4),
    )
    def test_the_draft_holds_keys_of_the_vocabulary_alone(
        self, categories: list[str], services: list[str]
    ) -> None:
        me = Visitor()
        me.client.post(START, {"categories": categories, "services": services}, headers=HERE)
        kept = me.client.session.get("draft", {"answers": {"categories": [], "services": []}})["answers"]
        if set(services) <= set(SERVICES):
            assert set(kept["categories"]) == set(categories)
            assert set(kept["services"]) == set(services)
        else:
            assert not kept["categories"]
