"""The stored texts of an entry in one language, and their digest: what import, editing and reading agree on."""

from __future__ import annotations

from collections.abc import Iterable

from modeltranslation.utils import build_localized_fieldname

from portal.faq.content import text_digest
from portal.faq.models import ChangeNote, Entry, Term
from portal.languages import FALLBACKS, OFFICIAL

FIELDS = ("question", "short", "body")
"""The translated fields of an entry; a language has the entry where all of them are filled."""


def column(field: str, language: str) -> str:
    """Return the name of the column of a translated field in one language."""
    return str(build_localized_fieldname(field, language))


def fallbacks(language: str) -> tuple[str, ...]:
    """Return the languages to try for readers of `language`, in order; the last is one that all public texts have."""
    return tuple(dict.fromkeys((language, *FALLBACKS, *OFFICIAL)))


def stored_text(row: Entry | ChangeNote | Term, field: str, language: str) -> str:
    """Return a translated field exactly as stored, without fallback; "" where there is none."""
    return getattr(row, column(field, language)) or ""


def stored_digest(entry: Entry, notes: Iterable[ChangeNote], language: str) -> str:
    """Return the digest of what is stored of an entry in one language; "" where nothing is.

    `notes` are those of the entry in their order; a note without text in this language is not part of it.
    """
    question, short, body = (stored_text(entry, field, language) for field in FIELDS)
    dated = [(note.date, text) for note in notes if (text := stored_text(note, "text", language))]
    return text_digest(question, short, body, dated) if question or short or body or dated else ""
