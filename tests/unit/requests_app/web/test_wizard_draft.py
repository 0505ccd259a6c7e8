"""The wizard's draft and its steps: what is kept, what it says about itself, and which question comes next."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest
from django.contrib.sessions.backends.base import SessionBase
from hypothesis import given
from hypothesis import strategies as st

from requests_app.actions.intake import Asked, Receipt
from requests_app.rules.answers import Answers, Subject
from requests_app.rules.vocabulary import STEPS
from requests_app.web.wizard import draft, steps
from requests_app.web.wizard.draft import Draft, Sent

RECEIPT = Receipt(uuid.UUID(int=7), "26-7Q4M-2X", "ABCD-EFGH-JKMN-PQRS-TUVW", "a token")
FULL = Draft(
    answers=Answers(
        categories=("background", "benefits"),
        services=("kela",),
        holders=("kela",),
        subject=Subject("Laila", "2015-01-31", "guardian"),
        from_year=2010,
        full_name="Amina Testi",
    ),
    done=set(steps.QUESTIONS),
    everything=True,
    proposed=("kela", "desk"),
    without_desk=True,
    drawing=(((1, 2), (3, 4)), ((5, 6),)),
    receipt=RECEIPT,
)


class Memory(SessionBase):
    """A session that is nowhere but here, without Django's tables."""

    def load(self) -> dict[str, object]:
        return {}

    def exists(self, session_key: str) -> bool:
        return False


def sent(number: int) -> Sent:
    receipt = replace(RECEIPT, filing_id=uuid.UUID(int=number), token=f"token {number}")
    return Sent(receipt, (("kela", ("benefits",)),), 2010, None, "hand", drawn=False, sent_on="2026-11-24")


def through_json(data: object) -> dict[str, object]:
    """Return what the session's JSON makes of data."""
    kept = json.loads(json.dumps(data))
    assert isinstance(kept, dict)
    return kept


class TestDraft:
    def test_it_comes_back_from_the_session_as_it_was(self) -> None:
        assert Draft.from_json(through_json(FULL.to_json())) == FULL
        assert Draft.from_json(through_json(Draft().to_json())) == Draft()

    @pytest.mark.parametrize("kept", [{}, {"answers": {}}, {**Draft().to_json(), "drawing": [[1]]}, {"x": 1}])
    def test_one_of_another_version_is_no_draft(self, kept: dict[str, object]) -> None:
        session = Memory()
        session["draft"] = kept
        assert draft.load(session) is None

    def test_steps_that_the_wizard_does_not_know_are_dropped(self) -> None:
        assert Draft.from_json({**FULL.to_json(), "done": ["kind", "nonsense"]}).done == {"kind"}

    def test_finishing_keeps_each_receipt_once_and_follows_the_filing(self) -> None:
        session = Memory()
        draft.save(session, FULL)
        session["tracking"] = ["earlier"]
        for _ in range(2):
            draft.finish(session, sent(1))
        draft.finish(session, sent(2))
        assert draft.load(session) is None
        assert [item.receipt.filing_id.int for item in draft.sent(session)] == [1, 2]
        assert session["tracking"] == ["earlier", str(uuid.UUID(int=1)), str(uuid.UUID(int=2))]

    def test_a_session_keeps_no_endless_list_of_receipts(self) -> None:
        session = Memory()
        for number in range(draft.MAX_RECEIPTS + 5):
            draft.finish(session, sent(number))
        kept = draft.sent(session)
        assert len(kept) == draft.MAX_RECEIPTS
        assert kept[-1].receipt.filing_id.int == draft.MAX_RECEIPTS + 4

    def test_a_receipt_of_another_version_is_passed_over(self) -> None:
        session = Memory()
        session["receipts"] = [{"receipt": {}}, through_json(sent(3).to_json())]
        assert draft.sent(session) == [sent(3)]

    def test_a_receipt_holds_no_answer_that_names_the_person(self) -> None:
        assert "Amina" not in json.dumps(sent(1).to_json())


class TestDigest:
    ASKED = (Asked("kela", ("benefits",)),)

    def test_it_is_the_same_for_the_same(self) -> None:
        again = Draft.from_json(through_json(FULL.to_json()))
        assert draft.digest(FULL, self.ASKED) == draft.digest(again, self.ASKED)

    def test_another_language_of_the_page_is_no_change(self) -> None:
        other = replace(FULL, answers=replace(FULL.answers, language="ar"))
        assert draft.digest(FULL, self.ASKED) == draft.digest(other, self.ASKED)

    @pytest.mark.parametrize(
        "changed",
        [
            replace(FULL, answers=replace(FULL.answers, full_name="Amina Toinen")),
            replace(FULL, answers=replace(FULL.answers, to_year=2020)),
            replace(FULL, answers=replace(FULL.answers, subject=Subject())),
            replace(FULL, drawing=()),
            replace(FULL, receipt=replace(RECEIPT, token="another")),
        ],
    )
    def test_every_change_shows(self, changed: Draft) -> None:
        assert draft.digest(FULL, self.ASKED) != draft.digest(changed, self.ASKED)

    def test_what_is_asked_of_whom_shows(self) -> None:
        assert draft.digest(FULL, self.ASKED) != draft.digest(FULL, (Asked("kela", ("benefits", "tax")),))
        assert draft.digest(FULL, self.ASKED) != draft.digest(FULL, ())

    def test_it_tells_nothing_without_the_token(self) -> None:
        strangers = replace(FULL, receipt=replace(RECEIPT, token="guess"))
        assert draft.digest(strangers, self.ASKED) != draft.digest(FULL, self.ASKED)


WITH_BACKGROUND = Draft(answers=Answers(categories=("background",)))
WITHOUT = Draft(answers=Answers(categories=("tax",)))


class TestSteps:
    def test_services_are_asked_for_background_alone(self) -> None:
        assert "services" in steps.order(WITH_BACKGROUND)
        assert "services" not in steps.order(WITHOUT)
        assert "services" not in steps.order(None)

    def test_the_order_is_that_of_the_contract(self) -> None:
        assert (*steps.order(WITH_BACKGROUND), "check", "done") == STEPS

    def test_each_step_leads_to_the_next_and_back(self) -> None:
        way = ["kind"]
        while way[-1] != "check":
            way.append(steps.after(way[-1], WITH_BACKGROUND))
        assert tuple(way) == (*steps.order(WITH_BACKGROUND), "check")
        back = ["check"]
        while (before := steps.before(back[-1], WITH_BACKGROUND)) is not None:
            back.append(before)
        assert back == way[::-1]
        assert steps.after("period", WITHOUT) == "holders"
        assert steps.before("holders", WITHOUT) == "period"

    def test_a_new_visitor_may_open_the_first_question_alone(self) -> None:
        assert [step for step in STEPS if steps.may_open(step, None)] == ["kind"]

    def test_a_step_that_does_not_apply_can_not_be_opened(self) -> None:
        draft_of_taxes = replace(WITHOUT, done=set(steps.QUESTIONS))
        assert not steps.may_open("services", draft_of_taxes)
        assert not steps.may_open("nonsense", draft_of_taxes)

    @given(st.sets(st.sampled_from(steps.QUESTIONS)), st.booleans())
    def test_the_first_open_question_is_always_one_that_may_be_opened(
        self, done: set[str], background: bool
    ) -> None:
        kept = replace(WITH_BACKGROUND if background else WITHOUT, done=done)
        unfinished = steps.unfinished(kept)
        if unfinished is None:
            assert steps.may_open("check", kept)
        else:
            assert unfinished not in done
            assert steps.may_open(unfinished, kept)
            assert not steps.may_open("check", kept)
