"""From answers to holders: who is proposed, who may be added by hand, and what each of them is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final

from requests_app.actions.intake import Asked
from requests_app.reading.register import current_rules, holder_facts
from requests_app.rules.answers import Answers
from requests_app.rules.register import HolderFacts, Rule
from requests_app.rules.routing import Decision, Question, Undecided, route
from requests_app.rules.vocabulary import CATEGORIES

NEVER_ASKED: Final = frozenset({"stat", "ombudsman"})
"""Statistics Finland is explained and not asked (GDPR Art. 11); the Ombudsman is for complaints (Art. 77)."""

ALWAYS_OFFERED: Final = {"dvv": ("background",)}
"""Holders that hold data of everybody, with what they hold: never proposed, and never refused."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What routing gives for the answers: its decision, whom the person may add, and the desk where it is needed."""

    decision: Decision
    addable: dict[str, tuple[str, ...]]
    desk: str
    positions: dict[str, int]

    @property
    def letters(self) -> tuple[str, ...]:
        """The holders that routing proposes, in their order."""
        return tuple(letter.holder for letter in self.decision.letters)

    @property
    def proposed(self) -> tuple[str, ...]:
        """The holders that routing proposes, and the desk where something is undecided."""
        return (*self.letters, self.desk) if self.desk else self.letters

    @property
    def selectable(self) -> tuple[str, ...]:
        """Every holder that may be chosen, in their order."""
        return tuple(sorted({*self.letters, *self.addable}, key=lambda key: (self.positions[key], key)))


def plan(answers: Answers, *, on: date) -> Plan:
    """Return the plan for `answers` on the day of asking, by the register as it then stands."""
    rules, holders = current_rules(on), holder_facts()
    question = Question(
        categories=answers.categories,
        from_year=answers.from_year,
        to_year=answers.to_year,
        services=answers.services if "background" in answers.categories else (),
        lived_in_espoo=answers.lived_in_espoo,
        on=on,
    )
    decision = route(question, rules=rules, holders=holders)
    desk = next((key for key, facts in holders.items() if facts.is_desk), "")
    return Plan(
        decision=decision,
        addable=_addable(decision, rules, holders),
        desk=desk if decision.undecided else "",
        positions={key: facts.position for key, facts in holders.items()},
    )


def _addable(
    decision: Decision, rules: Iterable[Rule], holders: dict[str, HolderFacts]
) -> dict[str, tuple[str, ...]]:
    """Return the holders that may be added by hand: pointers, fallbacks, and those that hold everybody's data."""
    found: dict[str, set[str]] = {key: set(categories) for key, categories in ALWAYS_OFFERED.items()}
    for pointer in decision.pointers:
        found.setdefault(pointer.to, set()).add(pointer.category)
    passing_on = [(row.category, row.holder) for row in rules if row.role == "fallback"]
    for letter in decision.letters:
        for category, holder in passing_on:
            if holder == letter.fallback and category in letter.categories:
                found.setdefault(holder, set()).add(category)
    taken = NEVER_ASKED | {letter.holder for letter in decision.letters}
    return {
        key: _in_order(categories)
        for key, categories in found.items()
        if key in holders and key not in taken and not holders[key].is_desk
    }


def kept_choice(answers: Answers, *, before: tuple[str, ...], now: Plan) -> tuple[str, ...]:
    """Return the choice to show: what is proposed now, with what the person added and removed `before`."""
    removed = set(before) - set(answers.holders)
    added = set(answers.holders) - set(before)
    return tuple(key for key in now.selectable if key in added or (key in now.letters and key not in removed))


def asked(
    now: Plan, *, chosen: Iterable[str], without_desk: bool, details: Mapping[str, str]
) -> tuple[Asked, ...]:
    """Return what each chosen holder is asked, in their order, and the desk where something is undecided.

    `details` are the person's own words to each.
    """
    letters = {letter.holder: letter for letter in now.decision.letters}
    items: list[Asked] = []
    for key in sorted(set(chosen) & set(now.selectable), key=lambda key: (now.positions[key], key)):
        if key in letters:
            letter = letters[key]
            reasons = tuple(asdict(reason) for reason in letter.reasons)
            items.append(Asked(key, letter.categories, reasons, letter.fallback or ""))
        else:
            items.append(Asked(key, now.addable[key], by_hand=True))
    if now.desk and not without_desk:
        items.append(_to_the_desk(now.desk, now.decision.undecided))
    return tuple(replace(item, details=details.get(item.holder, "")) for item in items)


def _to_the_desk(desk: str, undecided: tuple[Undecided, ...]) -> Asked:
    reasons = tuple({**asdict(item), "source": ""} for item in undecided)
    return Asked(desk, _in_order({item.category for item in undecided}), reasons)


def _in_order(categories: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(categories, key=CATEGORIES.index))
