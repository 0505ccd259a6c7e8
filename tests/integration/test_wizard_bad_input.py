"""The wizard and what people and attackers type: an answer in words, the right status, nothing half-saved."""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app.actions import intake
from requests_app.models import Attempt, DataKey, Filing, Letter
from requests_app.rules.vocabulary import HOLDERS, STEPS
from requests_app.web.wizard import guard
from tests.factories import make_register
from tests.integration.wizard_visitor import ANSWERS, Visitor, form_of, text_of

pytestmark = pytest.mark.django_db

QUESTIONS = [step for step in STEPS if step not in ("services", "check", "done")]


@pytest.fixture(autouse=True)
def _register(db: None) -> None:
    make_register()


class TestErrors:
    WRONG: dict[str, dict[str, Any]] = {
        "kind": {"kind": "portability"},
        "who": {"on_behalf": "child", "subject_full_name": "Laila", "subject_birth_date": "31.2.2015"},
        "information": {},
        "period": {"from_year": "2024", "to_year": "2010", "lived_in_espoo": "yes"},
        "holders": {"holders": ["stat"]},
        "about-you": {"full_name": "", "birth_date": "tomorrow", "email": "amina@", "city": "Espoo"},
        "answer": {"letter_language": "fi", "answer_by": "post", "city": "Espoo"},
        "sign": {"signature": "drawn", "drawing": "{"},
    }

    @pytest.mark.parametrize("language", ["en", "fi", "ar"])
    @pytest.mark.parametrize("step", list(WRONG))
    def test_every_step_says_what_is_wrong_and_keeps_what_was_typed(self, step: str, language: str) -> None:
        me = Visitor(language)
        me.go_to(step)
        before = dict(me.client.session.items())
        page = me.post(step, self.WRONG[step])
        html = page.content.decode()
        assert page.status_code == 422
        summary = re.search(r'<div\s+class="error-summary"[^>]*>', html)
        assert summary
        assert all(part in summary[0] for part in ('role="alert"', 'tabindex="-1"', "autofocus"))
        target = html.partition('class="error-summary"')[2].partition('href="#')[2].partition('"')[0]
        assert f'id="{target}"' in form_of(page)
        if language == "en":
            assert "<title>Error:" in " ".join(html.split()).replace("<title> ", "<title>")
        assert dict(me.client.session.items()) == before
        assert me.get(step).status_code == 200
        assert me.step_of(me.post(step)) != step

    def test_typed_values_are_shown_again(self) -> None:
        me = Visitor()
        me.go_to("about-you")
        first = form_of(me.post("about-you", self.WRONG["about-you"]))
        assert 'value="amina@"' in first
        assert 'value="tomorrow"' in first
        assert 'value="Espoo"' in first
        assert 'aria-invalid="true"' in first
        assert 'aria-describedby="id_full_name_helptext id_full_name_error"' in first

    def test_ticked_holders_stay_ticked_when_one_is_forged(self) -> None:
        me = Visitor()
        me.go_to("holders")
        first = form_of(me.post("holders", {"holders": ["kela", "nobody"]}))
        assert first.count("checked") == 1
        assert first.index('value="kela"') < first.index("checked")

    @pytest.mark.parametrize(
        "key", [*sorted({*HOLDERS} - {"kela", "omnia", "dvv"}), "desk", "x", "", "../etc"]
    )
    def test_a_holder_that_was_not_offered_is_refused(self, key: str) -> None:
        me = Visitor()
        me.go_to("holders")
        assert me.post("holders", {"holders": ["kela", key]}).status_code == 422

    def test_nobody_to_ask_is_an_error_in_words(self) -> None:
        me = Visitor()
        me.go_to("holders")
        page = me.post("holders", {"holders": []})
        assert page.status_code == 422
        assert "Choose at least one authority to ask" in text_of(page)

    def test_where_nobody_is_proposed_the_page_says_why(self) -> None:
        me = Visitor()
        page = me.go_to("holders", information={"categories": ["research"]})
        text = text_of(page)
        assert "we propose no letter" in text
        assert "nobody can be identified" in text
        assert "checked" not in form_of(page)
        assert me.post("holders", {}).status_code == 422


class TestOutOfOrder:
    @pytest.mark.parametrize("step", STEPS[1:])
    def test_a_post_without_a_session_explains_itself(self, step: str) -> None:
        me = Visitor()
        answer = me.post(step, ANSWERS.get(step, {}))
        assert answer.status_code == 303
        if step == "done":
            answer = me.client.get(answer["Location"])
        assert answer["Location"] == "/en/request/kind/?ended"
        assert not Filing.objects.exists()

    def test_right_values_that_came_too_early_are_kept(self) -> None:
        me = Visitor()
        me.post("sign", {"signature": "electronic"})
        page = form_of(me.go_to("sign"))
        assert re.search(r'value="electronic"[^>]*checked', page)

    def test_wrong_values_that_came_too_early_are_not(self) -> None:
        me = Visitor()
        me.post("sign", {"signature": "blood"})
        assert "draft" not in me.client.session

    def test_whom_to_ask_is_not_taken_before_the_questions(self) -> None:
        me = Visitor()
        me.post("holders", {"holders": ["kela"]})
        assert "draft" not in me.client.session

    @pytest.mark.parametrize("step", ["", "nonsense", "kind2", "admin", "done2", "KIND"])
    def test_an_unknown_step_is_not_found(self, step: str) -> None:
        assert Client().get(f"/en/request/{step or 'x'}/").status_code == 404

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_other_methods_are_not_allowed(self, method: str) -> None:
        assert getattr(Client(), method)("/en/request/kind/").status_code == 405


class TestLimits:
    @pytest.mark.parametrize("language", ["en", "fi"])
    def test_too_many_posts_are_asked_to_wait_and_lose_nothing(
        self, monkeypatch: pytest.MonkeyPatch, language: str
    ) -> None:
        me = Visitor(language)
        me.go_to("answer")
        monkeypatch.setitem(guard.MOST, "step", 0)
        page = me.post("answer")
        assert page.status_code == 429
        assert 0 < int(page["Retry-After"]) <= guard.HOUR
        assert f'lang="{language}"' in page.content.decode()
        monkeypatch.undo()
        assert me.get("answer").status_code == 200

    def test_too_many_filings_are_asked_to_wait_and_can_be_sent_later(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        me = Visitor()
        monkeypatch.setitem(guard.MOST, "filing", 1)
        me.send()
        me.go_to("check")
        page = me.post("check", {})
        assert page.status_code == 429
        assert Filing.objects.count() == 1
        monkeypatch.setitem(guard.MOST, "filing", 10)
        assert me.step_of(me.post("check", {})) == "done"
        assert Filing.objects.count() == 2

    def test_a_resend_is_no_new_filing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(guard.MOST, "filing", 1)
        me = Visitor()
        me.send()
        for _ in range(3):
            assert me.step_of(me.post("check", {})) == "done"

    def test_another_address_is_another_count_and_none_is_stored(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(guard.MOST, "step", 1)
        posted = [
            Client(REMOTE_ADDR=address).post("/en/request/kind/", {"kind": "access"}).status_code
            for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2")
        ]
        assert posted == [303, 429, 303, 303, 429]
        assert "192.0.2" not in str(list(Attempt.objects.values_list("key_hash")))


class TestOversized:
    def test_a_very_long_name_is_an_error_and_a_short_page(self) -> None:
        me = Visitor()
        me.go_to("about-you")
        page = me.post("about-you", {"full_name": "x" * 900_000, "birth_date": "1" * 900})
        assert page.status_code == 422
        assert len(page.content) < 40_000

    def test_ten_megabytes_are_refused_in_words(self) -> None:
        me = Visitor("ar")
        me.go_to("about-you")
        page = me.client.post(
            me.url("about-you"),
            "full_name=" + "x" * 10_000_000,
            content_type="application/x-www-form-urlencoded",
        )
        assert page.status_code == 413
        assert 'lang="ar"' in page.content.decode()
        assert me.get("about-you").status_code == 200

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (urlencode([("categories", str(i)) for i in range(5000)]), "application/x-www-form-urlencoded"),
            ("--x\r\nnonsense", "multipart/form-data; boundary=x"),
            ("full_name=x", "application/x-www-form-urlencoded; charset=utf-7"),
        ],
    )
    def test_a_body_that_is_no_form_of_ours_is_refused(self, body: str, kind: str) -> None:
        me = Visitor()
        me.go_to("information")
        answer = me.client.post(me.url("information"), body, content_type=kind)
        assert answer.status_code in (400, 422)
        assert me.get("information").status_code == 200

    def test_bytes_that_are_no_text_are_read_as_well_as_may_be(self) -> None:
        me = Visitor()
        me.go_to("about-you")
        answer = me.client.post(
            me.url("about-you"),
            b"full_name=%ff%fe%00Amina&birth_date=1.5.1990",
            content_type="application/x-www-form-urlencoded",
        )
        assert me.step_of(answer) == "answer"


TYPED = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "", " ", "0", "-1", "1.5.1990", "١.٥.١٩٩٠", "۱۳۶۹", "2015", "9" * 30, "9999999", "31.2.2020",
            "\u202eevil\u202c", "\u2066x", "\x00", "😀" * 20, "../../etc/passwd", "<script>alert(1)</script>",
            "' OR 1=1 --", "{{ 7*7 }}", "%s%n", "${jndi:x}", "a\r\nBcc: b@example.org", "amina@example.org",
            "access", "self", "child", "client", "guardian", "benefits", "research", "everything", "kela",
            "desk", "stat", "fi", "sv", "ar", "post", "pickup", "hand", "drawn", "electronic", "yes", "no",
            "[[[1,2],[3,4],[5,6],[7,8],[9,9]]]", "[[", "null", "010594Y9032", "x" * 5000, "on", "1",
        ]
    ),
)  # fmt: skip
NAMES = sorted(
    {
        "kind", "on_behalf", "subject_full_name", "subject_birth_date", "authority_basis", "categories",
        "everything", "from_year", "to_year", "lived_in_espoo", "services", "holders", "without_desk", "full_name",
        "birth_date", "street", "postal_code", "city", "email", "phone", "identity_code", "letter_language",
        "answer_by", "signature", "drawing", "wants_notices", "then", "token", "seen",
    }
)  # fmt: skip
FORMS = st.dictionaries(st.sampled_from(NAMES), st.one_of(TYPED, st.lists(TYPED, max_size=4)), max_size=10)


@pytest.mark.parametrize("step", [*QUESTIONS, "services"])
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(posted=FORMS)
def test_whatever_is_posted_the_answer_is_a_page(
    step: str, posted: dict[str, Any], ready: dict[str, dict[str, Any]]
) -> None:
    """Each step alone, reached properly: 303 on, or 422 with the form; never a fault, never a filing."""
    me = Visitor("ar")
    restore(me, ready[step])
    answer = me.post(step, posted)
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        assert "://" not in answer["Location"]
        assert me.client.get(answer["Location"]).status_code in (200, 303)
        json.dumps(me.client.session["draft"])
    else:
        assert "\x00" not in answer.content.decode()
        assert me.client.session.get("draft") == ready[step].get("draft")
    assert not Filing.objects.exists()


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(posts=st.lists(st.tuples(st.sampled_from(STEPS), FORMS), max_size=8), last=FORMS)
def test_steps_in_any_order_make_a_whole_filing_or_none(
    posts: list[tuple[str, dict[str, Any]]], last: dict[str, Any], ready: dict[str, dict[str, Any]]
) -> None:
    """From a draft that could be sent, whatever follows: what is stored is whole, and the session agrees with it."""
    me = Visitor("fi")
    # Hypothesis runs every example on one database, so each draft needs a receipt of its own.
    restore(me, {"draft": {**ready["check"]["draft"], "receipt": intake.draw_receipt().to_json()}})
    before = set(Filing.objects.values_list("id", flat=True))
    for step, posted in [*posts, ("check", last)]:
        assert me.post(step, posted).status_code in (303, 409, 422)
        assert me.get(step).status_code in (200, 303)
    made = Filing.objects.exclude(id__in=before)
    assert {str(filing.id) for filing in made} == {
        kept["receipt"]["filing_id"] for kept in me.client.session.get("receipts", [])
    }
    for filing in made:
        assert filing.cases.exists()
        assert DataKey.objects.filter(id=filing.id).exists()
        for case in filing.cases.all():
            at_filing = case.letters.exclude(kind="bundle")
            assert (at_filing.count(), case.head_number) == (2, 1)
        assert Letter.objects.filter(case__filing=filing, kind="bundle").count() == 1
    assert DataKey.objects.filter(purpose="filing").count() == len(before) + len(made)


def restore(me: Visitor, kept: dict[str, Any]) -> None:
    """Give the visitor a session as it was at some step."""
    session = me.client.session
    session.update(json.loads(json.dumps(kept)))
    session.save()
    me.client.cookies["session"] = session.session_key or ""


@pytest.fixture
def ready() -> dict[str, dict[str, Any]]:
    """Return what the session holds when each step is first shown, for a draft that asks for background too."""
    me, step = Visitor(), "kind"
    found: dict[str, dict[str, Any]] = {}
    background = {"categories": ["background", "benefits", "skills_centre"]}
    changed = {"information": background, "services": {"services": ["omnia"]}}
    while step not in found:
        found[step] = dict(me.client.session.items())
        if step != "check":
            step = me.step_of(me.post(step, changed.get(step)))
    assert set(found) == set(STEPS) - {"done"}
    return found


def test_nothing_that_was_typed_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "Kanarialintu"
    me = Visitor()
    me.go_to("about-you")
    me.post(
        "about-you", {"full_name": canary, "birth_date": canary, "email": canary, "identity_code": canary}
    )
    me.post("about-you", {"full_name": canary, "birth_date": "1.5.1990"})
    me.get("about-you", f"?{canary}=1")
    mine = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert canary not in " ".join(record.getMessage() for record in mine)
