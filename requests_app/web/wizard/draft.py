"""The draft of a filing, kept in the sealed session, and the receipts of what was sent from it.

Nothing of a draft is ever in a cookie or an address.  The session lives for a day at most (`requests_app.sessions`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase

from requests_app.actions.intake import Asked, Receipt
from requests_app.rules.answers import Answers, Strokes
from requests_app.rules.vocabulary import STEPS

DRAFT: Final = "draft"
RECEIPTS: Final = "receipts"
TRACKING: Final = "tracking"
MAX_RECEIPTS: Final = 30
"""The receipts kept in one session; more would make every page of it slow."""


@dataclass(slots=True)
class Draft:
    """Answers so far, the steps that were answered, and what is drawn for sending.

    `proposed` are the holders that routing gave when the person last looked at them: another proposal makes
    them look again.
    """

    answers: Answers = field(default_factory=Answers)
    done: set[str] = field(default_factory=set)
    everything: bool = False
    proposed: tuple[str, ...] = ()
    without_desk: bool = False
    drawing: Strokes = ()
    receipt: Receipt | None = None

    def to_json(self) -> dict[str, Any]:
        """Return JSON-ready data for the session."""
        return {
            "answers": self.answers.to_json(),
            "done": sorted(self.done),
            "everything": self.everything,
            "proposed": list(self.proposed),
            "without_desk": self.without_desk,
            "drawing": self.drawing,
            "receipt": self.receipt.to_json() if self.receipt else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Draft:
        """Return the draft kept as `data`; raises KeyError, TypeError or ValueError for that of another version."""
        return cls(
            answers=Answers.from_json(data["answers"]),
            done=set(data["done"]) & set(STEPS),
            everything=bool(data["everything"]),
            proposed=tuple(data["proposed"]),
            without_desk=bool(data["without_desk"]),
            drawing=tuple(tuple((x, y) for x, y in stroke) for stroke in data["drawing"]),
            receipt=Receipt.from_json(data["receipt"]) if data["receipt"] else None,
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """The receipt of one filing, with what was asked of whom; it holds no answer that names the person."""

    receipt: Receipt
    asked: tuple[tuple[str, tuple[str, ...]], ...]
    from_year: int | None
    to_year: int | None
    signature: str
    drawn: bool
    sent_on: str

    def to_json(self) -> dict[str, Any]:
        """Return JSON-ready data for the session."""
        return {
            "receipt": self.receipt.to_json(),
            "asked": self.asked,
            "from_year": self.from_year,
            "to_year": self.to_year,
            "signature": self.signature,
            "drawn": self.drawn,
            "sent_on": self.sent_on,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Sent:
        """Return what was kept as `data`; raises KeyError, TypeError or ValueError for that of another version."""
        return cls(
            receipt=Receipt.from_json(data["receipt"]),
            asked=tuple((holder, tuple(categories)) for holder, categories in data["asked"]),
            from_year=data["from_year"],
            to_year=data["to_year"],
            signature=data["signature"],
            drawn=data["drawn"],
            sent_on=data["sent_on"],
        )


def load(session: SessionBase) -> Draft | None:
    """Return the session's draft, or None where there is none that can be read."""
    kept = session.get(DRAFT)
    if kept is None:
        return None
    try:
        return Draft.from_json(kept)
    except (KeyError, TypeError, ValueError):
        # An update of the portal changed the form of a draft; the person begins again and is told so.
        return None


def save(session: SessionBase, draft: Draft) -> None:
    """Keep the draft in the session."""
    session[DRAFT] = draft.to_json()


def sent(session: SessionBase) -> list[Sent]:
    """Return the receipts of the session, the oldest first."""
    found = []
    for kept in session.get(RECEIPTS, []):
        try:
            found.append(Sent.from_json(kept))
        except (KeyError, TypeError, ValueError):
            continue
    return found


def finish(session: SessionBase, receipt: Sent) -> None:
    """End the draft: keep its receipt (once), and let the session follow the filing."""
    others = [item for item in sent(session) if item.receipt.filing_id != receipt.receipt.filing_id]
    session[RECEIPTS] = [item.to_json() for item in (*others, receipt)][-MAX_RECEIPTS:]
    followed = [key for key in session.get(TRACKING, []) if key != str(receipt.receipt.filing_id)]
    session[TRACKING] = [*followed, str(receipt.receipt.filing_id)]
    session.pop(DRAFT, None)


def digest(draft: Draft, asked: Sequence[Asked]) -> str:
    """Return a mark of what the check page shows: another tab that changes an answer changes it.

    Keyed with the draft's own token (HMAC, RFC 2104), so that it tells nothing about the answers.
    """
    answers = draft.answers.to_json()
    del answers["language"]
    content = [answers, [[item.holder, item.details, *item.categories] for item in asked], draft.drawing]
    key = draft.receipt.token.encode() if draft.receipt else b""
    return hmac.new(key, json.dumps(content, sort_keys=True).encode(), hashlib.sha256).hexdigest()[:32]
