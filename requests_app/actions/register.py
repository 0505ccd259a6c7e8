"""Loads the reviewed register into dated rows; what the reviewed files no longer say is retired, never deleted.

Words about a holder that an editor has changed since the last loading are left alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import Model
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname

from portal.languages import DEFAULT
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
    known = {
        (stored.holder_id, stored.kind, stored.lang, stored.value): stored
        for stored in Contact.objects.filter(holder__in=[row.key for row in register.holders])
    }
    for contact in register.contacts:
        done += _contact(
            contact, known.pop((contact.holder, contact.kind, contact.lang, contact.value), None)
        )
    for stored in known.values():
        if stored.source_url:
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
    texts = {column("name", language): text for language, text in row.name.items()}
    texts |= {column("asked_how", language): text for language, text in row.asked_how.items()}
    loaded = {name: text_digest(text) for name, text in texts.items()}
    stored = Holder.objects.filter(key=row.key).first()
    if stored is None:
        Holder.objects.create(key=row.key, takes_part=row.takes_part, loaded_texts=loaded, **values, **texts)
        return Loaded(made=1)
    kept = {name for name, text in texts.items() if _is_an_editors(stored, name, text)}
    values |= {name: text for name, text in texts.items() if name not in kept}
    values["loaded_texts"] = {
        name: stored.loaded_texts[name] if name in kept else digest for name, digest in loaded.items()
    }
    return _saved(stored, values)


def _is_an_editors(stored: Holder, name: str, text: str) -> bool:
    """Return whether a stored text is one that an editor wrote since the last loading, and not what the file says."""
    own = getattr(stored, name) or ""
    last = stored.loaded_texts.get(name)
    return last is not None and own not in ("", text) and text_digest(own) != last


def column(field: str, language: str) -> str:
    """Return the name of the column of a translated field in one language."""
    return str(build_localized_fieldname(field, language))


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def save_texts(key: str, language: str, *, name: str, asked_how: str) -> list[str]:
    """Store an editor's words about a holder in one language; returns the fields that are others now.

    The next loading keeps them. Letters already written keep the words that they were written with.
    """
    holder = Holder.objects.select_for_update().get(pk=key)
    texts = {"name": name, "asked_how": asked_how}
    changed = [
        field for field, text in texts.items() if (getattr(holder, column(field, language)) or "") != text
    ]
    for field in changed:
        setattr(holder, column(field, language), texts[field])
    if changed:
        with translation.override(DEFAULT):
            holder.save()
    return changed


def _contact(row: ContactRow, stored: Contact | None) -> Loaded:
    values: dict[str, object] = {
        "source_url": row.source_url,
        "checked_on": row.checked_on,
        "status": row.status,
        "review_on": row.review_on,
    }
    if stored is None:
        Contact.objects.create(holder_id=row.holder, kind=row.kind, lang=row.lang, value=row.value, **values)
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
