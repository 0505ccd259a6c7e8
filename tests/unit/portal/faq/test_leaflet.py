"""The leaflet: it fits, it says everything, both standards hold, and every change of words is another revision."""

from __future__ import annotations

import functools
import io
import re
import unicodedata
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pikepdf
import pypdf
import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.faq import leaflet as module
from portal.faq.content import read_content
from portal.faq.leaflet import SIZES, STYLESHEET, Leaflet, fitting, notes_by_day
from portal.faq.publishing import NoteView, ShortAnswer
from portal.faq.rendering import isolated
from portal.languages import BY_CODE, DEFAULT, LANGUAGES
from portal.papers import codes, renderer
from portal.papers.errors import LimitExceeded
from tests.unit.portal.papers import samples

ADDRESS = "https://tietoni.example"
CHANGED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@functools.cache
def from_files() -> dict[str, tuple[ShortAnswer, ...]]:
    """The reviewed files as readers get them, by language; Finnish where a language has none yet."""
    found: dict[str, list[ShortAnswer]] = {language.code: [] for language in LANGUAGES}
    for answer in read_content():
        language = BY_CODE[answer.language]
        found[language.code].append(
            ShortAnswer(
                number=answer.number,
                question=answer.question,
                short=isolated(answer.short),
                written=answer.written,
                language=language,
                is_fallback=False,
                is_unreviewed=True,
                changed_at=CHANGED,
                notes=tuple(NoteView(note.date, isolated(note.text), language) for note in answer.notes),
            )
        )
    fallback = [replace(answer, is_fallback=True) for answer in found[DEFAULT]]
    return {code: tuple(answers or fallback) for code, answers in found.items()}


Make = Callable[..., Leaflet]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return the leaflet of a language, of the reviewed files or of other answers."""

    def leaflet(code: str, answers: tuple[ShortAnswer, ...] | None = None) -> Leaflet:
        monkeypatch.setattr(
            module, "short_answers", lambda _: from_files()[code] if answers is None else answers
        )
        with override_settings(BASE_URL=ADDRESS, OPERATOR="Someone & Sons"):
            made = module.leaflet(code)
        assert made is not None
        return made

    return leaflet


# ---------------------------------------------------------------------------------------------------- the size


def test_sizes_go_down_and_each_has_a_rule() -> None:
    assert sorted(SIZES, key=float, reverse=True) == list(SIZES)
    sheet = (renderer.HERE / STYLESHEET).read_text()
    assert re.findall(r'\[data-size="([\d.]+)"\] \{ font-size: \1pt \}', sheet) == list(SIZES)


@given(st.lists(st.integers(1, 13), min_size=1, max_size=12))
def test_the_largest_size_on_the_fewest_sheets(pages: list[int]) -> None:
    pages = sorted(pages, reverse=True)
    asked: list[str] = []

    def count(size: str) -> int:
        asked.append(size)
        return pages[int(size)]

    chosen = int(fitting([str(place) for place in range(len(pages))], count))
    sheets = [-(-number // 4) for number in pages]
    assert sheets[chosen] == min(sheets)
    assert chosen == sheets.index(min(sheets))
    assert str(chosen) in asked


@pytest.mark.parametrize("right", SIZES)
def test_three_layouts_find_the_size(right: str) -> None:
    asked: set[str] = set()

    def count(size: str) -> int:
        asked.add(size)
        return 4 if float(size) <= float(right) else 5

    assert fitting(SIZES, count) == right
    assert len(asked) == 3


# -------------------------------------------------------------------------------------------------- each language


def said(html: str) -> str:
    """The words of a text with marks of direction."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def solid(text: str) -> str:
    """Text without its spaces: where a line ends is the layout's business."""
    return "".join(text.split())


def read_back(pdf: bytes, language: str) -> str:
    """All text in the order of the structure or the page; of Arabic script the letters alone, from the structure."""
    if BY_CODE[language].direction == "ltr":
        return solid(samples.text(pdf))
    return letters("".join(item.get("ActualText", "") for item in samples.elements(pdf)))


def letters(text: str) -> str:
    """The letters of Arabic script: a line that has none is not repeated in the structure."""
    return "".join(c for c in text if unicodedata.bidirectional(c) == "AL")


@pytest.mark.parametrize("code", list(BY_CODE))
def test_every_language_fits_keeps_both_standards_and_loses_nothing(make: Make, code: str) -> None:
    leaflet = make(code)
    pdf = leaflet.pdf()

    assert samples.failures(pdf) == []
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 2
    read, plain = read_back(pdf, code), solid if BY_CODE[code].direction == "ltr" else letters
    answers = from_files()[code]
    assert len(answers) == 11
    wanted = [words for answer in answers for words in (f"{answer.number}. {answer.question}", answer.short)]
    wanted += [note.text for answer in answers for note in answer.notes]
    assert [words for words in wanted if plain(said(words)) not in read] == []
    text = solid(samples.text(pdf))
    assert f"tietoni.example/{code}/" in text
    assert "espooskillscentrestudy.fi" in text
    assert "2021" in text
    # All pages share their resources, so each seems to have the one picture: the code, dot by dot.
    pictures: Any = [image.image for page in reader.pages for image in page.images]
    expected = Image.open(io.BytesIO(b64decode(codes.qr_png(f"{ADDRESS}/{code}/").partition(",")[2])))
    assert pictures
    for picture in pictures:
        assert picture.convert("1").tobytes() == expected.convert("1").tobytes()


@pytest.mark.parametrize("code", ["fi", "ar"])
def test_a_screen_reader_goes_from_the_front_to_the_back(make: Make, code: str) -> None:
    leaflet = make(code)
    pdf = leaflet.pdf()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo.Title) == leaflet.words["title"]
        assert str(document.docinfo.CreationDate) == "D:20261124080000Z"
        assert str(document.Root.Lang) == code
    kinds = [item["S"] for item in samples.elements(pdf)]
    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2")
    # Three sections after the title, 11 questions in the first, and the code at the very end.
    assert kinds.count("/H2") == 3
    assert kinds[: [at for at, kind in enumerate(kinds) if kind == "/H2"][1]].count("/H3") == 11
    assert kinds.index("/Figure") > max(at for at, kind in enumerate(kinds) if kind == "/H2")


def test_too_much_for_one_sheet_takes_a_second_and_loses_nothing(make: Make) -> None:
    long = tuple(
        replace(answer, short=isolated(f"{said(answer.short)} " * 9), notes=())
        for answer in from_files()["en"]
    )
    pdf = make("en", long).pdf()
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 4
    text = samples.text(pdf)
    assert text.count("Tietoni is run by Someone & Sons.") == 1
    for answer in from_files()["en"]:
        assert solid(text).count(solid(said(answer.short))) == 9


def test_a_short_text_still_has_front_and_back(make: Make) -> None:
    pdf = make("sv", from_files()["sv"][:1]).pdf()
    first, second = pypdf.PdfReader(io.BytesIO(pdf)).pages
    short = solid(said(from_files()["sv"][0].short))
    assert short not in solid(first.extract_text())
    assert short in solid(second.extract_text())
    assert "tietoni.example/sv/" in first.extract_text()


# The stop may fall into a callback of the collector, where Python reports an exception and goes on; the watcher then
# stops the work at its next tick.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_it_takes_no_longer_than_it_may(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    samples.make("<p>x</p>")  # Loading the engine is not part of it.
    monkeypatch.setattr(module, "SECONDS", 0.0)
    with pytest.raises(LimitExceeded):
        make("fi").pdf()


# ---------------------------------------------------------------------------------------------------- its words


@pytest.mark.parametrize("code", list(BY_CODE))
def test_what_the_paper_says(make: Make, code: str) -> None:
    leaflet, language = make(code), BY_CODE[code]
    html = leaflet.html(size="10")
    assert re.search(rf'<html lang="{language.html}"\s+dir="{language.direction}"\s+data-size="10">', html)
    assert f'<img src="{codes.qr_png(f"{ADDRESS}/{code}/")}"' in html
    assert f'href="{ADDRESS}/{code}/" dir="ltr"' in html
    assert 'href="https://espooskillscentrestudy.fi/" dir="ltr"' in html
    assert "Someone &amp; Sons" in html
    answers = html[html.index('class="answers"') : html.index('class="changed"')]
    assert re.findall(r"<h3>(\d+)\. ", answers) == [str(number) for number in range(1, 12)]


def test_a_text_in_another_language_says_so(make: Make) -> None:
    english, finnish = from_files()["en"], from_files()["fi"]
    html = make("en", (replace(finnish[0], is_fallback=True), *english[1:])).html(size="10")
    answers = html[html.index('class="answers"') : html.index('class="changed"')]
    assert re.findall(r'<div class="answer"\s+lang="(\w+)"', answers) == ["fi", *["en"] * 10]
    assert answers.count(BY_CODE["fi"].own_name) == 1


@pytest.mark.parametrize("is_unreviewed", [True, False])
def test_it_says_whether_a_person_has_reviewed_it(make: Make, is_unreviewed: bool) -> None:
    first, *others = (replace(answer, is_unreviewed=False) for answer in from_files()["en"])
    html = make("en", (replace(first, is_unreviewed=is_unreviewed), *others)).html(size="10")
    assert ("No person has reviewed this text yet." in html) is is_unreviewed


def test_a_note_stands_once_with_the_numbers_of_its_questions() -> None:
    language = BY_CODE["en"]
    early, late = date(2026, 1, 2), date(2026, 11, 24)
    first, second, third = from_files()["en"][:3]
    answers = (
        replace(
            first, notes=(NoteView(late, isolated("A"), language), NoteView(early, isolated("A"), language))
        ),
        replace(second, notes=()),
        replace(
            third, notes=(NoteView(late, isolated("B"), language), NoteView(late, isolated("A"), language))
        ),
    )
    found = [(day.date, [(note.numbers, note.text) for note in day.notes]) for day in notes_by_day(answers)]
    assert found == [(early, [("1", "A")]), (late, [("1, 3", "A"), ("3", "B")])]


def test_without_answers_there_is_no_leaflet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "short_answers", lambda _: ())
    assert module.leaflet("fi") is None


# ------------------------------------------------------------------------------------------------- its revisions


def test_the_same_words_are_the_same_revision_and_the_same_bytes(make: Make) -> None:
    assert make("sv").digest == make("sv").digest
    assert make("sv").pdf() == make("sv").pdf()


@pytest.mark.parametrize(
    "change",
    [
        {"question": "Why?"},
        {"short": isolated("Because.")},
        {"written": "2022"},
        {"is_unreviewed": False},
        {"notes": ()},
        {"changed_at": CHANGED + timedelta(minutes=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_is_another_revision(make: Make, change: dict[str, Any]) -> None:
    before = tuple(replace(answer, is_unreviewed=answer.number == 1) for answer in from_files()["en"])
    after = (replace(before[0], **change), *before[1:])
    assert make("en", before).digest != make("en", after).digest


@pytest.mark.parametrize("setting", [{"BASE_URL": "https://other.example"}, {"OPERATOR": "Somebody else"}])
def test_another_portal_has_another_leaflet(make: Make, setting: dict[str, str]) -> None:
    before = make("en").digest
    with override_settings(**setting):
        other = module.leaflet("en")
    assert other is not None
    assert other.digest != before


def test_languages_differ(make: Make) -> None:
    assert len({make(code).digest for code in BY_CODE}) == len(BY_CODE)
