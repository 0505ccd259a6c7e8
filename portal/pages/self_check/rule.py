"""Whether the study may hold a person's data, by what it says of its groups in its answers 4 and 8.

Pure, and no stronger than those answers: data on all clients of the Skills Centre are collected, and its data cover
2019–2024; somebody else who lived in Espoo in 2009 or at some time since, and used services such as Kela's in 2009
or later, may be included, which cannot be checked.  An "I do not know" counts as what it is: where both answers in
its place would lead to the same outcome, that outcome stands, otherwise the careful one ("possible") does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Client = Literal["during", "later", "never", "unknown"]
"""A client of the Skills Centre in 2019–2024, only in 2025 or later, never."""

Answer = Literal["yes", "no", "unknown"]
Outcome = Literal["yes", "possible", "outside"]

CLIENT: Final[tuple[Client, ...]] = ("during", "later", "never", "unknown")
LIVED: Final[tuple[Answer, ...]] = ("yes", "no", "unknown")
OUTCOMES: Final[tuple[Outcome, ...]] = ("yes", "possible", "outside")

SERVICES: Final = ("kela", "tax", "employment", "omnia", "city", "social_health", "migri")
"""The services that are asked about; the keys are those of the wizard's field `services`."""

EXAMPLES: Final = frozenset({"kela", "tax", "employment", "city"})
"""The services that answer 8 names, after "for example"; it does not say which others count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person answered; `services` are those that they used, `knows_services` is false where they doubt."""

    client: Client
    lived: Answer
    services: frozenset[str] = frozenset()
    knows_services: bool = True

    @property
    def used(self) -> Answer:
        """Whether the person used services such as answer 8 names: one is enough, whatever they doubt beside it."""
        if self.services & EXAMPLES:
            return "yes"
        return "no" if self.knows_services and not self.services else "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the study's own words mean for the answers, and why."""

    outcome: Outcome
    reasons: tuple[str, ...]


def judge(answers: Answers) -> Verdict:
    """Return the outcome for `answers` with its reasons, the main one first."""
    if answers.client == "during":
        return Verdict("yes", ("client",))
    control = _both(answers.lived, answers.used)
    outside = control == "no" and answers.client != "unknown"
    doubts = answers.lived == "unknown" or not answers.knows_services
    told = {
        "lived_and_used": control == "yes",
        "perhaps_lived_and_used": control == "unknown" and doubts,
        "only_examples": control == "unknown" and answers.used == "unknown" and bool(answers.services),
        "perhaps_client": answers.client == "unknown",
        "two_groups": outside,
        "never_client": outside and answers.client == "never",
        "later_client": answers.client == "later",
        "not_lived": answers.lived == "no",
        "none_used": answers.used == "no",
        "not_checkable": control != "no",
        "years": control != "no" or answers.client == "later",
    }
    reasons = tuple(reason for reason, holds in told.items() if holds)
    return Verdict("outside" if outside else "possible", reasons)


def _both(first: Answer, second: Answer) -> Answer:
    """Return whether both are so (Kleene's strong logic: one "no" decides, whatever the other may be)."""
    if "no" in (first, second):
        return "no"
    return "yes" if first == second == "yes" else "unknown"
