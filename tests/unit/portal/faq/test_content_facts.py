"""Every figure, year and name of the study's facts stands in its answer, in each language and each answer by itself.

The table is written from the facts of the study, not from the texts.  A new language adds its words in a file
of tests/data/faq_words/; until it does, its answers fail here.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from portal.faq.content import SLUGS, Answer, read_content

ANSWERS = read_content()
BY_KEY = {(answer.language, answer.number): answer for answer in ANSWERS}
LANGUAGES = sorted({answer.language for answer in ANSWERS})
each_answer = pytest.mark.parametrize(
    "answer", ANSWERS, ids=lambda answer: f"{answer.language}-{answer.slug}"
)
each_language = pytest.mark.parametrize("language", LANGUAGES)

FIGURES: dict[int, dict[str, int]] = {
    1: {},
    2: {},
    3: {},
    # 600 clients a year; about 3,000 in each of two groups; about 6,000 in all.
    4: {"600": 1, "3000": 2, "6000": 1},
    5: {"2021": 1},
    6: {"2009": 1, "2024": 1, "2029": 1},
    7: {"2009": 2, "2019": 2, "2024": 2},
    8: {"2009": 2, "2021": 1},
    9: {},
    10: {},
    11: {},
}
"""All figures from 100 up that an answer has (short and body), and how often each stands there at least."""

COUNTS: dict[int, tuple[int, ...]] = {4: (2, 5), 5: (8,), 6: (4, 5)}
"""Small numbers that an answer has, in words: groups, years of the period, kinds, times a year."""

MONTHS: dict[int, tuple[str, ...]] = {7: ("january", "december")}

BODIES: dict[int, tuple[str, ...]] = {
    1: ("city", "skills_centre", "kela", "vtt_in_full"),
    3: ("city", "omnia", "stat", "fiona", "vtt"),
    4: ("skills_centre", "te", "espoo"),
    5: ("espoo", "te", "omnia", "skills_centre", "city"),
    7: ("skills_centre",),
    8: ("skills_centre", "kela", "tax", "te", "city", "migri", "espoo"),
}
"""The bodies and places that the facts name, by answer."""

NOTES: dict[int, set[str]] = {1: {"26"}, 4: {"2021", "2024"}, 8: {"2024", "2025"}, 9: {"21", "6"}}
"""Figures that the notes beside an answer have: recital 26, the years the FAQ speaks of, Art. 21(6)."""

DATA = Path(__file__).parents[3] / "data" / "faq_words"
"""One file a language: `[words]` for figures in words and for what must be said, `[names]` of bodies; all patterns."""

TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in DATA.glob("*.toml")}
WORDS: dict[str, dict[str, str]] = {language: table["words"] for language, table in TABLES.items()}
NAMES: dict[str, dict[str, str]] = {language: table["names"] for language, table in TABLES.items()}

MONTH_IN_FIGURES = re.compile(r"\d{1,2}月|tháng \d{1,2}")
"""Chinese and Vietnamese write the name of a month as its number."""

ANONYMOUS = re.compile(
    "anony[ym]|anonü|anonim|anónim|аноним|анонім|مجهول|إخفاء الهوية|ناشناس|بی نام|بی‌نام|"
    "匿名|不记名|无记名|نەناسراو|بێ ناو|بێناو|ẩn danh|vô danh|nimettöm|magac la'aan|magac la’aan",
    re.IGNORECASE,
)
"""Forms of "anonymous" in the portal's languages: the data are pseudonymised, and no language may say more."""


def plain(text: str) -> str:
    """Return the text without the vowel signs that Arabic may set."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Mn")


def read(answer: Answer) -> str:
    """Return what the answer itself says: not its question, not its notes."""
    return plain(f"{answer.short}\n{answer.body}")


def figures(text: str) -> list[str]:
    """Return the numbers in a text, without the separators of thousands."""
    text = MONTH_IN_FIGURES.sub("", text)
    joined = re.sub(r"(?<=\d)[\u00a0\u202f\u2009 .,’'](?=\d{3}(?!\d))", "", text)
    return re.findall(r"\d+", joined)


def test_separators_of_thousands_are_no_part_of_a_number() -> None:
    assert figures("3 000, 3\u00a0000, 3,000, 3.000, 3’000 vuonna 2021, 2024–2029") == [
        *["3000"] * 5,
        *("2021", "2024", "2029"),
    ]


@each_language
def test_a_language_has_every_answer(language: str) -> None:
    assert [slug for slug in SLUGS if (language, SLUGS.index(slug) + 1) not in BY_KEY] == []


@each_language
def test_a_language_has_its_words_here(language: str) -> None:
    assert WORDS[language].keys() == WORDS["fi"].keys()
    assert NAMES[language].keys() == NAMES["fi"].keys()


@each_answer
def test_every_figure_and_year_is_there_and_no_other(answer: Answer) -> None:
    found = [figure for figure in figures(read(answer)) if int(figure) >= 100]

    assert set(found) == set(FIGURES[answer.number])
    for figure, times in FIGURES[answer.number].items():
        assert found.count(figure) >= times, figure


@each_answer
def test_every_small_number_is_there(answer: Answer) -> None:
    text = read(answer)
    for number in COUNTS.get(answer.number, ()):
        assert re.search(WORDS[answer.language][str(number)], text, re.IGNORECASE), number


@each_answer
def test_the_months_are_there(answer: Answer) -> None:
    for month in MONTHS.get(answer.number, ()):
        assert re.search(WORDS[answer.language][month], read(answer)), month


@each_answer
def test_the_bodies_are_named(answer: Answer) -> None:
    for body in BODIES.get(answer.number, ()):
        assert re.search(NAMES[answer.language][body], read(answer)), body


@each_answer
def test_the_notes_have_their_figures_and_those_of_every_language(answer: Answer) -> None:
    found = {figure for note in answer.notes for figure in figures(plain(note.text))}
    in_finnish = {figure for note in BY_KEY["fi", answer.number].notes for figure in figures(note.text)}

    assert found >= NOTES.get(answer.number, set())
    assert found == in_finnish


@each_answer
def test_the_claims_are_the_study_s(answer: Answer) -> None:
    assert re.search(WORDS[answer.language]["says"], plain(answer.short))
    assert re.search(WORDS[answer.language]["says"], plain(answer.body))


@each_language
def test_pseudonymised_and_encrypted_are_kept(language: str) -> None:
    words = WORDS[language]
    for number in (1, 3, 11):
        assert re.search(words["encrypted"], read(BY_KEY[language, number])), number
    assert re.search(words["pseudonymised"], read(BY_KEY[language, 11]))
    for number in (1, 3, 11):
        notes = plain(" ".join(note.text for note in BY_KEY[language, number].notes))
        assert re.search(words["pseudonymised"], notes), number


@each_answer
def test_nothing_is_called_anonymous(answer: Answer) -> None:
    everything = plain(
        " ".join([answer.question, answer.short, answer.body, *(note.text for note in answer.notes)])
    )

    assert not ANONYMOUS.search(everything)


@pytest.mark.parametrize(
    "text",
    [
        "anonymous",
        "Anonyymi",
        "anonymisoitu",
        "anonyma",
        "анонимные",
        "مَجهولة الهوية",
        "匿名数据",
        "anonimowe",
        "anónimos",
    ],
)
def test_the_rule_sees_the_word(text: str) -> None:
    assert ANONYMOUS.search(plain(text))


@pytest.mark.parametrize(
    "text", ["pseudonymous", "pseudonymisoitu", "псевдонимизированные", "مستعارة الهوية"]
)
def test_the_rule_leaves_pseudonymised_alone(text: str) -> None:
    assert not ANONYMOUS.search(plain(text))


@each_answer
def test_digits_are_western(answer: Answer) -> None:
    everything = " ".join([answer.question, answer.short, answer.body, *(note.text for note in answer.notes)])

    assert [sign for sign in everything if unicodedata.category(sign) == "Nd" and not sign.isascii()] == []


@each_language
def test_answer_8_points_to_answers_4_and_5_by_their_titles(language: str) -> None:
    text = BY_KEY[language, 8].body

    assert BY_KEY[language, 4].question in text
    assert BY_KEY[language, 5].question in text


def test_the_swedish_name_of_the_centre_is_that_of_the_facts() -> None:
    texts = " ".join(answer.body + answer.short for answer in ANSWERS if answer.language == "sv")

    assert "Kunskapscentrum Omnia" in texts
    assert not re.search("kompetenscent", texts, re.IGNORECASE)
