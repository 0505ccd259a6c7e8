"""Reads the register: the rules and holders that routing takes, and how a holder is reached, for people."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Model, Q, QuerySet

from requests_app.models import Contact, Holder, Responsibility
from requests_app.rules.register import HolderFacts, Role, Rule, Status


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One contact detail as shown: its kind, its value, and whether it is confirmed."""

    kind: str
    value: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class HolderCard:
    """A holder as shown to a person; `name` and `asked_how` are in the language that was active at the reading."""

    key: str
    name: str
    name_fi: str
    asked_how: str
    takes_part: bool
    contacts: tuple[ContactCard, ...]

    def contact(self, *kinds: str) -> ContactCard | None:
        """Return the first contact detail of the first of these kinds that the holder has."""
        found = {card.kind: card for card in reversed(self.contacts)}
        return next((found[kind] for kind in kinds if kind in found), None)

    @property
    def online(self) -> ContactCard | None:
        """The holder's own way to ask on the web: its e-service, else its form."""
        return self.contact(Contact.Kind.E_SERVICE, Contact.Kind.FORM)

    @property
    def page(self) -> ContactCard | None:
        """The holder's own page on how to ask."""
        return self.contact(Contact.Kind.PAGE)

    @property
    def postal(self) -> ContactCard | None:
        """Where a letter goes by post."""
        return self.contact(Contact.Kind.POSTAL)

    @property
    def visiting(self) -> ContactCard | None:
        """Where the holder is visited."""
        return self.contact(Contact.Kind.VISITING)

    @property
    def email(self) -> ContactCard | None:
        """Where a letter goes by e-mail."""
        return self.contact(Contact.Kind.EMAIL, Contact.Kind.PRIVACY_EMAIL)


def current_rules(on: date) -> tuple[Rule, ...]:
    """Return the rules of the register as it stood on `on`, for `rules.routing.route`."""
    in_force = Q(loaded_on__lte=on) & (Q(retired_on=None) | Q(retired_on__gt=on))
    return tuple(
        Rule(
            rule=row.rule,
            category=row.category,
            role=cast("Role", row.role),
            holder=row.holder,
            reason=row.reason,
            service=row.service,
            data_from=row.data_from,
            data_to=row.data_to,
            asked_from=row.asked_from,
            asked_to=row.asked_to,
            also_with=row.also_with,
            source=row.source,
            status=cast("Status", row.status),
        )
        for row in Responsibility.objects.filter(in_force)
    )


def register_revision() -> str:
    """Return a digest of every stored row of the register, whatever language is active; three queries."""
    total = hashlib.sha256()
    for model in (Holder, Contact, Responsibility):
        columns = [field.attname for field in model._meta.concrete_fields]
        # Django's own QuerySet reads each column as stored; the manager's would turn to the reader's language.
        rows: QuerySet[Model, tuple[object, ...]] = QuerySet(model).order_by("pk").values_list(*columns)
        total.update(repr(list(rows)).encode())
    return total.hexdigest()


def holder_facts() -> dict[str, HolderFacts]:
    """Return what routing needs of each holder in use, by key."""
    return {
        row.key: HolderFacts(
            key=row.key,
            position=row.position,
            is_desk=row.is_desk,
            municipal_or_county=row.municipal_or_county,
        )
        for row in Holder.objects.filter(retired_on=None)
    }


def holder_cards(keys: Collection[str], *, language: str) -> dict[str, HolderCard]:
    """Return the holders of these keys for people to read, by key; contact details in `language` go first."""
    rows = Holder.objects.filter(key__in=list(keys)).prefetch_related("contacts")
    return {row.key: _card(row, language) for row in rows}


def _card(row: Holder, language: str) -> HolderCard:
    # Addresses exist in Finnish, Swedish or English at most; others see the English ones, then the Finnish.
    wishes = [language, "", "en", "fi", "sv"]
    contacts = sorted(
        (contact for contact in row.contacts.all() if contact.lang in wishes),
        key=lambda contact: wishes.index(contact.lang),
    )
    return HolderCard(
        key=row.key,
        name=str(row.name),
        name_fi=str(getattr(row, "name_fi", "") or row.name),
        asked_how=str(row.asked_how),
        takes_part=row.takes_part,
        contacts=tuple(
            ContactCard(contact.kind, contact.value, contact.status == Contact.Status.CONFIRMED)
            for contact in contacts
        ),
    )
