"""What the wizard's pages show of holders: cards with reasons in the reader's language, and a summary of answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from requests_app.actions.intake import Asked
from requests_app.reading.register import HolderCard, holder_cards
from requests_app.rules.routing import Decision, Reason
from requests_app.web.wizard.routing import Plan
from requests_app.wording import vocabulary as words
from requests_app.wording.routing import place_name, routing_text
from requests_app.wording.years import years_text


@dataclass(frozen=True, slots=True)
class Because:
    """One reason as a sentence, with the years it is about ("" for all that are asked)."""

    text: str
    years: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One holder that can be asked."""

    key: str
    holder: HolderCard
    categories: tuple[str, ...]
    because: tuple[Because, ...]
    fallback: str
    proposed: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Aside:
    """Something shown and not asked: about which category, what, and where else to ask ("" for nowhere)."""

    category: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class HoldersPage:
    """Everything the holders' page shows."""

    proposed: tuple[Choice, ...]
    addable: tuple[Choice, ...]
    pointers: tuple[Aside, ...]
    explained: tuple[Aside, ...]
    undecided: tuple[Aside, ...]
    desk: str


def names_of(categories: Iterable[str]) -> tuple[str, ...]:
    """Return the names of categories in the active language."""
    return tuple(str(words.CATEGORY_NAMES.get(key, key)) for key in categories)


def holders_page(plan: Plan, *, chosen: Sequence[str], language: str) -> HoldersPage:
    """Return the page for a plan; `chosen` are the holders whose boxes are ticked."""
    decision = plan.decision
    places = {pointer.to for pointer in decision.pointers}
    fallbacks = {letter.fallback for letter in decision.letters if letter.fallback}
    cards = holder_cards({*plan.selectable, *fallbacks, *places}, language=language)
    return HoldersPage(
        proposed=tuple(
            Choice(
                key=letter.holder,
                holder=cards[letter.holder],
                categories=names_of(letter.categories),
                because=_because(letter.reasons),
                fallback=cards[letter.fallback].name if letter.fallback else "",
                proposed=True,
                chosen=letter.holder in chosen,
            )
            for letter in decision.letters
        ),
        addable=tuple(
            Choice(key, cards[key], names_of(plan.addable[key]), (), "", proposed=False, chosen=key in chosen)
            for key in plan.selectable
            if key in plan.addable
        ),
        pointers=_pointers(decision, cards),
        explained=tuple(
            Aside(names_of([item.category])[0], routing_text(item.code), "") for item in decision.explained
        ),
        undecided=tuple(
            Aside(
                names_of([item.category])[0],
                routing_text(item.code),
                years_text(item.years_from, item.years_to),
            )
            for item in decision.undecided
        ),
        desk=plan.desk,
    )


def _because(reasons: Iterable[Reason]) -> tuple[Because, ...]:
    """Return each sentence once; two categories may share a reason."""
    found: dict[tuple[str, int | None, int | None], Because] = {}
    for reason in reasons:
        years = ""
        if reason.years_from is not None or reason.years_to is not None:
            years = years_text(reason.years_from, reason.years_to)
        key = (reason.code, reason.years_from, reason.years_to)
        found.setdefault(key, Because(routing_text(reason.code), years))
    return tuple(found.values())


def _pointers(decision: Decision, cards: dict[str, HolderCard]) -> tuple[Aside, ...]:
    return tuple(
        Aside(
            names_of([pointer.category])[0],
            routing_text(pointer.code),
            cards[pointer.to].name if pointer.to in cards else place_name(pointer.to),
        )
        for pointer in decision.pointers
    )


@dataclass(frozen=True, slots=True)
class Sending:
    """One holder on the check page and on the receipt."""

    key: str
    holder: HolderCard
    categories: tuple[str, ...]
    by_hand: bool


def sendings(items: Iterable[Asked], *, language: str) -> tuple[Sending, ...]:
    """Return what will be, or was, sent to whom."""
    asked = list(items)
    cards = holder_cards([item.holder for item in asked], language=language)
    return tuple(
        Sending(item.holder, cards[item.holder], names_of(item.categories), item.by_hand)
        for item in asked
        if item.holder in cards
    )


def keys_and_names(asked: Iterable[tuple[str, Sequence[str]]], *, language: str) -> list[dict[str, Any]]:
    """Return holders with the keys of their categories, for a receipt that is shown in two languages."""
    rows = list(asked)
    cards = holder_cards([key for key, _ in rows], language=language)
    return [
        {"holder": cards[key], "names": [words.CATEGORY_NAMES.get(item, item) for item in categories]}
        for key, categories in rows
        if key in cards
    ]
