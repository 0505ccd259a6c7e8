"""The FAQ's reviewed source: one file per answer and language, read strictly; what is not right is refused by line.

A file is YAML front matter between two `---` lines, then the answer in Markdown (CommonMark).  The texts retell
the study's own FAQ; docs/translations.md says how they were made.  Nothing here touches a database.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from markdown_it import MarkdownIt

from portal.faq.front_matter import MARKUP, FrontMatter, wrong
from portal.languages import BY_CODE

CONTENT: Final = Path(__file__).resolve().parent / "content"
"""The folder of the reviewed files: `<language>/<slug>.md` and `<language>/glossary.toml`."""

GLOSSARY_FILE: Final = "glossary.toml"
"""The file beside the answers of a language that `portal.faq.glossary_files` reads."""

ORIGINAL: Final = "https://espooskillscentrestudy.fi/"
"""The study's own FAQ, which every answer retells."""

SLUGS: Final = (
    "01-why-analysed",
    "02-why-integration",
    "03-data-protection",
    "04-whose-information",
    "05-what-information",
    "06-how-long-kept",
    "07-period-covered",
    "08-is-mine-included",
    "09-can-i-forbid",
    "10-effects-on-people",
    "11-see-my-data",
)
"""The answers, in the order of the study's own FAQ; a slug is the same in every language."""

GROUPS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {"study": (1, 2), "protection": (3, 10), "mine": (4, 5, 8), "time": (6, 7), "rights": (9, 11)}
)
"""The groups of the list in their order, with the numbers of their answers."""

RELATED: Final = ((1, 3), (4, 5, 8), (6, 7), (9, 11))
"""Answers that name each other: protection, am I in it, time, rights."""

STATUSES: Final = ("draft", "unreviewed", "reviewed")

_REQUIRED: Final = ("question", "short", "written", "status")
_LONGEST_QUESTION: Final = 300
_WRITTEN: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters and marks of direction: direction is the page's business (look.md, "Right to left")."""

_BLOCKS: Final = ("paragraph", "bullet_list", "ordered_list", "list_item", "heading", "strong", "em", "link")
_TOKENS: Final = frozenset(
    {"inline", "text", "softbreak", "hardbreak"}
    | {f"{name}_{edge}" for name in _BLOCKS for edge in ("open", "close")}
)
_MARKDOWN: Final = MarkdownIt("commonmark")


FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unseen": "the character {} is not allowed",
        "html": "no HTML in the answer",
        "empty": "the answer is empty",
        "paragraphs": "must be one paragraph",
        "heading": "a heading in the answer has three signs: ###",
        "form": "the answer has no form for this: {}",
        "link": "a link begins with https:// or mailto:",
    }
)
"""What may be wrong in a text, in words; the editors' words are in `portal.faq.checking`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a text: a key of FAULTS, its line counted from 0, and what fills the words."""

    code: str
    line: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What has changed since an answer was written: the day of the note and its plain text."""

    date: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer in one language as its file has it; `question`, `short` and notes are plain, `body` is Markdown."""

    slug: str
    language: str
    question: str
    short: str
    body: str
    written: str
    status: str
    notes: tuple[Note, ...]

    @property
    def number(self) -> int:
        """The number of the question in the study's own FAQ."""
        return number_of(self.slug)

    @property
    def digest(self) -> str:
        """The digest of everything that is read."""
        return text_digest(
            self.question, self.short, self.body, [(note.date, note.text) for note in self.notes]
        )


def number_of(slug: str) -> int:
    """Return the number of the question with this slug; raises ValueError for an unknown one."""
    return SLUGS.index(slug) + 1


def group_of(number: int) -> str:
    """Return the key of the group of an answer; raises KeyError for an unknown number."""
    for group, numbers in GROUPS.items():
        if number in numbers:
            return group
    raise KeyError(number)


def related_to(number: int) -> tuple[int, ...]:
    """Return the numbers of the answers related to this one, upwards."""
    return tuple(other for circle in RELATED if number in circle for other in circle if other != number)


def text_digest(question: str, short: str, body: str, notes: Iterable[tuple[date, str]]) -> str:
    """Return the SHA-256, in hex, of what a reader reads, blind to how a browser ends its lines."""
    parts = [_plain(question), _plain(short), _plain(body)]
    parts += [f"{day.isoformat()} {_plain(text)}" for day, text in notes]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def field_digest(text: str) -> str:
    """Return the SHA-256, in hex, of the text of one field, blind to the ends of lines; "" for no text."""
    plain = _plain(text)
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


def read_content(folder: Path = CONTENT) -> tuple[Answer, ...]:
    """Read every answer in `folder`, by slug and then by language in the portal's order.

    A language may lack answers, or a folder; its glossary has a reader of its own.  Raises ValueError that names
    file and line for anything that is not right: also an unknown slug or language, and answers that differ between
    languages in their date of writing or in the dates of their notes.
    """
    answers = []
    for place in sorted(folder.iterdir()):
        if place.name not in BY_CODE or not place.is_dir():
            raise ValueError(f"{place.name}, line 1: no folder of a language in portal/languages.py")
        for path in sorted(place.iterdir()):
            name = f"{place.name}/{path.name}"
            if path.name == GLOSSARY_FILE:
                continue
            if path.suffix != ".md" or path.stem not in SLUGS:
                raise ValueError(f"{name}, line 1: no answer has this slug")
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                raise ValueError(f"{name}, line 1: the file is not UTF-8 ({error.reason})") from error
            answers.append(parse_answer(text, slug=path.stem, language=place.name, file=name))
    _agree(answers)
    order = list(BY_CODE)
    return tuple(sorted(answers, key=lambda answer: (answer.slug, order.index(answer.language))))


@lru_cache(maxsize=1024)
def parse_answer(text: str, *, slug: str, language: str, file: str) -> Answer:
    """Return the answer in `text`; raises ValueError that names `file` and the line of what is not right.

    Kept by its arguments: a portal reads the same files at each start, and its tests hundreds of times.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise wrong(file, 1, "the file must begin with a line ---")
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), 0)
    if not end:
        raise wrong(file, 1, "no second line --- ends the front matter")
    if fault := unseen_fault(text):
        raise wrong(file, fault.line + 1, FAULTS[fault.code].format(fault.detail))
    front = FrontMatter(file, "\n".join(lines[:end]), required=_REQUIRED, optional=("changed",))
    written = front.text("written")
    if not _WRITTEN.fullmatch(written):
        raise front.wrong("written", "must be a year, a month or a day, such as 2021 or 2021-03")
    question = front.text("question")
    if len(question) > _LONGEST_QUESTION:
        raise front.wrong("question", f"is longer than {_LONGEST_QUESTION} characters")
    return Answer(
        slug=slug,
        language=language,
        question=question,
        short=front.text("short"),
        body=_body(lines[end + 1 :], file=file, first_line=end + 2),
        written=written,
        status=front.one_of("status", STATUSES),
        notes=tuple(Note(day, text) for day, text in front.notes("changed")),
    )


def _body(lines: list[str], *, file: str, first_line: int) -> str:
    """Return the Markdown of the answer; raises ValueError for HTML and for what the page has no form for."""
    body = "\n".join(lines)
    fault = markdown_fault(body)
    if fault is not None:
        raise wrong(file, first_line + fault.line, FAULTS[fault.code].format(fault.detail))
    return body.strip()


def markdown_fault(text: str) -> Fault | None:
    """Return the first thing that is wrong in the Markdown of an answer, or None."""
    if fault := unseen_fault(text):
        return fault
    for number, line in enumerate(text.split("\n")):
        if MARKUP.search(line):
            return Fault("html", number)
    if not text.strip():
        return Fault("empty", 0)
    for block in _MARKDOWN.parse(text):
        at = block.map[0] if block.map else 0
        if block.type == "heading_open" and block.tag != "h3":
            return Fault("heading", at)
        for part in (block, *(block.children or ())):
            if part.type not in _TOKENS:
                return Fault("form", at, part.type.removesuffix("_open"))
            target = str(part.attrs.get("href", "https://")) if part.type == "link_open" else "https://"
            if not target.startswith(("https://", "mailto:")):
                return Fault("link", at)
    return None


def plain_fault(text: str) -> Fault | None:
    """Return the first thing that is wrong in a text of one paragraph without markup, or None."""
    if fault := unseen_fault(text):
        return fault
    if not text.strip():
        return Fault("empty", 0)
    if "\n" in text.strip():
        return Fault("paragraphs", 0)
    return Fault("html", 0) if MARKUP.search(text) else None


def unseen_fault(text: str) -> Fault | None:
    """Return the first character that nobody sees and that may change what is seen, or None."""
    mark = _UNSEEN.search(text)
    return Fault("unseen", text.count("\n", 0, mark.start()), f"U+{ord(mark[0]):04X}") if mark else None


def links_in(text: str) -> tuple[str, ...]:
    """Return the targets of all links in a Markdown text, sorted."""
    parts = (part for block in _MARKDOWN.parse(text) for part in block.children or ())
    return tuple(sorted(str(part.attrs.get("href")) for part in parts if part.type == "link_open"))


def _agree(answers: Iterable[Answer]) -> None:
    """Raise ValueError where two languages of an answer differ in what must be the same."""
    first: dict[str, Answer] = {}
    for answer in answers:
        other = first.setdefault(answer.slug, answer)
        file, twin = f"{answer.language}/{answer.slug}.md", f"{other.language}/{other.slug}.md"
        if answer.written != other.written:
            raise wrong(file, 1, f"written differs from {twin}")
        if [note.date for note in answer.notes] != [note.date for note in other.notes]:
            raise wrong(file, 1, f"the dates of the notes differ from {twin}")


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
