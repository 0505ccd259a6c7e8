"""The self-check: every combination of answers, and nothing stronger than the study's answers 4 and 8."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, combinations, product
from typing import Any, Final

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.faq.content import SLUGS, read_content
from portal.languages import BY_CODE
from portal.pages.self_check import handover, words
from portal.pages.self_check.forms import NONE, UNKNOWN, SelfCheckForm
from portal.pages.self_check.rule import (
    CLIENT,
    EXAMPLES,
    LIVED,
    OUTCOMES,
    SERVICES,
    Answer,
    Answers,
    Client,
    judge,
)
from portal.pages.self_check.views import WRITTEN

TABLE: Final = """
    client   lived    used     outcome
    during   yes      yes      yes
    during   yes      no       yes
    during   yes      unknown  yes
    during   no       yes      yes
    during   no       no       yes
    during   no       unknown  yes
    during   unknown  yes      yes
    during   unknown  no       yes
    during   unknown  unknown  yes
    later    yes      yes      possible
    later    yes      no       outside
    later    yes      unknown  possible
    later    no       yes      outside
    later    no       no       outside
    later    no       unknown  outside
    later    unknown  yes      possible
    later    unknown  no       outside
    later    unknown  unknown  possible
    never    yes      yes      possible
    never    yes      no       outside
    never    yes      unknown  possible
    never    no       yes      outside
    never    no       no       outside
    never    no       unknown  outside
    never    unknown  yes      possible
    never    unknown  no       outside
    never    unknown  unknown  possible
    unknown  yes      yes      possible
    unknown  yes      no       possible
    unknown  yes      unknown  possible
    unknown  no       yes      possible
    unknown  no       no       possible
    unknown  no       unknown  possible
    unknown  unknown  yes      possible
    unknown  unknown  no       possible
    unknown  unknown  unknown  possible
"""
"""From the facts ("Self-check outcomes"), written by hand; `used` here is whether any service is ticked."""

EXPECTED: Final = {(row[0], row[1], row[2]): row[3] for row in map(str.split, TABLE.strip().splitlines()[1:])}


def every_answer() -> Iterator[Answers]:
    """Yield all that the form lets a person say."""
    subsets = chain.from_iterable(combinations(SERVICES, number) for number in range(len(SERVICES) + 1))
    for client, lived, services, knows in product(CLIENT, LIVED, map(frozenset, subsets), (True, False)):
        yield Answers(client=client, lived=lived, services=services, knows_services=knows)


ALL: Final = tuple(every_answer())


def ticked(answers: Answers) -> str:
    if answers.services:
        return "yes"
    return "no" if answers.knows_services else "unknown"


class TestRule:
    def test_the_table_covers_every_combination(self) -> None:
        assert len(EXPECTED) == len(CLIENT) * len(LIVED) * 3
        assert len(ALL) == len(CLIENT) * len(LIVED) * 2 ** len(SERVICES) * 2
        assert {(one.client, one.lived, ticked(one)) for one in ALL} == set(EXPECTED)
        assert set(EXPECTED.values()) == set(OUTCOMES)

    def test_every_combination_has_the_outcome_of_the_table(self) -> None:
        for answers in ALL:
            assert judge(answers).outcome == EXPECTED[answers.client, answers.lived, ticked(answers)], answers

    def test_yes_is_for_clients_of_2019_to_2024_alone(self) -> None:
        assert {one.client for one in ALL if judge(one).outcome == "yes"} == {"during"}
        assert all(judge(one).outcome == "yes" for one in ALL if one.client == "during")

    def test_a_doubt_gives_no_more_than_what_all_its_resolutions_give(self) -> None:
        """An "I do not know" never leads to "yes" or "outside" unless either answer in its place would."""
        for answers in ALL:
            clients = ("during", "later", "never") if answers.client == "unknown" else (answers.client,)
            lived = ("yes", "no") if answers.lived == "unknown" else (answers.lived,)
            used = ("yes", "no") if ticked(answers) == "unknown" else (ticked(answers),)
            possible = {EXPECTED[combination] for combination in product(clients, lived, used)}
            expected = possible.pop() if len(possible) == 1 else "possible"
            assert judge(answers).outcome == expected, answers

    def test_no_reason_says_more_than_was_answered(self) -> None:
        for answers in ALL:
            outcome, reasons = judge(answers).outcome, set(judge(answers).reasons)
            assert reasons
            assert ("client" in reasons) == (answers.client == "during") == (outcome == "yes")
            assert ("two_groups" in reasons) == (outcome == "outside")
            if outcome == "yes":
                continue
            assert ("later_client" in reasons) == (answers.client == "later")
            assert ("perhaps_client" in reasons) == (answers.client == "unknown")
            assert ("not_lived" in reasons) == (answers.lived == "no")
            assert ("none_used" in reasons) == (ticked(answers) == "no")
            lived, named = answers.lived == "yes", bool(answers.services & EXAMPLES)
            assert ("lived_and_used" in reasons) == (lived and named)
            if "never_client" in reasons:
                assert answers.client == "never"
            if "perhaps_lived_and_used" in reasons:
                assert answers.lived == "unknown" or not answers.knows_services
                assert answers.lived != "no"
            if "only_examples" in reasons:
                assert answers.services
                assert not named
            group = {"lived_and_used", "perhaps_lived_and_used", "only_examples"} & reasons
            assert ("not_checkable" in reasons) == bool(group)
            assert ("years" in reasons) == (bool(group) or answers.client == "later")
            if outcome == "possible":
                assert group or "perhaps_client" in reasons


class TestWords:
    def test_every_outcome_and_every_reason_has_its_words_and_no_other(self) -> None:
        assert set(words.OUTCOME_NAMES) == set(OUTCOMES)
        assert set(words.REASON_TEXTS) == {reason for one in ALL for reason in judge(one).reasons}
        assert set(words.CLIENT_NAMES) == set(CLIENT)
        assert set(words.LIVED_NAMES) == set(LIVED)
        assert set(words.SERVICE_NAMES) == {*SERVICES, NONE, UNKNOWN}

    def test_the_years_and_names_are_those_of_the_facts(self) -> None:
        text = " ".join(str(one) for one in words.REASON_TEXTS.values())
        assert set(re.findall(r"\d{4}", text)) == {"2009", "2019", "2024", "2025"}
        assert "from 2019 to 2024" in str(words.REASON_TEXTS["client"])
        for named in ("Kela", "the Tax Administration", "TE Services", "the City of Espoo"):
            assert named in str(words.REASON_TEXTS["only_examples"])
        assert "says" in str(words.REASON_TEXTS["client"])
        assert "nobody can be identified" in str(words.REASON_TEXTS["not_checkable"])

    def test_no_language_names_another_year_or_says_anonymous(self) -> None:
        for code in BY_CODE:
            with translation.override(code):
                text = " ".join(map(str, [*words.OUTCOME_NAMES.values(), *words.REASON_TEXTS.values()]))
            assert set(re.findall(r"\d{4}", text)) <= {"2009", "2019", "2024", "2025"}, code
            assert not re.search("an[oó]n[iyí]m|анонім|аноним|مجهول|匿名|nimettöm|vô danh", text.lower()), (
                code
            )

    def test_the_date_of_the_original_is_that_of_the_reviewed_files(self) -> None:
        written = {one.written for one in read_content() if one.slug in (SLUGS[3], SLUGS[7])}
        assert written == {WRITTEN}


def form(**data: Any) -> SelfCheckForm:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return SelfCheckForm(query)


WHOLE: Final = {"client": "never", "lived": "yes", "services": ["kela"]}


class TestForm:
    @pytest.mark.parametrize("client", CLIENT)
    @pytest.mark.parametrize("lived", LIVED)
    def test_what_is_chosen_is_what_is_judged(self, client: Client, lived: Answer) -> None:
        filled = form(client=client, lived=lived, services=["migri", "kela"])
        assert filled.is_valid()
        expected = Answers(client=client, lived=lived, services=frozenset({"kela", "migri"}))
        assert filled.answers() == expected

    @pytest.mark.parametrize(
        ("sent", "services", "knows"),
        [
            ([NONE], set(), True),
            ([UNKNOWN], set(), False),
            (["kela", UNKNOWN], {"kela"}, False),
            ([NONE, NONE], set(), True),
            (list(SERVICES), set(SERVICES), True),
        ],
    )
    def test_none_and_unknown_are_answers(self, sent: list[str], services: set[str], knows: bool) -> None:
        filled = form(**{**WHOLE, "services": sent})
        assert filled.is_valid()
        answers = filled.answers()
        assert (set(answers.services), answers.knows_services) == (services, knows)

    @pytest.mark.parametrize("name", WHOLE)
    def test_each_question_wants_an_answer(self, name: str) -> None:
        filled = form(**{key: value for key, value in WHOLE.items() if key != name})
        assert list(filled.errors) == [name]

    @pytest.mark.parametrize(
        "services", [[NONE, "kela"], [NONE, UNKNOWN], ["kela", "police"], [""], ["KELA"], []]
    )
    def test_services_that_do_not_fit_together_are_refused(self, services: list[str]) -> None:
        assert list(form(**{**WHOLE, "services": services}).errors) == ["services"]

    @given(name=st.sampled_from(list(WHOLE)), values=st.lists(st.text(max_size=30), max_size=5))
    def test_nothing_that_was_sent_is_in_an_error(self, name: str, values: list[str]) -> None:
        marked = [f"<canary {value}>" for value in values]
        said = str(form(**{**WHOLE, name: marked}).errors)
        assert said
        assert "canary" not in said


class TestHandover:
    @pytest.mark.parametrize(
        ("answers", "expected"),
        [
            (
                Answers(client="during", lived="yes"),
                {"categories": ["background", "skills_centre"], "services": ["omnia"]},
            ),
            (
                Answers(client="never", lived="yes", services=frozenset({"kela", "city"})),
                {"categories": ["benefits", "background"], "services": ["kela", "city"]},
            ),
            (
                Answers(client="unknown", lived="no", knows_services=False),
                {"categories": ["skills_centre"], "lived_in_espoo": ["no"]},
            ),
            (Answers(client="never", lived="no"), {}),
            (Answers(client="never", lived="unknown", knows_services=False), {}),
        ],
    )
    def test_the_answers_become_fields_of_the_wizard(
        self, answers: Answers, expected: dict[str, list[str]]
    ) -> None:
        found: dict[str, list[str]] = {}
        for name, value in handover.fields(answers):
            found.setdefault(name, []).append(value)
        assert found == expected

    def test_services_come_with_background_or_the_wizard_would_not_ask_for_them(self) -> None:
        for answers in ALL:
            found = handover.fields(answers)
            services = {value for name, value in found if name == "services"}
            assert services >= answers.services
            assert (("categories", "background") in found) == bool(services)
            assert len(found) == len(set(found))
