"""What a letter's template may print: the facts as short texts, safe to set into HTML, dates as Finland writes them.

What people typed is untrusted. It is escaped, freed of control characters and of marks that turn the direction of
writing (UAX #9), and set in an element with its own direction, because `<bdi>` does nothing in the PDF engine. A
character that no installed font can draw is written by its number, so that no letter waits for ever because of one.
"""

from __future__ import annotations

import base64
import functools
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.papers import codes, fonts
from portal.papers.errors import FontsMissing
from requests_app.rules.answers import BOARD, Strokes
from requests_app.rules.letter_facts import LetterFacts, Recipient
from requests_app.rules.register import Register, read_register
from requests_app.rules.vocabulary import DESK, FIRST_YEAR
from requests_app.wording import letter_terms

_DROPPED_CATEGORIES: Final = frozenset({"Cc", "Cs"})
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks, embeddings, overrides and isolates of the bidirectional algorithm, and the byte order mark."""

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})


def typed(text: str) -> SafeString:
    """Return one line that a person typed, as an element with the direction of its first strong character."""
    shown = printable(text)
    if not shown:
        return SafeString("")
    strong = (unicodedata.bidirectional(sign) for sign in shown)
    first = next((kind for kind in strong if kind == "L" or kind in _RIGHT_TO_LEFT), "L")
    return format_html('<span dir="{}">{}</span>', "rtl" if first in _RIGHT_TO_LEFT else "ltr", shown)


def code(text: str) -> SafeString:
    """Return a code, number or address of the net, always from left to right."""
    shown = printable(text)
    return format_html('<span dir="ltr">{}</span>', shown) if shown else SafeString("")


def whole(text: str) -> SafeString:
    """Return a short code that may not be torn at the end of a line."""
    return (
        format_html('<span class="nowrap" dir="ltr">{}</span>', printable(text)) if text else SafeString("")
    )


def printable(text: str) -> str:
    """Return `text` on one line, without what can't be seen or drawn; what no font has is named by its number."""
    seen = (" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    kept = "".join(
        sign
        for sign in seen
        if sign not in _TURNING and unicodedata.category(sign) not in _DROPPED_CATEGORIES
    )
    line = " ".join(kept.split())
    try:
        missing = fonts.missing_characters(line)
    except FontsMissing:
        # Text can be shown on a page without fonts for print; the printing itself refuses and says so.
        return line
    for sign in missing:
        line = line.replace(sign, f"[U+{ord(sign):04X}]")
    return line


def paragraphs(text: str) -> list[SafeString]:
    """Return the lines of a longer typed text, empty ones left out."""
    return [line for line in map(typed, text.splitlines()) if line]


def day(iso: str) -> SafeString:
    """Return an ISO date as letters write it in Finnish and Swedish, `5.3.2026`; of an empty text nothing."""
    if not iso:
        return SafeString("")
    then = date.fromisoformat(iso)
    return code(f"{then.day}.{then.month}.{then.year}")


def drawing(strokes: Strokes) -> str:
    """Return a drawn signature as the data address of an SVG image, or nothing where there is none."""
    if not strokes:
        return ""
    paths = "".join(_path(stroke) for stroke in strokes if stroke)
    width, height = BOARD
    image = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><path d="{paths}" fill="none" '
        'stroke="#000" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(image.encode()).decode()


def _path(stroke: tuple[tuple[int, int], ...]) -> str:
    # A line without length may not be drawn, so a single point gets a second one beside it.
    (x, y), *rest = stroke
    return f"M{x} {y}L" + " ".join(f"{x} {y}" for x, y in rest or [(x + 1, y)])


def request_context(facts: LetterFacts, *, language: str) -> dict[str, Any]:
    """Return what a letter from the person and its reading copy print: request, reminder or complaint."""
    key = facts.recipient.key
    to_research = key == "vtt" and "research" in facts.categories
    return {
        **_shared(facts, language=language),
        "from_lines": _person(facts, with_contact=True),
        "to_lines": _holder(facts, language=language),
        "to_desk": key == DESK,
        "to_research": to_research,
        "authority": key not in letter_terms.NOT_UNDER_OPENNESS_ACT,
        "categories": [
            {"part": f"category-{name}", **letter_terms.CATEGORIES[language][name]._asdict()}
            for name in facts.categories
        ],
        # Years left open mean everything since 2009; an earlier last year is a wish of its own.
        "from_year": facts.from_year or (FIRST_YEAR if (facts.to_year or FIRST_YEAR) >= FIRST_YEAR else None),
        "to_year": facts.to_year,
        "answer_by": facts.answer_by,
        "signature": facts.signature,
        "has_address": bool(facts.sender.street.strip()),
        "own": paragraphs(facts.own),
        "holder_reference": typed(facts.holder_reference),
        "controller": {
            "name": _name_of(facts.about, language=language),
            "address": typed(facts.about.postal or facts.about.email),
        },
        "outcome": facts.outcome,
        **{
            name: day(getattr(facts, name))
            for name in (
                *("asked_on", "posted_on", "received_on", "due_on"),
                *("told_on", "reminded_on", "ended_on"),
            )
        },
    }


def copy_context(facts: LetterFacts, *, fallback: bool) -> dict[str, Any]:
    """Return what the reader's side of a reading copy prints; `fallback` if it is not in the language asked for."""
    holder = facts.recipient
    return {
        **request_context(facts, language=facts.letter_language),
        "letter_language": facts.letter_language,
        "recipient_name": _name(facts, language=facts.letter_language),
        "fallback": fallback,
        "no_address": not holder.postal and holder.key != DESK,
        "check_address": "postal" in holder.unconfirmed,
        "has_code": bool(facts.sender.identity_code) and facts.on_behalf == "self",
    }


def cover_context(facts: LetterFacts) -> dict[str, Any]:
    """Return what the cover sheet of a request prints: for the person alone, in words of the interface."""
    holder = facts.recipient
    return {
        **copy_context(facts, fallback=False),
        "asked_how": paragraphs(holder.asked_how),
        "online": code(holder.online),
        "online_confirmed": "online" not in holder.unconfirmed,
        "takes_part": holder.takes_part,
        "by_email": holder.email if not holder.postal else "",
    }


def notice_context(facts: LetterFacts, *, language: str) -> dict[str, Any]:
    """Return what a holder's letter to the person prints."""
    holder = facts.recipient
    return {
        **_shared(facts, language=language),
        "from_lines": _holder(facts, language=language),
        "to_lines": _person(facts, with_contact=False),
        "holder_name": _name(facts, language=language),
        "holder_email": code(holder.email),
        "holder_phone": whole(holder.phone),
        "holder_reference": typed(facts.holder_reference),
        "from_desk": holder.key == DESK,
        "authority": holder.key not in letter_terms.NOT_UNDER_OPENNESS_ACT,
        "received_on": day(facts.received_on),
        "due_on": day(facts.due_on),
        "told_on": day(facts.told_on),
        "reason": paragraphs(facts.reason),
        "grounds": paragraphs(facts.grounds),
        "delivered_by": facts.delivered_by,
        "target": _party(facts.transferred_to, language=language),
        "ombudsman": _party(letter_terms.OMBUDSMAN, language=language),
    }


def _shared(facts: LetterFacts, *, language: str) -> dict[str, Any]:
    sender = facts.sender
    return {
        "tag": language,
        "kind": facts.kind,
        "reference": whole(facts.reference),
        "code": whole(facts.code),
        "verify_page": code(facts.verify_url.partition("?")[0]),
        "verify_plain": facts.verify_url,
        "qr": codes.qr_png(facts.verify_url) if facts.verify_url else "",
        "drawing": drawing(facts.drawing) if facts.signature == "drawn" else "",
        "made_on": day(facts.made_on),
        "me": {
            "full_name": typed(sender.full_name),
            "birth_date": day(sender.birth_date),
            "identity_code": code(sender.identity_code),
            "email": code(sender.email),
        },
        "represented": facts.on_behalf != "self",
        "child": facts.on_behalf == "child",
        "guardian": facts.authority_basis == "guardian",
        "subject": {
            "full_name": typed(facts.subject_full_name),
            "birth_date": day(facts.subject_birth_date),
        },
    }


def _person(facts: LetterFacts, *, with_contact: bool) -> list[SafeString]:
    sender = facts.sender
    lines = [typed(sender.full_name), typed(sender.street), typed(f"{sender.postal_code} {sender.city}")]
    if with_contact:
        lines += [code(sender.email), code(sender.phone)]
    return [line for line in lines if line]


def _holder(facts: LetterFacts, *, language: str) -> list[SafeString]:
    holder = facts.recipient
    lines = [_name(facts, language=language)]
    if holder.key in letter_terms.WITH_REGISTRY:
        lines.append(typed(letter_terms.REGISTRY[language]))
    lines += _address(holder.postal)
    if not holder.postal and holder.email:
        lines.append(code(holder.email))
    return [line for line in lines if line]


def _name(facts: LetterFacts, *, language: str) -> SafeString:
    return _name_of(facts.recipient, language=language)


def _name_of(holder: Recipient, *, language: str) -> SafeString:
    return typed(letter_terms.DESK[language] if holder.key == DESK else holder.name)


def _address(postal: str) -> list[SafeString]:
    return [typed(line) for line in postal.split(",") if line.strip()]


@functools.cache
def _register() -> Register:
    return read_register()


def _party(key: str, *, language: str) -> dict[str, Any]:
    """Return an authority that a letter names besides its own, from the reviewed register; a name stays a name."""
    row = next((row for row in _register().holders if row.key == key), None)
    if row is None:
        return {"name": typed(key), "address": "", "email": "", "phone": ""}
    contacts = _contacts(key, language=language)
    return {
        "name": typed(row.name[language]),
        "address": typed(contacts.get("postal", "")),
        "email": code(contacts.get("email", "")),
        "phone": whole(contacts.get("phone", "")),
    }


def _contacts(key: str, *, language: str) -> dict[str, str]:
    """Return the first confirmed contact detail of each kind, those of the letter's own language first."""
    rows: Iterable[Any] = (
        row
        for row in _register().contacts
        if row.holder == key and row.lang in ("", language) and row.status == "confirmed"
    )
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row.lang != language):
        found.setdefault(row.kind, row.value)
    return found
