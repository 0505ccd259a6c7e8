"""What a letter prints, and nothing more, as JSON inside the PDF (PDF/A-3), so that a registry need not retype it.

The file names no study, no other holder, and not the person's language.  Its keys are those of the public contract.
"""

from __future__ import annotations

import json
from typing import Any, Final

from portal.papers.renderer import Attachment
from requests_app.rules.letter_facts import LetterFacts
from requests_app.rules.vocabulary import ARTICLES, DESK, FIRST_YEAR
from requests_app.wording import letter_terms

FORMAT: Final = "tietoni-request/1"
NAME: Final = "request.json"
_ABOUT: Final = {
    "fi": "Kirjeen tiedot koneluettavassa muodossa",
    "sv": "Brevets uppgifter i maskinläsbar form",
}


def attachment(facts: LetterFacts) -> Attachment:
    """Return the file for the request with these facts; equal facts give equal bytes."""
    text = json.dumps(data(facts), ensure_ascii=False, sort_keys=True, indent=1)
    return Attachment(
        name=NAME,
        content=text.encode(),
        media_type="application/json",
        description=_ABOUT[facts.letter_language],
    )


def data(facts: LetterFacts) -> dict[str, Any]:
    """Return the facts that the letter prints, those that are empty left out; days are ISO calendar dates."""
    sender = facts.sender
    person = {
        name: getattr(sender, name) for name in ("full_name", "birth_date", "street", "postal_code", "city")
    }
    contact = {name: getattr(sender, name) for name in ("email", "phone")}
    # The letter prints the code of the person who signs; the other person's is written by hand.
    code = {"identity_code": sender.identity_code}
    subject = {
        "full_name": facts.subject_full_name,
        "birth_date": facts.subject_birth_date,
        "authority_basis": facts.authority_basis,
    }
    found: dict[str, Any] = {
        "format": FORMAT,
        "reference": facts.reference,
        "code": facts.code,
        "made_on": facts.made_on,
        "kind": facts.kind,
        "law": f"Regulation (EU) 2016/679, Article {ARTICLES[facts.kind]}",
        "recipient": {"name": _recipient(facts)},
        "sender": {**person, **contact, **code},
        "on_behalf": facts.on_behalf,
        "subject": subject if facts.on_behalf != "self" else {},
        "categories": list(facts.categories),
        "from_year": facts.from_year or (FIRST_YEAR if (facts.to_year or FIRST_YEAR) >= FIRST_YEAR else None),
        "to_year": facts.to_year,
        "own_words": facts.own,
        "answer_by": facts.answer_by,
        "signature": facts.signature,
    }
    return _full(found)


def _recipient(facts: LetterFacts) -> str:
    """Return the holder as the letter names it; the desk has another name in letters than on pages."""
    return letter_terms.DESK[facts.letter_language] if facts.recipient.key == DESK else facts.recipient.name


def _full(found: dict[str, Any]) -> dict[str, Any]:
    """Return `found` without what is empty, at any depth."""
    kept = {key: _full(value) if isinstance(value, dict) else value for key, value in found.items()}
    return {key: value for key, value in kept.items() if value not in ("", None, [], {})}
