"""Search among the answers and words of the FAQ: pure, the same on every database, nothing stored or logged.

Forgiving (see `folding`): a word is found by its beginning, so that `Kela` finds `Kelan`; where no text has a word
that begins so, by a word that shares most of its letters from the front, so that `tietojani` finds `tietoja`.
Chinese is compared by pairs of characters.  Words of a question weigh more than those of a short answer, and those
more than the rest; a word that few texts have weighs more than one that most have.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.faq.folding import Folded, Word, folded, is_han

LONGEST_QUERY: Final = 100
"""Characters of a query that are read; a question fits, a letter does not."""

MOST_TERMS: Final = 12
_WEIGHTS: Final = (8.0, 3.0, 1.0)
_LEAST_SHARE: Final = 0.5
"""How much of the query's weight a text must have to be shown."""

_SHORT: Final = 2
"""Letters of a term that must be the whole word: half of all words begin with an `a`."""

_SHARED: Final = 0.6
_EXCERPT: Final = 180
_BEFORE: Final = 60


@dataclass(frozen=True, slots=True)
class Document:
    """What is searched: its key, and its texts in three ranks, for an answer: question, short answer, the rest."""

    key: str
    first: str
    second: str
    third: str

    @property
    def texts(self) -> tuple[str, str, str]:
        """The texts by rank."""
        return self.first, self.second, self.third


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found: its key, its first text with the hits marked, and an excerpt of the others."""

    key: str
    title: SafeString
    excerpt: SafeString


Span = tuple[int, int]
"""Where a hit begins and ends in a text."""

_Term = tuple[str, ...]
"""One word of a query in the forms that may stand for it."""

_fold_document = lru_cache(maxsize=2048)(folded)
"""Texts are few and come again; a query is somebody's own and is not kept."""


def search(query: str, documents: Iterable[Document]) -> tuple[Hit, ...]:
    """Return the documents that answer `query`, the best first; none for a query without a word in it.

    Of equals, the one that comes first among `documents` is first.
    """
    there = tuple(documents)
    terms = _terms(query[:LONGEST_QUERY])
    found = [[_found(term, one) for one in there] for term in terms]
    for place, term in enumerate(terms):
        if not any(any(spans) for spans in found[place]):
            found[place] = [_found(term, one, loosely=True) for one in there]
    rarity = [_rarity(sum(any(spans) for spans in row), of=len(there)) for row in found]
    scored = []
    for place, document in enumerate(there):
        of_one = [row[place] for row in found]
        share = sum(rare for rare, spans in zip(rarity, of_one, strict=True) if any(spans))
        if not share or share < _LEAST_SHARE * sum(rarity):
            continue
        score = sum(
            rare * _value(document, spans) for rare, spans in zip(rarity, of_one, strict=True) if any(spans)
        )
        scored.append((-score, place, _hit(document, of_one)))
    return tuple(hit for _, _, hit in sorted(scored, key=lambda one: one[:2]))


def mentions(text: str, phrase: str) -> bool:
    """Say whether `phrase`, a word or a few, occurs in `text` in whatever form its words take."""
    wanted = folded(phrase)
    if not wanted.words:
        return False
    if any(is_han(sign) for sign in wanted.text):
        return wanted.text.strip() in _fold_document(text).text
    where = _fold_document(text)
    forms = [_forms(wanted, word) for word in wanted.words]
    return any(
        all(
            _is_alike(where, word, forms[place])
            for place, word in enumerate(where.words[begin : begin + len(forms)])
        )
        for begin in range(len(where.words) - len(forms) + 1)
    )


def _is_alike(text: Folded, word: Word, forms: Sequence[str]) -> bool:
    return any(_begins(text, word, form) or _shares(text, word, form) for form in forms)


# ------------------------------------------------------------------------------------------------------- terms
def _terms(query: str) -> list[_Term]:
    asked = folded(query)
    terms: dict[_Term, None] = {}
    for word in asked.words:
        for run, han in _runs(asked.spelled(word)):
            if han:
                pairs = [run[place : place + 2] for place in range(len(run) - 1)] or [run]
                terms |= dict.fromkeys((pair,) for pair in pairs)
            else:
                terms[_forms(asked, word) if run == asked.spelled(word) else (run,)] = None
    return list(terms)[:MOST_TERMS]


def _runs(word: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a word that are Chinese and those that are not."""
    begin = 0
    for place in range(1, len(word) + 1):
        if place == len(word) or is_han(word[place]) != is_han(word[begin]):
            yield word[begin:place], is_han(word[begin])
            begin = place


def _forms(text: Folded, word: Word) -> tuple[str, ...]:
    """Return the word whole and from each of its starts."""
    return tuple(dict.fromkeys(text.text[start : word.end] for start in word.starts))


# ----------------------------------------------------------------------------------------------------- matching
def _found(term: _Term, document: Document, *, loosely: bool = False) -> tuple[tuple[Span, ...], ...]:
    """Return where the term is in each text of the document, as places in the original."""
    return tuple(tuple(_spans(term, _fold_document(text), loosely=loosely)) for text in document.texts)


def _spans(term: _Term, text: Folded, *, loosely: bool) -> Iterator[Span]:
    for word in text.words:
        for form in term:
            parts = _shares(text, word, form) if loosely else _begins(text, word, form)
            # The whole word is marked; of Chinese, whose words nothing parts, what was asked for.
            for begin, end in parts if is_han(form[0]) else [(word.start, word.end)] * bool(parts):
                yield text.places[begin], text.places[end - 1] + 1
            if parts:
                break


def _begins(text: Folded, word: Word, form: str) -> list[Span]:
    """Return where in the word the form stands: at its beginning, or where it has another start.

    A figure and a very short form must end there as well: 300 is not 3000.
    """
    whole = form.isdigit() or (len(form) <= _SHORT and not is_han(form[0]))
    spans = [
        (start, start + len(form)) for start in word.starts if text.text.startswith(form, start, word.end)
    ]
    return [span for span in spans if not whole or span[1] == word.end or span[1] in word.starts]


def _shares(text: Folded, word: Word, form: str) -> list[Span]:
    """Return the word where most of its letters and of the form's are the same from the front."""
    found: list[Span] = []
    for start in () if form.isdigit() else word.starts:
        other = text.text[start : word.end]
        common = next(
            (place for place, (a, b) in enumerate(zip(form, other, strict=False)) if a != b),
            min(len(form), len(other)),
        )
        if common >= 3 and common >= _SHARED * len(form) and common >= _SHARED * len(other):
            found.append((start, word.end))
    return found


# ----------------------------------------------------------------------------------------------------- ranking
def _rarity(having: int, *, of: int) -> float:
    """Return the weight of a term that `having` texts have: nothing where none has it."""
    return math.log(1 + of / having) if having else 0.0


def _value(document: Document, spans: Sequence[Sequence[Span]]) -> float:
    value = 0.0
    for weight, places in zip(_WEIGHTS, spans, strict=True):
        if places:
            value += weight * (1 + math.log(len(places)) / 10)
    return value


# ----------------------------------------------------------------------------------------------------- showing
def _hit(document: Document, found: Sequence[Sequence[Sequence[Span]]]) -> Hit:
    """Return what is shown of a document; `found` is where each term is in each of its texts."""
    of_text = [sorted(span for spans in found for span in spans[rank]) for rank in range(len(document.texts))]
    title = _marked(document.first, of_text[0], begin=0, end=len(document.first))
    # The short answer goes first where it has as much of what was asked for.
    best = max((1, 2), key=lambda rank: (_most([spans[rank] for spans in found])[0], -rank))
    text, begin = document.texts[best], _most([spans[best] for spans in found])[1]
    return Hit(document.key, title, _excerpt(text, of_text[best], around=begin))


def _most(found: Sequence[Sequence[Span]]) -> tuple[int, int]:
    """Return how many terms come together in one excerpt at most, and where the first of them begins."""
    begins = sorted(begin for spans in found for begin, _ in spans)
    together = [
        (sum(any(begin <= one < begin + _EXCERPT - _BEFORE for one, _ in spans) for spans in found), -begin)
        for begin in begins
    ]
    number, place = max(together, default=(0, 0))
    return number, -place


def _excerpt(text: str, spans: Sequence[Span], *, around: int) -> SafeString:
    begin = _boundary(text, max(0, around - _BEFORE), limit=around) if around > _BEFORE else 0
    end = begin + _EXCERPT
    if end < len(text):
        space = text.rfind(" ", begin + _EXCERPT // 2, end)
        end = space if space > 0 else end
    before, after = "… " * (begin > 0), " …" * (end < len(text))
    inside = [(first, min(last, end)) for first, last in spans if begin <= first < end]
    return mark_safe(before + _marked(text, inside, begin=begin, end=min(end, len(text))) + after)  # noqa: S308 — escaped piece by piece.


def _boundary(text: str, place: int, *, limit: int) -> int:
    """Return where the next word begins, at `limit` at the latest."""
    space = max(text.find(" ", place, limit), text.find("\n", place, limit))
    return space + 1 if space >= 0 else place


def _marked(text: str, spans: Iterable[Span], *, begin: int, end: int) -> SafeString:
    """Return a piece of a text as HTML, the spans in `mark` elements."""
    parts: list[str] = []
    for first, last in _merged(spans):
        close = last
        while close < end and unicodedata.combining(text[close]):
            close += 1  # A letter and the signs on it stay together.
        parts += [escape(text[begin:first]), "<mark>", escape(text[first:close]), "</mark>"]
        begin = close
    return mark_safe("".join([*parts, escape(text[begin:end])]))  # noqa: S308 — every piece of the text is escaped.


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that touch as one."""
    made: list[Span] = []
    for begin, end in sorted(spans):
        if made and begin <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((begin, end))
    return made
