"""What readers get of the glossary: each term in the language asked for, or in a fallback that says so.

A term is public once the official languages have it, like an entry (`publishing`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from portal.faq.models import Term, Translation
from portal.faq.rendering import isolated
from portal.faq.stored import fallbacks, stored_text
from portal.languages import BY_CODE, OFFICIAL, Language


@dataclass(frozen=True, slots=True)
class TermView:
    """One term as a page shows it; `language` is that of `term` and `text`, `finnish` is what an office says."""

    key: str
    term: str
    finnish: str
    text: SafeString
    language: Language
    is_fallback: bool


def terms(language: str) -> tuple[TermView, ...]:
    """Return the public terms for readers of `language`, in the order of the glossary; two queries."""
    drafts = set(
        Translation.objects.filter(entry=None, status=Translation.Status.DRAFT).values_list(
            "language", flat=True
        )
    )
    found = []
    for row in Term.objects.order_by("position"):
        having = {
            code
            for code in BY_CODE
            if code not in drafts and stored_text(row, "term", code) and stored_text(row, "text", code)
        }
        if not having.issuperset(OFFICIAL):
            continue
        code = next(code for code in fallbacks(language) if code in having)
        found.append(
            TermView(
                key=row.key,
                term=stored_text(row, "term", code),
                finnish=row.finnish,
                text=isolated(stored_text(row, "text", code)),
                language=BY_CODE[code],
                is_fallback=code != language,
            )
        )
    return tuple(found)
