"""From answers to holders: who is proposed, who may be added, what each is asked; by the reviewed register."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules.answers import Answers
from requests_app.rules.register import Register, read_register
from requests_app.rules.vocabulary import CATEGORIES, DESK, LIVED_IN_ESPOO, SERVICES
from requests_app.web.wizard import routing
from requests_app.web.wizard.routing import Plan, asked, kept_choice

TODAY = date(2026, 11, 24)
REGISTER: Register = read_register()


@pytest.fixture(autouse=True, scope="module")
def _register() -> object:
    """Read the register from its reviewed files instead of the database."""
    patch = pytest.MonkeyPatch()
    patch.setattr(routing, "current_rules", lambda _on: REGISTER.rules)
    patch.setattr(routing, "holder_facts", lambda: REGISTER.holder_facts)
    yield
    patch.undo()


def plan(*categories: str, on: date = TODAY, services: tuple[str, ...] = (), **more: object) -> Plan:
    return routing.plan(Answers(categories=categories, services=services, **more), on=on)  # type: ignore[arg-type]


class TestProposed:
    def test_one_letter_to_each_holder_in_their_order(self) -> None:
        assert plan("benefits", "medicine", "labour_training").letters == ("espoo_employment", "keha", "kela")

    def test_services_play_no_part_without_background(self) -> None:
        assert plan("tax", services=("kela", "migri")).letters == ("vero",)
        assert plan("tax", "background", services=("kela", "migri")).letters == ("kela", "vero", "migri")

    def test_what_is_undecided_goes_to_the_desk(self) -> None:
        undecided = plan("employment", from_year=2020, to_year=2020, on=date(2024, 6, 1))
        assert undecided.letters == ()
        assert undecided.proposed == (DESK,)
        (item,) = asked(undecided, chosen=(), without_desk=False, details={})
        assert (item.holder, item.categories) == (DESK, ("employment",))
        assert item.reasons[0]["code"] == "no_rule"
        assert asked(undecided, chosen=(), without_desk=True, details={}) == ()

    def test_where_all_is_decided_there_is_no_desk(self) -> None:
        decided = plan("tax")
        assert decided.desk == ""
        assert DESK not in decided.selectable


class TestAddedByHand:
    def test_pointers_and_fallbacks_may_be_added(self) -> None:
        offered = plan("basic_assistance", "research", to_year=2015).addable
        assert offered == {"dvv": ("background",), "espoo": ("basic_assistance",), "vtt": ("research",)}

    def test_statistics_finland_and_the_ombudsman_are_never_asked(self) -> None:
        everything = plan(*CATEGORIES, services=SERVICES)
        assert not {"stat", "ombudsman", DESK} & set(everything.selectable)

    def test_a_fallback_is_asked_only_what_it_is_a_fallback_for(self) -> None:
        offered = plan("discretionary_assistance", "rehabilitation", "social_health").addable
        assert offered["espoo"] == ("discretionary_assistance", "social_health")

    def test_one_added_by_hand_says_so(self) -> None:
        item = asked(plan("tax"), chosen=("vero", "dvv"), without_desk=False, details={})[1]
        assert (item.holder, item.categories, item.by_hand) == ("dvv", ("background",), True)

    def test_a_stranger_is_not_asked(self) -> None:
        assert asked(plan("tax"), chosen=("kela", "stat", "nobody"), without_desk=False, details={}) == ()


class TestKeptChoice:
    def test_what_was_added_and_removed_stays_so(self) -> None:
        before = plan("tax", "benefits")
        chosen = Answers(holders=("vero", "dvv"))
        now = plan("tax", "benefits", "residence")
        assert kept_choice(chosen, before=before.proposed, now=now) == ("vero", "migri", "dvv")

    def test_what_is_not_offered_any_more_goes(self) -> None:
        before = plan("research", "tax")
        assert kept_choice(Answers(holders=("vero", "vtt")), before=before.proposed, now=plan("tax")) == (
            "vero",
        )


questions = st.fixed_dictionaries(
    {
        "categories": st.lists(st.sampled_from(CATEGORIES), min_size=1, unique=True).map(tuple),
        "services": st.lists(st.sampled_from(SERVICES), unique=True).map(tuple),
        "lived_in_espoo": st.sampled_from(LIVED_IN_ESPOO),
        "from_year": st.none() | st.integers(1900, 2015),
        "to_year": st.none() | st.integers(2015, 2026),
    }
)


@given(questions, st.dates(date(2010, 1, 1), date(2030, 12, 31)))
def test_every_category_is_answered_and_every_letter_has_a_reason(
    question: dict[str, object], on: date
) -> None:
    answers = Answers(**question)  # type: ignore[arg-type]
    found = routing.plan(answers, on=on)
    items = asked(found, chosen=found.selectable, without_desk=False, details={})
    assert [item.holder for item in items] == [
        *sorted(found.selectable, key=lambda key: REGISTER.holder_facts[key].position),
        *([found.desk] if found.desk else []),
    ]
    assert len({item.holder for item in items}) == len(items)
    for item in items:
        assert item.categories
        assert item.by_hand or item.reasons
        assert json.loads(json.dumps(item.to_json())) == item.to_json()
    answered = {category for item in items for category in item.categories}
    answered |= {item.category for item in found.decision.explained}
    assert set(answers.categories) <= answered


@given(questions)
def test_the_first_choice_is_what_is_proposed(question: dict[str, object]) -> None:
    found = routing.plan(Answers(**question), on=TODAY)  # type: ignore[arg-type]
    assert kept_choice(Answers(holders=found.letters), before=found.proposed, now=found) == found.letters
    assert set(found.letters) <= set(found.selectable)
