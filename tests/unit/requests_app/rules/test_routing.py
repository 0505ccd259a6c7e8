"""Routing: what the rows of the register come to, by example, by property, and reckoned year by year."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules.register import NO_SERVICE, HolderFacts, Register, Role, Rule, read_register
from requests_app.rules.routing import (
    ASK_WHERE_YOU_LIVED,
    NO_HOLDER,
    NO_RULE,
    OTHER_PLACE,
    RULES_CONTRADICT,
    Decision,
    Explained,
    LetterTo,
    Pointer,
    Question,
    Reason,
    Undecided,
    route,
)
from requests_app.rules.vocabulary import CATEGORIES, LIVED_IN_ESPOO, SERVICES

TODAY = date(2026, 11, 24)
HOLDERS = {
    "town": HolderFacts(key="town", position=3, municipal_or_county=True),
    "state": HolderFacts(key="state", position=1),
    "agency": HolderFacts(key="agency", position=2),
    "desk": HolderFacts(key="desk", position=9, is_desk=True),
}


@cache
def reviewed() -> Register:
    return read_register()


def ask(question: Question) -> Decision:
    """Route by the reviewed register."""
    return route(question, rules=reviewed().rules, holders=reviewed().holder_facts)


def question(
    *categories: str,
    years: tuple[int | None, int | None] = (None, None),
    services: tuple[str, ...] = (),
    lived: str = "yes",
    on: date = TODAY,
) -> Question:
    return Question(
        categories=categories,
        from_year=years[0],
        to_year=years[1],
        services=services,
        lived_in_espoo=lived,
        on=on,
    )


def letters(decision: Decision) -> dict[str, tuple[str, ...]]:
    return {letter.holder: letter.categories for letter in decision.letters}


def row(
    rule: str,
    holder: str,
    *,
    role: Role = "letter",
    years: tuple[int | None, int | None] = (None, None),
    also_with: str = "",
) -> Rule:
    """Return a row for the category `tax` with its rule as the reason."""
    return Rule(
        rule=rule,
        category="tax",
        role=role,
        holder=holder,
        reason=rule,
        data_from=years[0],
        data_to=years[1],
        also_with=also_with,
        source="a source",
    )


# ------------------------------------------------------------------------------------------- the question


@pytest.mark.parametrize(
    ("years", "on", "period"),
    [
        ((None, None), TODAY, (2009, 2026)),
        ((2015, None), TODAY, (2015, 2026)),
        ((None, 2015), TODAY, (2009, 2015)),
        ((2015, 2015), TODAY, (2015, 2015)),
        ((None, 1990), TODAY, (1990, 1990)),
        ((2030, None), TODAY, (2030, 2030)),
        ((1, 99999), TODAY, (1, 99999)),
        ((None, None), date(2001, 1, 1), (2009, 2009)),
    ],
)
def test_open_years_mean_2009_to_the_year_of_asking(
    years: tuple[int | None, int | None], on: date, period: tuple[int, int]
) -> None:
    assert question("tax", years=years, on=on).period == period


@pytest.mark.parametrize("years", [(2016, 2015), (0, None), (None, 100_000), (-1, 5)])
def test_years_that_are_none_are_refused(years: tuple[int | None, int | None]) -> None:
    with pytest.raises(ValueError, match="year"):
        question("tax", years=years)


def test_an_unknown_place_of_living_is_refused() -> None:
    with pytest.raises(ValueError, match="yes, partly, no"):
        question("tax", lived="maybe")


# ----------------------------------------------------------------------------- how the rows work together


def test_rows_of_one_rule_complement_each_other_and_the_holders_stand_in_order() -> None:
    rules = [row("both", "town"), row("both", "state"), row("both", "agency", role="fallback")]

    decision = route(question("tax", years=(2010, 2012)), rules=rules, holders=HOLDERS)

    reason = Reason("tax", "both", 2010, 2012, "a source")
    assert decision.letters == (
        LetterTo("state", ("tax",), (reason,), "agency"),
        LetterTo("town", ("tax",), (reason,), "agency"),
    )


def test_a_gap_between_two_rules_is_undecided_and_the_letters_beside_it_remain() -> None:
    rules = [row("old", "state", years=(None, 2010)), row("new", "agency", years=(2015, None))]

    decision = route(question("tax", years=(2000, 2020)), rules=rules, holders=HOLDERS)

    assert decision.undecided == (Undecided("tax", NO_RULE, 2011, 2014),)
    assert [
        (item.holder, item.reasons[0].years_from, item.reasons[0].years_to) for item in decision.letters
    ] == [
        ("state", 2000, 2010),
        ("agency", 2015, 2020),
    ]


def test_two_rules_for_the_same_year_are_undecided_even_where_they_agree() -> None:
    rules = [row("old", "state", years=(None, 2012)), row("new", "state", years=(2010, None))]

    decision = route(question("tax", years=(2000, 2020)), rules=rules, holders=HOLDERS)

    assert decision.undecided == (Undecided("tax", RULES_CONTRADICT, 2010, 2012),)
    assert letters(decision) == {"state": ("tax",)}


@pytest.mark.parametrize("holder", ["desk", "gone"])
def test_a_letter_to_the_desk_or_to_an_unknown_holder_is_undecided(holder: str) -> None:
    rules = [
        row("old", "state", years=(None, 2010)),
        *(row("new", key, years=(2011, None)) for key in (holder, "agency")),
    ]

    decision = route(question("tax", years=(2010, 2020)), rules=rules, holders=HOLDERS)

    assert decision.undecided == (Undecided("tax", NO_HOLDER, 2011, 2020),)
    assert letters(decision) == {"state": ("tax",)}


def test_a_fallback_that_cannot_be_asked_is_left_out() -> None:
    rules = [row("one", "state"), row("one", "desk", role="fallback"), row("one", "gone", role="fallback")]

    assert route(question("tax"), rules=rules, holders=HOLDERS).letters[0].fallback is None


def test_a_municipal_fallback_falls_away_for_who_lived_elsewhere() -> None:
    rules = [row("one", "state"), row("one", "town", role="fallback")]

    here, elsewhere = (
        route(question("tax", lived=lived), rules=rules, holders=HOLDERS).letters for lived in ("yes", "no")
    )

    assert [letter.fallback for letter in (*here, *elsewhere)] == ["town", None]


def test_pointers_stand_also_where_nothing_is_decided() -> None:
    decision = route(question("tax"), rules=[row("one", "hus", role="pointer")], holders=HOLDERS)

    assert decision.pointers == (Pointer("hus", "tax", "one"),)
    assert decision.undecided == (Undecided("tax", NO_RULE, 2009, 2026),)


def test_a_joint_holder_is_pointed_to_only_where_it_gets_no_letter_anyhow() -> None:
    rules = [
        row("old", "state", years=(None, 2010)),
        row("old", "agency", years=(None, 2010)),
        row("new", "state", years=(2011, None)),
        row("new", "agency", role="joint", years=(2011, None)),
    ]

    new = route(question("tax", years=(2011, 2012)), rules=rules, holders=HOLDERS)
    both = route(question("tax", years=(2010, 2011)), rules=rules, holders=HOLDERS)

    assert new.pointers == (Pointer("agency", "tax", "new"),)
    assert both.pointers == ()
    assert set(letters(both)) == {"state", "agency"}


def test_a_row_that_joins_another_letter_decides_nothing_by_itself() -> None:
    health = Rule(rule="health", category="social_health", role="letter", holder="town", reason="health")
    joining = row("one", "town", also_with="social_health")

    alone = route(question("tax", "social_health"), rules=[joining, health], holders=HOLDERS)
    with_its_own = route(
        question("tax", "social_health"), rules=[row("one", "state"), joining, health], holders=HOLDERS
    )
    without_the_other = route(question("tax"), rules=[row("one", "state"), joining, health], holders=HOLDERS)

    assert letters(alone) == {"town": ("social_health",)}
    assert [item.category for item in alone.undecided] == ["tax"]
    assert letters(with_its_own) == {"state": ("tax",), "town": ("tax", "social_health")}
    assert letters(without_the_other) == {"state": ("tax",)}


def test_a_row_that_joins_the_letter_of_a_holder_that_is_gone_spoils_nothing() -> None:
    rules = [row("one", "state"), row("one", "gone", also_with="social_health")]

    decision = route(question("tax"), rules=rules, holders=HOLDERS)

    assert letters(decision) == {"state": ("tax",)}
    assert decision.undecided == ()


def test_stretches_of_one_reason_are_joined() -> None:
    rules = [row("one", "state"), row("one", "agency", years=(2012, 2013))]

    decision = route(question("tax", years=(2010, 2015)), rules=rules, holders=HOLDERS)

    assert [reason.years_from for reason in decision.letters[0].reasons] == [2010]
    assert [reason.years_to for reason in decision.letters[0].reasons] == [2015]


def test_years_that_the_person_left_open_stay_open_in_the_reasons() -> None:
    rules = [row("old", "state", years=(None, 2012)), row("new", "state", years=(2013, None))]

    spans = [
        [(reason.years_from, reason.years_to) for reason in letter.reasons]
        for years in ((None, None), (2010, None), (None, 2014))
        for letter in route(question("tax", years=years), rules=rules, holders=HOLDERS).letters
    ]

    assert spans == [[(None, 2012), (2013, None)], [(2010, 2012), (2013, None)], [(None, 2012), (2013, 2014)]]


def test_no_category_is_no_question() -> None:
    assert ask(question()) == Decision((), (), (), ())


# -------------------------------------------------------------------------------- the reviewed register


def test_everything_is_decided_today_and_in_one_letter_each() -> None:
    decision = ask(question(*CATEGORIES, services=SERVICES))

    assert letters(decision) == {
        "espoo": ("background",),
        "espoo_employment": ("background", "labour_training", "employment"),
        "keha": ("labour_training", "employment"),
        "omnia": ("background", "education", "skills_centre"),
        "kela": ("background", "benefits", "basic_assistance", "rehabilitation", "medicine"),
        "vero": ("background", "income", "tax"),
        "incomes_register": ("income",),
        "migri": ("background", "residence"),
        "luvn": (
            "background",
            "basic_assistance",
            "discretionary_assistance",
            "rehabilitation",
            "social_health",
        ),
    }
    assert [letter.fallback for letter in decision.letters if letter.holder == "luvn"] == ["espoo"]
    assert [item.to for item in decision.pointers] == [
        "dvv",
        "other_schools",
        "unemployment_funds",
        "luvn",
        "police",
        "reception_centres",
        "hus",
        "stat",
        "vtt",
    ]
    assert decision.explained == (
        Explained("skills_centre", "not_open_yet"),
        Explained("research", "research_not_identifiable"),
    )
    assert decision.undecided == ()


@pytest.mark.parametrize(
    ("category", "years", "holders"),
    [
        ("employment", (2024, 2024), {"espoo_employment", "keha"}),
        ("employment", (2025, 2025), {"espoo_employment"}),
        ("labour_training", (2024, 2025), {"espoo_employment", "keha"}),
        ("income", (2018, 2018), {"vero"}),
        ("income", (2019, 2019), {"vero", "incomes_register"}),
        ("basic_assistance", (2016, 2016), {"luvn"}),
        ("basic_assistance", (2017, 2017), {"kela"}),
        ("basic_assistance", (2016, 2017), {"luvn", "kela"}),
        ("discretionary_assistance", (2022, 2023), {"luvn"}),
        ("skills_centre", (2018, 2018), set()),
        ("skills_centre", (2019, 2019), {"omnia"}),
        ("social_health", (1, 99999), {"luvn"}),
    ],
)
def test_holders_change_with_the_years_of_the_data(
    category: str, years: tuple[int, int], holders: set[str]
) -> None:
    assert set(letters(ask(question(category, years=years)))) == holders


@pytest.mark.parametrize(
    ("category", "years", "before", "first_day", "after"),
    [
        ("social_health", (2020, 2020), {"espoo"}, date(2023, 1, 1), {"luvn"}),
        ("discretionary_assistance", (2020, 2020), {"espoo"}, date(2023, 1, 1), {"luvn"}),
        ("basic_assistance", (2015, 2015), {"espoo"}, date(2023, 1, 1), {"luvn"}),
        ("basic_assistance", (2018, 2018), set(), date(2017, 1, 1), {"kela"}),
        ("employment", (2020, 2020), set(), date(2025, 1, 1), {"espoo_employment", "keha"}),
        ("employment", (2026, 2026), set(), date(2025, 1, 1), {"espoo_employment"}),
        ("income", (2020, 2020), {"vero"}, date(2019, 1, 1), {"vero", "incomes_register"}),
        ("skills_centre", (2020, 2020), set(), date(2019, 1, 1), {"omnia"}),
    ],
)
def test_holders_change_with_the_day_of_asking(
    category: str, years: tuple[int, int], before: set[str], first_day: date, after: set[str]
) -> None:
    eve = date.fromordinal(first_day.toordinal() - 1)
    decisions = [ask(question(category, years=years, on=day)) for day in (eve, first_day)]

    assert [set(letters(decision)) for decision in decisions] == [before, after]
    assert [bool(decision.undecided) for decision in decisions] == [not before, False]


def test_the_fallback_is_told_only_for_old_municipal_data() -> None:
    old, new = (ask(question("social_health", years=years)) for years in ((2022, 2022), (2023, 2023)))

    assert [letter.fallback for letter in (*old.letters, *new.letters)] == ["espoo", None]


def test_background_goes_to_the_holder_of_every_ticked_service() -> None:
    decision = ask(question("background", services=("kela", "city", "kela")))

    assert set(letters(decision)) == {"espoo", "kela"}
    assert [item.to for item in decision.pointers] == ["dvv"]
    assert decision.explained == ()


@pytest.mark.parametrize("services", [(), (NO_SERVICE,)])
def test_background_without_a_service_asks_for_one(services: tuple[str, ...]) -> None:
    decision = ask(question("background", services=services))

    assert (decision.letters, decision.undecided) == ((), ())
    assert decision.explained == (Explained("background", "tick_services"),)
    assert [item.to for item in decision.pointers] == ["dvv"]


def test_none_is_no_service_beside_a_ticked_one() -> None:
    assert ask(question("background", services=("kela", NO_SERVICE))) == ask(
        question("background", services=("kela",))
    )


def test_services_play_no_part_without_background() -> None:
    assert ask(question("tax", services=SERVICES)) == ask(question("tax"))


@pytest.mark.parametrize("asked", [question("weather"), question("background", services=("weather",))])
def test_what_no_rule_knows_is_undecided(asked: Question) -> None:
    decision = ask(asked)

    assert decision.letters == ()
    assert [item.code for item in decision.undecided] == [NO_RULE]


def test_who_lived_elsewhere_asks_there_and_the_state_here() -> None:
    decision = ask(question("employment", "social_health", "tax", years=(2020, 2020), lived="no"))

    assert letters(decision) == {"keha": ("employment",), "vero": ("tax",)}
    assert decision.explained == (
        Explained("employment", ASK_WHERE_YOU_LIVED),
        Explained("social_health", ASK_WHERE_YOU_LIVED),
    )


def test_who_lived_partly_elsewhere_is_pointed_there_beside_the_letters() -> None:
    asked = question("employment", "social_health", "tax", years=(2020, 2020))
    here, partly = ask(asked), ask(replace(asked, lived_in_espoo="partly"))

    assert partly.letters == here.letters
    assert set(partly.pointers) - set(here.pointers) == {
        Pointer(OTHER_PLACE, "employment", OTHER_PLACE),
        Pointer(OTHER_PLACE, "social_health", OTHER_PLACE),
    }


def test_rehabilitation_joins_the_county_s_letter_for_social_and_health_services_only() -> None:
    alone = ask(question("rehabilitation"))
    joined = ask(question("rehabilitation", "social_health"))
    beside = ask(question("rehabilitation", "discretionary_assistance"))

    assert letters(alone) == {"kela": ("rehabilitation",)}
    assert letters(joined) == {"kela": ("rehabilitation",), "luvn": ("rehabilitation", "social_health")}
    assert letters(beside) == {"kela": ("rehabilitation",), "luvn": ("discretionary_assistance",)}
    assert all("luvn" in {item.to for item in decision.pointers} for decision in (alone, joined, beside))


def test_the_joint_controller_is_named_where_it_gets_no_letter() -> None:
    new, both = (ask(question("employment", years=years)) for years in ((2025, 2026), (2024, 2026)))

    assert new.pointers == (Pointer("keha", "employment", "joint_controller"),)
    assert both.pointers == ()


def test_no_two_reviewed_rules_contradict_each_other_on_any_day() -> None:
    days = {day for rule in reviewed().rules for day in (rule.asked_from, rule.asked_to) if day}

    for day in (date.min, *days, date.max):
        for services in (SERVICES, ()):
            decision = ask(question(*CATEGORIES, years=(1, 99999), services=services, on=day))
            assert {item.code for item in decision.undecided} <= {NO_RULE}, day
            assert day < date(2025, 1, 1) or not decision.undecided, day


# ------------------------------------------------------------------------------------------- properties

years_known = st.integers(1995, 2035)
days = st.dates(date(2012, 1, 1), date(2032, 1, 1))
spans = st.tuples(years_known, years_known).map(lambda pair: (min(pair), max(pair)))
questions = st.builds(
    Question,
    categories=st.lists(st.sampled_from((*CATEGORIES, "weather")), unique=True).map(tuple),
    services=st.lists(st.sampled_from((*SERVICES, "weather")), unique=True).map(tuple),
    lived_in_espoo=st.sampled_from(LIVED_IN_ESPOO),
    on=days,
)
questions_with_years = st.builds(
    lambda asked, span: replace(asked, from_year=span[0], to_year=span[1]), questions, spans
)
any_questions = questions | questions_with_years


def pairs(decision: Decision) -> set[tuple[str, str]]:
    return {(letter.holder, category) for letter in decision.letters for category in letter.categories}


@given(any_questions, st.sampled_from(CATEGORIES))
def test_adding_a_category_removes_no_letter(asked: Question, category: str) -> None:
    more = replace(asked, categories=(*asked.categories, category))

    assert pairs(ask(asked)) <= pairs(ask(more))


@given(any_questions)
def test_every_category_comes_to_something_and_nothing_comes_unasked(asked: Question) -> None:
    decision = ask(asked)

    answered = {category for _, category in pairs(decision)}
    answered |= {item.category for item in decision.explained}
    answered |= {item.category for item in decision.undecided}
    assert answered == set(asked.categories)
    assert {item.category for item in decision.pointers} <= answered


@given(any_questions)
def test_each_holder_gets_one_letter_and_each_part_of_it_has_a_reason(asked: Question) -> None:
    decision = ask(asked)

    positions = [reviewed().holder_facts[letter.holder].position for letter in decision.letters]
    assert positions == sorted(set(positions))
    for letter in decision.letters:
        assert list(dict.fromkeys(reason.category for reason in letter.reasons)) == list(letter.categories)
        assert letter.fallback != letter.holder


@given(any_questions, st.randoms(use_true_random=False))
def test_no_order_plays_a_part(asked: Question, chance: random.Random) -> None:
    rules = list(reviewed().rules)
    chance.shuffle(rules)
    shuffled = replace(
        asked,
        categories=tuple(chance.sample(asked.categories, len(asked.categories))),
        services=tuple(chance.sample(asked.services, len(asked.services))),
    )

    assert route(shuffled, rules=rules, holders=reviewed().holder_facts) == ask(asked)


@given(questions_with_years, st.data())
def test_a_period_asked_in_two_parts_comes_to_the_same(asked: Question, data: st.DataObject) -> None:
    first, last = asked.period
    cut = data.draw(st.integers(first, last))
    parts = [ask(replace(asked, to_year=cut))]
    if cut < last:
        parts.append(ask(replace(asked, from_year=cut + 1)))
    whole = ask(asked)

    assert pairs(whole) == set().union(*(pairs(part) for part in parts))
    assert set(whole.explained) == {item for part in parts for item in part.explained}
    assert years_undecided(whole) == set().union(*(years_undecided(part) for part in parts))


def years_undecided(decision: Decision) -> set[tuple[str, str, int]]:
    return {
        (item.category, item.code, year)
        for item in decision.undecided
        for year in range(item.years_from, item.years_to + 1)
    }


edges = st.none() | st.integers(2000, 2012)
any_rows = st.builds(
    Rule,
    rule=st.sampled_from(["a", "b"]),
    category=st.just("tax"),
    role=st.sampled_from(["letter", "letter", "explain"]),
    holder=st.sampled_from(["town", "state", "agency", "desk", "gone"]),
    reason=st.sampled_from(["why", "because"]),
    service=st.sampled_from(["", "", "kela", NO_SERVICE]),
    data_from=edges,
    data_to=edges,
)


@given(st.lists(any_rows, max_size=6), spans, st.sampled_from([(), ("kela",), ("kela", "city")]))
def test_stretches_come_to_the_same_as_asking_year_by_year(
    rules: list[Rule], span: tuple[int, int], services: tuple[str, ...]
) -> None:
    asked = question("tax", years=span, services=services)
    by_service = any(rule.service for rule in rules)
    expected_letters: set[tuple[str, str, int]] = set()
    expected_undecided: set[tuple[str, str, int]] = set()
    for year in range(span[0], span[1] + 1):
        for service in (services or (NO_SERVICE,)) if by_service else ("",):
            here = [rule for rule in rules if rule.service in ("", service) and rule.covers(year)]
            names = {rule.rule for rule in here}
            addressees = {(rule.holder, rule.reason, year) for rule in here if rule.role == "letter"}
            if len(names) != 1:
                expected_undecided.add(("tax", RULES_CONTRADICT if names else NO_RULE, year))
            elif {holder for holder, _, _ in addressees} & {"desk", "gone"}:
                expected_undecided.add(("tax", NO_HOLDER, year))
            else:
                expected_letters |= addressees

    decision = route(asked, rules=rules, holders=HOLDERS)

    assert years_undecided(decision) == expected_undecided
    assert {
        (letter.holder, reason.code, year)
        for letter in decision.letters
        for reason in letter.reasons
        for year in range(reason.years_from or 0, (reason.years_to or 0) + 1)
    } == expected_letters
