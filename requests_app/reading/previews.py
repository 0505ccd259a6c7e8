"""The words of a letter before it is made: what goes out, to be read beside the form that sends it."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from portal.languages import BY_CODE, Language
from requests_app.doors import letters
from requests_app.rules.letter_facts import LetterFacts

_BREAKS: Final = frozenset({"p", "h1", "h2", "h3", "li", "dt", "dd", "div", "br", "tr"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3"})


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a letter as plain text."""

    text: str
    is_heading: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The body of a letter in its official language."""

    language: Language
    paragraphs: tuple[Paragraph, ...]


def preview(kind: str, facts: LetterFacts) -> Preview | None:
    """Return what the letter of `kind` with these facts says, None where there is no such letter."""
    try:
        html = letters.html(kind, language=facts.letter_language, facts=facts)
    except letters.NoSuchLetter:
        return None
    reader = _Body()
    reader.feed(html)
    reader.close()
    return Preview(BY_CODE[facts.letter_language], tuple(reader.paragraphs))


class _Body(HTMLParser):
    """Collects the text in `<main>`, one paragraph for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[Paragraph] = []
        self._words: list[str] = []
        self._depth = 0
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph at a block, and the body at `<main>`."""
        self._depth += tag == "main"
        if tag in _BREAKS:
            self._end()
            self._heading = tag in _HEADINGS

    def handle_endtag(self, tag: str) -> None:
        """End the paragraph with its block, and the body with `</main>`."""
        if tag in _BREAKS or tag == "main":
            self._end()
        self._depth -= tag == "main"

    def handle_data(self, data: str) -> None:
        """Keep the text of the body."""
        if self._depth:
            self._words.append(data)

    def _end(self) -> None:
        text = " ".join("".join(self._words).split())
        if text:
            self.paragraphs.append(Paragraph(text, self._heading))
        self._words.clear()
        self._heading = False
