"""The two halves agree: what the self-check hands over is what the wizard knows, in the same words."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from portal.languages import BY_CODE
from portal.pages.self_check import handover, words
from portal.pages.self_check.rule import SERVICES
from requests_app.rules import vocabulary
from requests_app.rules.register import read_register
from requests_app.rules.routing import Question, route
from requests_app.web.wizard.start import TAKEN_ALONG
from requests_app.wording.vocabulary import SERVICE_NAMES

TODAY = date(2026, 11, 24)


def test_the_services_are_those_of_the_wizard() -> None:
    assert SERVICES == vocabulary.SERVICES
    assert set(handover.CATEGORIES) == set(SERVICES)


def test_the_fields_are_those_of_the_contract() -> None:
    assert set(TAKEN_ALONG) == {"categories", "services", "lived_in_espoo"}
    ticked = {category for found in handover.CATEGORIES.values() for category in found}
    assert ticked | {"background", "skills_centre"} <= set(vocabulary.CATEGORIES)
    assert "no" in vocabulary.LIVED_IN_ESPOO


def test_both_name_a_service_alike_in_every_language() -> None:
    for code in BY_CODE:
        with translation.override(code):
            assert {key: str(words.SERVICE_NAMES[key]) for key in SERVICES} == {
                key: str(name) for key, name in SERVICE_NAMES.items()
            }, code


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_ticked_for_a_service_is_asked_of_its_own_holder(service: str) -> None:
    """A service brings no letter to an authority that the person did not name, but for KEHA's share of the register."""

    def holders(*categories: str, services: tuple[str, ...] = ()) -> set[str]:
        question = Question(
            categories=categories,
            from_year=None,
            to_year=None,
            services=services,
            lived_in_espoo="yes",
            on=TODAY,
        )
        decision = route(question, rules=register.rules, holders=register.holder_facts)
        return {letter.holder for letter in decision.letters}

    register = read_register()
    own = holders("background", services=(service,))
    assert own
    for category in handover.CATEGORIES[service]:
        assert own <= holders(category) <= own | {"keha"}
