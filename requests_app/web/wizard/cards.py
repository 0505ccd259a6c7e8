"""What the wizard's pages show of holders: cards with reasons in the reader's language, and a summary of answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import pgettext

from requests_app.actions.intake import Asked
from requests_app.reading.register import ContactCard, HolderCard, holder_cards
from requests_app.rules.routing import Decision, Reason
from requests_app.web.wizard.routing import Plan
from requests_app.wording import vocabulary as words
from requests_app.wording.routing import place_name, routing_text
from requests_app.wording.years import years_text


@dataclass(frozen=True, slots=True)
class Because:
    """One reason as a sentence, with the categories and the years it is about ("" for all years)."""

    text: str
    categories: str
    years: str


@dataclass(frozen=True, slots=True)
class Way:
    """A page of a holder: its address, how it is shown, whether it is confirmed."""

    value: str
    shown: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One holder that can be asked."""

    key: str
    holder: HolderCard
    categories: str
    because: tuple[Because, ...]
    fallback: str
    chosen: bool

    @property
    def way(self) -> Way | None:
        """The holder's own way to ask on the web: its e-service or form, else its page on requests."""
        contact = self.holder.online or self.holder.page
        if contact is None:
            return None
        return Way(contact.value, contact.value.removeprefix("https://"), contact.confirmed)

    @property
    def letter_to(self) -> ContactCard | None:
        """Where a letter goes: the postal address, else the e-mail address of the registry."""
        return self.holder.postal or self.holder.email


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
    desk_name: str

    @property
    def opens_addable(self) -> bool:
        """Whether somebody was added by hand, so that the list must not hide it."""
        return any(choice.chosen for choice in self.addable)


def names_of(categories: Iterable[str]) -> tuple[str, ...]:
    """Return the names of categories in the active language."""
    return tuple(str(words.CATEGORY_NAMES.get(key, key)) for key in categories)


def listed(names: Iterable[str]) -> str:
    """Return names as a list in one line, with the separator of the active language."""
    return pgettext("between the items of a list", ", ").join(names)


def holders_page(plan: Plan, *, chosen: Sequence[str], language: str) -> HoldersPage:
    """Return the page for a plan; `chosen` are the holders whose boxes are ticked."""
    decision = plan.decision
    places = {pointer.to for pointer in decision.pointers}
    fallbacks = {letter.fallback for letter in decision.letters if letter.fallback}
    desk = {plan.desk} if plan.desk else set()
    cards = holder_cards({*plan.selectable, *fallbacks, *places, *desk}, language=language)
    return HoldersPage(
        proposed=tuple(
            Choice(
                key=letter.holder,
                holder=cards[letter.holder],
                categories=listed(names_of(letter.categories)),
                because=_because(letter.reasons),
                fallback=cards[letter.fallback].name if letter.fallback else "",
                chosen=letter.holder in chosen,
            )
            for letter in decision.letters
        ),
        addable=tuple(
            Choice(key, cards[key], listed(names_of(plan.addable[key])), (), "", chosen=key in chosen)
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
        desk_name=cards[plan.desk].name if plan.desk else "",
    )


def _because(reasons: Iterable[Reason]) -> tuple[Because, ...]:
    """Return each sentence once, with every category that it is about."""
    found: dict[tuple[str, int | None, int | None], list[str]] = {}
    for reason in reasons:
        found.setdefault((reason.code, reason.years_from, reason.years_to), []).append(reason.category)
    return tuple(
        Because(
            text=routing_text(code),
            categories=listed(names_of(dict.fromkeys(categories))),
            years="" if first is None and last is None else years_text(first, last),
        )
        for (code, first, last), categories in found.items()
    )


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
    categories: str
    by_hand: bool
    details: str


def sendings(items: Iterable[Asked], *, language: str) -> tuple[Sending, ...]:
    """Return what will be, or was, sent to whom."""
    asked = list(items)
    cards = holder_cards([item.holder for item in asked], language=language)
    return tuple(
        Sending(
            item.holder, cards[item.holder], listed(names_of(item.categories)), item.by_hand, item.details
        )
        for item in asked
        if item.holder in cards
    )


@dataclass(frozen=True, slots=True)
class Slip:
    """One line of a receipt: a holder and what it is asked, in the language that was active at the making."""

    holder: str
    categories: str


def slips(asked: Iterable[tuple[str, Sequence[str]]], *, language: str) -> tuple[Slip, ...]:
    """Return the lines of a receipt in `language`."""
    rows = list(asked)
    with translation.override(language):
        cards = holder_cards([key for key, _ in rows], language=language)
        return tuple(
            Slip(cards[key].name, listed(names_of(categories))) for key, categories in rows if key in cards
        )
