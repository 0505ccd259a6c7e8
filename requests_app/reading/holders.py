"""Who holds what: categories, years and holders for people to read, with how well each contact detail is known.

Every text is in the language that is active when it is read.  Three queries, however long the register is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Final
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.models import Contact, Holder
from requests_app.reading.register import current_rules
from requests_app.rules.register import NO_SERVICE, PLACES, Rule
from requests_app.rules.vocabulary import CATEGORIES, SERVICES
from requests_app.wording.routing import place_name, routing_text
from requests_app.wording.vocabulary import CATEGORY_HINTS, CATEGORY_NAMES, SERVICE_NAMES
from requests_app.wording.years import years_text

ROLES: Final[Mapping[str, str | Promise]] = {
    "letter": _("Ask here:"),
    "fallback": _("May be here, too:"),
    "joint": _("Also responsible:"),
    "pointer": _("See also:"),
    "explain": _("No letter to:"),
}
"""What a row says of its holders, in the order in which rows are shown."""

KINDS: Final[Mapping[str, str | Promise]] = {
    "e_service": _("E-service"),
    "form": _("Form"),
    "page": _("Page"),
    "postal": _("Postal address"),
    "visiting": _("Visiting address"),
    "email": _("E-mail"),
    "privacy_email": _("E-mail for data protection"),
    "phone": _("Phone"),
}
"""Kinds of contact details, in the order in which they are shown."""

_HERE: Final[Mapping[str, str | Promise]] = {
    # The text of routing speaks to somebody who has just ticked a service.
    "own_client_register": _("Every office that served you keeps its own background data."),
}
_IN_FINNISH: Final = ("postal", "visiting")


@dataclass(frozen=True, slots=True)
class Place:
    """A holder, or a place that the portal has no address of (then `key` is ""), for whom used `service`."""

    key: str
    name: str
    service: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Data of some years: who has them, in what role, and why."""

    years: str
    role: str
    places: tuple[Place, ...]
    reason: str
    only_with: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class CategoryPart:
    """One category of data with who holds it."""

    key: str
    name: str
    hint: str
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """One contact detail with its source; `href` is "" where it is no link, `lang` where it has no language."""

    kind: str
    label: str
    value: str
    href: str
    lang: str
    source_url: str
    source_host: str
    checked_on: date
    is_confirmed: bool
    is_old: bool


@dataclass(frozen=True, slots=True)
class HolderPart:
    """One holder with how it wants to be asked and how it is reached; `name_fi` is what an office will say."""

    key: str
    name: str
    name_fi: str
    asked_how: str
    contacts: tuple[ContactLine, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole register for people to read."""

    categories: tuple[CategoryPart, ...]
    holders: tuple[HolderPart, ...]


def who_holds_what(*, on: date, language: str) -> Overview:
    """Return the register as it stands for who asks on `on`; contact details in `language` where there are such."""
    holders = list(
        Holder.objects.filter(retired_on=None, is_desk=False)
        .prefetch_related("contacts")
        .order_by("position")
    )
    names = {row.key: str(row.name) for row in holders}
    rules: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in current_rules(on):
        known = not rule.holder or rule.holder in names or rule.holder in PLACES
        if rule.is_valid_on(on) and rule.service != NO_SERVICE and known:
            rules[rule.category].append(rule)
    return Overview(
        categories=tuple(
            CategoryPart(
                key, str(CATEGORY_NAMES[key]), str(CATEGORY_HINTS[key]), _holdings(rules[key], names)
            )
            for key in CATEGORIES
            if rules[key]
        ),
        holders=tuple(_holder(row, language, on) for row in holders),
    )


def _holdings(rules: Iterable[Rule], names: Mapping[str, str]) -> tuple[Holding, ...]:
    """Return the rows of one category, those that differ in their holder alone made one."""
    alike: defaultdict[Rule, list[Rule]] = defaultdict(list)
    for rule in rules:
        alike[_without_holder(rule)].append(rule)
    order = {key: place for place, key in enumerate((*names, *PLACES, ""))}
    groups = [
        sorted(group, key=lambda rule: (_service(rule), order[rule.holder])) for group in alike.values()
    ]
    groups.sort(key=lambda group: (*_rank(group[0]), order[group[0].holder]))
    return tuple(_holding(group, names) for group in groups)


def _without_holder(rule: Rule) -> Rule:
    return Rule(
        rule="",
        category=rule.category,
        role=rule.role,
        holder="",
        reason=rule.reason,
        data_from=rule.data_from,
        data_to=rule.data_to,
        also_with=rule.also_with,
        status=rule.status,
    )


def _rank(rule: Rule) -> tuple[int, float, int]:
    """Put what is asked first, then the older years."""
    return list(ROLES).index(rule.role), rule.data_to or inf, rule.data_from or 0


def _service(rule: Rule) -> int:
    return SERVICES.index(rule.service) if rule.service else -1


def _holding(rules: Sequence[Rule], names: Mapping[str, str]) -> Holding:
    first = rules[0]
    return Holding(
        years=years_text(first.data_from, first.data_to),
        role=str(ROLES[first.role]),
        places=tuple(_place(rule, names) for rule in rules if rule.holder),
        reason=str(_HERE.get(first.reason) or routing_text(first.reason)),
        only_with=str(CATEGORY_NAMES[first.also_with]) if first.also_with else "",
        is_confirmed=first.status == "confirmed",
    )


def _place(rule: Rule, names: Mapping[str, str]) -> Place:
    service = str(SERVICE_NAMES[rule.service]) if rule.service else ""
    if rule.holder in names:
        return Place(rule.holder, names[rule.holder], service)
    return Place("", place_name(rule.holder), service)


def _holder(row: Holder, language: str, on: date) -> HolderPart:
    by_kind: defaultdict[str, list[Contact]] = defaultdict(list)
    for contact in row.contacts.all():
        by_kind[contact.kind].append(contact)
    lines = [_line(contact, on) for kind in KINDS for contact in _best(by_kind[kind], language)]
    return HolderPart(
        key=row.key,
        name=str(row.name),
        name_fi=str(getattr(row, "name_fi", "") or row.name),
        asked_how=str(row.asked_how),
        contacts=tuple(lines),
    )


def _best(contacts: Sequence[Contact], language: str) -> list[Contact]:
    """Return those of one kind that serve the reader best: in their language or in none, else English, else Finnish."""
    own = language.partition("-")[0]
    wishes = {"": 0, "sv": 3, "fi": 2, "en": 1} | {own: 0}
    best = min((wishes[contact.lang] for contact in contacts), default=0)
    return [contact for contact in contacts if wishes[contact.lang] == best]


def _line(contact: Contact, on: date) -> ContactLine:
    schemes = {"email": "mailto:", "privacy_email": "mailto:", "page": "", "form": "", "e_service": ""}
    scheme = schemes.get(contact.kind)
    return ContactLine(
        kind=contact.kind,
        label=str(KINDS[contact.kind]),
        value=contact.value.removeprefix("https://") if scheme == "" else contact.value,
        href="" if scheme is None else scheme + contact.value,
        lang=(contact.lang or "fi") if contact.kind in _IN_FINNISH else "",
        source_url=contact.source_url,
        source_host=urlsplit(contact.source_url).netloc,
        checked_on=contact.checked_on,
        is_confirmed=contact.status == Contact.Status.CONFIRMED,
        is_old=contact.review_on < on,
    )
