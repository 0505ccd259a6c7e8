"""The reviewed register answers as `tests/data/routing_decisions.csv` says it must, one test for each row.

The table was written from the facts (who holds what, since when, by which act) before the code was read, and
is for lawyers to check: a row that fails means that either the register or the table misreads a fact.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from requests_app.rules.register import Register, read_register
from requests_app.rules.routing import ASK_WHERE_YOU_LIVED, Decision, Question, route
from requests_app.rules.vocabulary import CATEGORIES, LIVED_IN_ESPOO, SERVICES

TABLE: Final = Path(__file__).parents[3] / "data" / "routing_decisions.csv"
COLUMNS: Final = (
    "id",
    "situation",
    "categories",
    "from",
    "to",
    "services",
    "lived_in_espoo",
    "on",
    "letters",
    "fallbacks",
    "pointers",
    "explained",
    "undecided",
    "because",
)
LOCAL_HOLDERS: Final = frozenset({"espoo", "espoo_employment", "luvn"})
"""The municipal and county holders, which are the wrong ones for a person who lived elsewhere."""
BOUNDARIES: Final = (2016, 2018, 2022, 2024)
"""The last years of an old rule; the register changes with the first day of the year after each."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the table: a question, and what a lawyer expects to become of it."""

    id: str
    situation: str
    categories: tuple[str, ...]
    from_year: int | None
    to_year: int | None
    services: tuple[str, ...]
    lived_in_espoo: str
    on: date
    letters: dict[str, frozenset[str]]
    fallbacks: dict[str, str]
    pointers: frozenset[str]
    explained: frozenset[str]
    undecided: frozenset[str]
    because: str

    def question(self) -> Question:
        """Return the row's question; a place of living that is not answered counts as `yes`."""
        return Question(
            categories=self.categories,
            from_year=self.from_year,
            to_year=self.to_year,
            services=self.services,
            lived_in_espoo=self.lived_in_espoo or "yes",
            on=self.on,
        )


def letters_of(cell: str) -> dict[str, frozenset[str]]:
    """Return holder → categories from `holder: category category | holder: …`; ValueError if one has two."""
    letters: dict[str, frozenset[str]] = {}
    for part in filter(None, cell.split(" | ")):
        holder, categories = part.split(": ")
        if holder in letters:
            raise ValueError(f"{holder} has two letters in {cell!r}")
        letters[holder] = frozenset(categories.split())
    return letters


def read_table() -> Iterator[Row]:
    """Yield the rows of the table; raises ValueError for other columns, or a bad number, year or day."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        if tuple(next(reader)) != COLUMNS:
            raise ValueError(f"{TABLE.name} has other columns than {COLUMNS}")
        for cells in reader:
            cell = dict(zip(COLUMNS, cells, strict=True))
            yield Row(
                id=cell["id"],
                situation=cell["situation"],
                categories=tuple(cell["categories"].split()),
                from_year=int(cell["from"]) if cell["from"] else None,
                to_year=int(cell["to"]) if cell["to"] else None,
                services=tuple(cell["services"].split()),
                lived_in_espoo=cell["lived_in_espoo"],
                on=date.fromisoformat(cell["on"]),
                letters=letters_of(cell["letters"]),
                fallbacks=dict(pair.split("→") for pair in cell["fallbacks"].split()),
                pointers=frozenset(cell["pointers"].split()),
                explained=frozenset(cell["explained"].split()),
                undecided=frozenset(cell["undecided"].split()),
                because=cell["because"],
            )


ROWS: Final = tuple(read_table())

ELSEWHERE: Final = tuple(row for row in ROWS if row.lived_in_espoo == "no")


@cache
def reviewed_register() -> Register:
    """Return the register as it is reviewed in the repository."""
    return read_register()


def decide(row: Row) -> Decision:
    """Return what the portal decides on the row's question."""
    register = reviewed_register()
    return route(row.question(), rules=register.rules, holders=register.holder_facts)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_decision_is_the_one_in_the_table(row: Row) -> None:
    decision = decide(row)

    letters = [(letter.holder, frozenset(letter.categories)) for letter in decision.letters]
    assert dict(letters) == row.letters, row.because
    assert len(letters) == len(row.letters), "a holder has more than one letter"
    fallbacks = {letter.holder: letter.fallback for letter in decision.letters if letter.fallback}
    assert fallbacks == row.fallbacks, row.because
    assert {pointer.to for pointer in decision.pointers} >= row.pointers, row.because
    assert {explained.category for explained in decision.explained} == row.explained, row.because
    assert {undecided.category for undecided in decision.undecided} == row.undecided, row.because


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_decision_names_each_category_and_each_reason_once(row: Row) -> None:
    decision = decide(row)

    for letter in decision.letters:
        assert len(set(letter.categories)) == len(letter.categories), letter.holder
        assert {reason.category for reason in letter.reasons} == set(letter.categories), letter.holder
    if "keha" in {letter.holder for letter in decision.letters}:
        assert "keha" not in {pointer.to for pointer in decision.pointers}


@pytest.mark.parametrize("row", ELSEWHERE, ids=[row.id for row in ELSEWHERE])
def test_who_lived_elsewhere_is_told_to_ask_there_for_each_letter_that_falls_away(row: Row) -> None:
    here = decide(replace(row, lived_in_espoo="yes"))
    elsewhere = decide(row)

    lost = {
        category
        for letter in here.letters
        if letter.holder in LOCAL_HOLDERS
        for category in letter.categories
    }
    told = {explained.category for explained in elsewhere.explained if explained.code == ASK_WHERE_YOU_LIVED}
    assert told == lost
    assert [letter for letter in here.letters if letter.holder not in LOCAL_HOLDERS] == list(
        elsewhere.letters
    )


def test_table_is_large_enough_and_complete() -> None:
    assert len(ROWS) >= 60
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert all(row.situation and row.because and row.categories for row in ROWS)
    assert {category for row in ROWS for category in row.categories} >= set(CATEGORIES)
    with_background = [row for row in ROWS if "background" in row.categories]
    assert {service for row in with_background for service in row.services} >= set(SERVICES)
    assert {row.lived_in_espoo for row in ROWS} == {*LIVED_IN_ESPOO, ""}


@pytest.mark.parametrize("year", BOUNDARIES)
def test_table_stands_on_both_sides_of_each_boundary(year: int) -> None:
    periods = {(row.from_year, row.to_year) for row in ROWS if len(row.categories) == 1}

    assert {(year, year + 1)} <= periods
    assert any(last == year for _, last in periods)
    assert any(first == year + 1 for first, _ in periods)


def test_table_leaves_no_question_without_an_outcome() -> None:
    for row in ROWS:
        answered = {category for categories in row.letters.values() for category in categories}
        assert set(row.categories) == answered | row.explained | row.undecided, row.id
