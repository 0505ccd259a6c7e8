"""Loads the reviewed register into dated rows; what the reviewed files no longer say is retired, never deleted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import Model
from modeltranslation.utils import build_localized_fieldname

from requests_app.actions import lifecycle
from requests_app.models import Contact, Holder, Responsibility
from requests_app.rules.register import ContactRow, HolderRow, Register, Rule

_RULE_KEY = (
    "rule", "category", "service", "data_from", "data_to", "asked_from", "asked_to",
    "role", "holder", "also_with", "reason", "source", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a loading made, changed and retired."""

    made: int = 0
    changed: int = 0
    retired: int = 0

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(self.made + other.made, self.changed + other.changed, self.retired + other.retired)


@transaction.atomic
def load(register: Register) -> Loaded:
    """Bring the stored register in line with the reviewed one; a second loading of the same changes nothing.

    `takes_part` is the operator's own decision and is set at the first loading only.
    """
    today = lifecycle.today()
    done = Loaded()
    for row in register.holders:
        done += _holder(row)
    for contact in register.contacts:
        done += _contact(contact)
    listed = {(c.holder, c.kind, c.lang, c.value) for c in register.contacts}
    for stored in Contact.objects.filter(holder__in=[row.key for row in register.holders]):
        if (stored.holder_id, stored.kind, stored.lang, stored.value) not in listed and stored.source_url:
            stored.delete()
            done += Loaded(retired=1)
    return done + _rules(register.rules, today)


def _saved(row: Model, values: dict[str, object]) -> Loaded:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save()
    return Loaded(changed=bool(changed))


def _holder(row: HolderRow) -> Loaded:
    values: dict[str, object] = {
        "controller": row.controller,
        "position": row.position,
        "is_desk": row.is_desk,
        "municipal_or_county": row.municipal_or_county,
        "source": row.source,
    }
    for language, name in row.name.items():
        values[build_localized_fieldname("name", language)] = name
    for language, text in row.asked_how.items():
        values[build_localized_fieldname("asked_how", language)] = text
    stored = Holder.objects.filter(key=row.key).first()
    if stored is None:
        Holder.objects.create(key=row.key, takes_part=row.takes_part, **values)
        return Loaded(made=1)
    return _saved(stored, values)


def _contact(row: ContactRow) -> Loaded:
    key = {"holder_id": row.holder, "kind": row.kind, "lang": row.lang, "value": row.value}
    values: dict[str, object] = {
        "source_url": row.source_url,
        "checked_on": row.checked_on,
        "status": row.status,
        "review_on": row.review_on,
    }
    stored = Contact.objects.filter(**key).first()
    if stored is None:
        Contact.objects.create(**key, **values)
        return Loaded(made=1)
    # Whoever checked it later than the reviewed file knows better.
    return Loaded() if stored.checked_on > row.checked_on else _saved(stored, values)


def _rules(rules: tuple[Rule, ...], today: date) -> Loaded:
    current = {
        tuple(getattr(row, name) for name in _RULE_KEY): row
        for row in Responsibility.objects.filter(retired_on=None)
    }
    wanted = {tuple(asdict(rule)[name] for name in _RULE_KEY): rule for rule in rules}
    gone = [row.pk for key, row in current.items() if key not in wanted]
    new = [
        Responsibility(loaded_on=today, **dict(zip(_RULE_KEY, key, strict=True)))
        for key in wanted
        if key not in current
    ]
    Responsibility.objects.filter(pk__in=gone).update(retired_on=today)
    Responsibility.objects.bulk_create(new)
    return Loaded(made=len(new), retired=len(gone))
