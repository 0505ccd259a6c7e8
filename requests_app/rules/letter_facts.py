"""What one letter says, as plain typed data: frozen when the letter is ordered, sealed until it is rendered.

Everything a template prints comes from here, so that the same facts always make the same letter. Dates are ISO
calendar dates as text; words for codes are chosen by the template in the letter's language.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Sender:
    """The person who signs, as they wrote it; empty texts were not given."""

    full_name: str = ""
    birth_date: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    identity_code: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The holder as the letter names it, in the letter's language; `unconfirmed` names contact kinds to check.

    `asked_how`, in the reader's language, and `online`, an address of the holder's own, are for the cover sheet alone.
    """

    key: str = ""
    name: str = ""
    postal: str = ""
    email: str = ""
    phone: str = ""
    unconfirmed: tuple[str, ...] = ()
    asked_how: str = ""
    online: str = ""
    takes_part: bool = False


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """The facts of one letter of any kind; a template uses those that its kind needs.

    `own` is what the person wrote in their own words. `about` is the holder that a complaint is about, `outcome` why:
    `silence`, `refusal` or `answer`.
    """

    reference: str
    code: str
    verify_url: str
    made_on: str
    letter_language: str
    reader_language: str
    sender: Sender
    recipient: Recipient
    kind: str = "access"
    on_behalf: str = "self"
    subject_full_name: str = ""
    subject_birth_date: str = ""
    authority_basis: str = ""
    categories: tuple[str, ...] = ()
    own: str = ""
    from_year: int | None = None
    to_year: int | None = None
    answer_by: str = "post"
    signature: str = "hand"
    asked_on: str = ""
    posted_on: str = ""
    received_on: str = ""
    due_on: str = ""
    told_on: str = ""
    reminded_on: str = ""
    ended_on: str = ""
    outcome: str = ""
    about: Recipient = field(default_factory=Recipient)
    reason: str = ""
    grounds: str = ""
    transferred_to: str = ""
    delivered_by: str = ""
    holder_reference: str = ""
    drawing: tuple[tuple[tuple[int, int], ...], ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return JSON-ready data without the drawing, which is sealed with the filing and nowhere else."""
        data = asdict(self)
        del data["drawing"]
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the facts kept as `data`; unknown keys of another version are dropped."""
        known = {item.name for item in fields(cls)}
        kept = {key: value for key, value in data.items() if key in known}
        kept["sender"] = Sender(**kept["sender"])
        for name in ("recipient", "about"):
            holder = dict(kept.get(name, {}))
            holder["unconfirmed"] = tuple(holder.get("unconfirmed", ()))
            kept[name] = Recipient(**holder)
        kept["categories"] = tuple(kept.get("categories", ()))
        return cls(**kept)
