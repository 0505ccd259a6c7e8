"""What a reader finds: answers and words explained that have what they look for, and the words that an answer has."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from portal.faq.glossary import TermView, terms
from portal.faq.publishing import EntryLink, EntryView, texts
from portal.faq.search import Document, mentions, search


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An answer that was found; `question` and `excerpt` have the hits marked."""

    link: EntryLink
    question: SafeString
    excerpt: SafeString


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found, the best first."""

    entries: tuple[FoundEntry, ...]
    words: tuple[TermView, ...]


def find(query: str, language: str) -> Findings:
    """Search what readers of `language` can read; three queries to the database, whatever is asked."""
    by_slug = {text.link.slug: text for text in texts(language)}
    by_key = {term.key: term for term in terms(language)}
    answers = search(
        query,
        (Document(slug, text.link.question, text.short, text.rest) for slug, text in by_slug.items()),
    )
    words = search(query, (Document(key, one.term, one.finnish, one.text) for key, one in by_key.items()))
    return Findings(
        entries=tuple(FoundEntry(by_slug[hit.key].link, hit.title, hit.excerpt) for hit in answers),
        words=tuple(by_key[hit.key] for hit in words),
    )


def words_in(entry: EntryView, language: str) -> tuple[TermView, ...]:
    """Return the words of the glossary that occur in an answer, by themselves or by their Finnish word."""
    text = f"{entry.question}\n{entry.words}"
    return tuple(one for one in terms(language) if mentions(text, one.term) or mentions(text, one.finnish))
