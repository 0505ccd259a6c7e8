"""The FAQ to print: per language one tagged PDF of A4 sheets that fold to A5, with every question in short.

The type is the largest that fits on one sheet, back and front of four pages; what does not fit at the smallest goes
on a second sheet, and nothing is cut.  The same words give the same bytes.
"""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.faq.content import ORIGINAL
from portal.faq.publishing import ShortAnswer, short_answers
from portal.languages import BY_CODE, Language
from portal.papers import codes, folding, renderer
from portal.papers.limits import Limits
from portal.papers.loose_ends import trimmed

STYLESHEET: Final = "leaflet.css"
SIZES: Final = ("11", "10.5", "10", "9.5", "9", "8.5", "8")
"""Sizes of the running text in points, the largest first; the stylesheet has a rule for each.

Seven, as three layouts find the right one of them.
"""

LAYOUT: Final = 1
"""Raised when the same words are to come out in another form, without a change of template or stylesheet."""

SECONDS: Final = 60.0
"""For one leaflet, with all the sizes that are tried: somebody may be waiting for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What has changed since, once for all the questions that it concerns."""

    numbers: str
    text: SafeString
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesOfDay:
    """The notes of one day."""

    date: date
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The words of a language's leaflet, as they are now, before they are printed."""

    language: Language
    words: dict[str, Any]

    @property
    def digest(self) -> str:
        """The revision: the SHA-256, in hex, of all that decides what is printed."""
        sheet = (renderer.HERE / STYLESHEET).read_text(encoding="utf-8")
        parts = (str(LAYOUT), sheet, self.words["changed_at"].isoformat(), self.html(size=SIZES[0]))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def html(self, *, size: str, is_loose: bool = False) -> str:
        """Return the leaflet as the HTML that is laid out, its running text of `size` (one of SIZES).

        `is_loose` gives front and back pages of their own.
        """
        with translation.override(self.language.code):
            words = {**self.words, "size": size, "is_loose": is_loose}
            return trimmed(render_to_string("portal/faq/leaflet.html", words))

    def pdf(self) -> bytes:
        """Print it; raises `portal.papers.errors.PaperError`, and never gives a part of it."""
        end = time.monotonic() + SECONDS
        made: dict[str, renderer.Rendered] = {}

        def pages(size: str) -> int:
            if size not in made:
                made[size] = self._render(self.html(size=size), end=end)
            return made[size].pages

        size = fitting(SIZES, pages)
        if made[size].pages < folding.PAGES_OF_A_SHEET - 1:
            return self._render(self.html(size=size, is_loose=True), end=end).pdf
        return made[size].pdf

    def _render(self, html: str, *, end: float) -> renderer.Rendered:
        return renderer.render_with_places(
            html,
            stylesheet=STYLESHEET,
            language=self.language.html,
            title=self.words["title"],
            made_at=self.words["changed_at"],
            images=(self.words["qr"],),
            bounds=Limits(seconds=max(0.0, end - time.monotonic())),
            fold=self.language.direction,
        )


def leaflet(language: str) -> Leaflet | None:
    """Return the leaflet in this language, with texts in a fallback where it lacks them; None where all is empty."""
    answers = short_answers(language)
    if not answers:
        return None
    address = f"{settings.BASE_URL}/{language}/"
    with translation.override(language):
        words = {
            "title": _("Your data and a study in Espoo"),
            # Translators: what a screen reader says for the picture.
            "qr_alt": _("QR code for the address %(address)s") % {"address": address},
        }
    reader = BY_CODE[language]
    return Leaflet(
        reader,
        {
            **words,
            "reader": reader,
            "answers": answers,
            "days": notes_by_day(answers),
            "written": ", ".join(sorted({answer.written for answer in answers})),
            "original": ORIGINAL,
            "operator": settings.OPERATOR,
            "is_unreviewed": any(answer.is_unreviewed for answer in answers),
            "changed_at": max(answer.changed_at for answer in answers),
            "qr": codes.qr_png(address),
            "address": address,
            # What has to be typed; whoever leaves https out is led to it.
            "short_address": address.removeprefix("https://"),
        },
    )


def fitting(sizes: Sequence[str], pages: Callable[[str], int]) -> str:
    """Return the largest size at which the text takes the fewest sheets that it can.

    `sizes` go from the largest to the smallest, `pages` tells how many pages the text has at a size; it is asked as
    rarely as may be.
    """

    def first(limit: int) -> int:
        return bisect_left(range(len(sizes)), True, key=lambda place: pages(sizes[place]) <= limit)

    sheet = folding.PAGES_OF_A_SHEET
    if (place := first(sheet)) == len(sizes):
        place = first(-(-pages(sizes[-1]) // sheet) * sheet)
    return sizes[place]


def notes_by_day(answers: Sequence[ShortAnswer]) -> tuple[NotesOfDay, ...]:
    """Return the notes of all answers by their day, each text once with the numbers of its questions."""
    found: dict[date, dict[tuple[SafeString, Language], list[int]]] = {}
    for answer in answers:
        for note in answer.notes:
            numbers = found.setdefault(note.date, {}).setdefault((note.text, note.language), [])
            if answer.number not in numbers:
                numbers.append(answer.number)
    return tuple(
        NotesOfDay(
            date=day,
            notes=tuple(
                Note(numbers=", ".join(map(str, numbers)), text=text, language=language)
                for (text, language), numbers in notes.items()
            ),
        )
        for day, notes in sorted(found.items())
    )
