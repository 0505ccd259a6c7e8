"""The reader of content files: what a file means, and that whatever is not right is refused by file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.faq.content import (
    CONTENT,
    GROUPS,
    RELATED,
    SLUGS,
    STATUSES,
    Answer,
    Note,
    group_of,
    number_of,
    parse_answer,
    read_content,
    related_to,
    text_digest,
)
from portal.languages import BY_CODE, OFFICIAL

GOOD = """---
question: Why?
short: >-
  Because
  of this.
written: "2021"
status: unreviewed
changed:
  - date: 2026-11-24
    text: It moved.
---
First **part**.

- a
- b

### More

1. One
2. Two, see [here](https://example.org).
"""


def parse(text: str) -> Answer:
    return parse_answer(text, slug="04-whose-information", language="en", file="en/04.md")


# ------------------------------------------------------------------------------------------- what stands there


def test_a_file_is_read() -> None:
    answer = parse(GOOD)

    assert answer.number == 4
    assert (answer.question, answer.short, answer.written) == ("Why?", "Because of this.", "2021")
    assert answer.status == "unreviewed"
    assert answer.notes == (Note(date(2026, 11, 24), "It moved."),)
    assert answer.body.startswith("First **part**.")
    assert answer.body.endswith("[here](https://example.org).")


def test_notes_may_be_left_out() -> None:
    assert parse(GOOD.replace("changed:\n  - date: 2026-11-24\n    text: It moved.\n", "")).notes == ()


def test_the_reviewed_files_are_right_and_the_official_languages_whole() -> None:
    answers = read_content()

    for language in OFFICIAL:
        assert tuple(answer.slug for answer in answers if answer.language == language) == SLUGS
    assert {answer.language for answer in answers} <= set(BY_CODE)
    assert [answer.slug for answer in answers] == sorted(answer.slug for answer in answers)


def test_every_answer_is_in_one_group() -> None:
    assert sorted(number for numbers in GROUPS.values() for number in numbers) == list(
        range(1, len(SLUGS) + 1)
    )
    assert [group_of(number_of(slug)) for slug in SLUGS[:3]] == ["study", "study", "protection"]
    with pytest.raises(KeyError):
        group_of(12)


def test_relations_go_both_ways() -> None:
    assert RELATED == ((1, 3), (4, 5, 8), (6, 7), (9, 11))
    assert related_to(5) == (4, 8)
    assert related_to(2) == related_to(10) == ()


# ------------------------------------------------------------------------------------------------ what is refused


def drop(line: str) -> Callable[[str], str]:
    return lambda text: text.replace(line + "\n", "", 1)


def put(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


BROKEN: dict[str, tuple[Callable[[str], str], int, str]] = {
    "no front matter": (lambda text: "Hello\n", 1, "must begin with a line ---"),
    "empty file": (lambda text: "", 1, "must begin"),
    "front matter without end": (put("---\nFirst", "First"), 1, "no second line ---"),
    "a list as front matter": (put("question: Why?", "- question"), 3, "no YAML"),
    "only a list": (lambda text: "---\n- a\n---\nx\n", 2, "key: value"),
    "an empty front matter": (lambda text: "---\n---\nx\n", 1, "key: value"),
    "open quotes": (put('"2021"', '"2021'), 10, "no YAML"),
    "a tab for indentation": (put("  - date", "\t- date"), 9, "no YAML"),
    "a missing key": (drop("status: unreviewed"), 1, "status is missing"),
    "an unknown key": (put("status:", "state: x\nstatus:"), 7, "state is not a key"),
    "a key twice": (put("status:", "written: x\nstatus:"), 7, "written stands there twice"),
    "a key that is a list": (put("status:", "[a]: x\nstatus:"), 7, "a key must be a word"),
    "a year without quotes": (put('"2021"', "2021"), 6, "in quotes"),
    "a year that is none": (put('"2021"', '"last year"'), 6, "must be a year"),
    "a month that is none": (put('"2021"', '"2021-13"'), 6, "must be a year"),
    "no question": (put("question: Why?", "question:"), 2, "must be a text"),
    "a blank question": (put("question: Why?", 'question: " "'), 2, "question is empty"),
    "an endless question": (put("Why?", "W" * 301), 2, "longer than 300"),
    "a status of its own": (put("unreviewed", "done"), 7, "must be one of: draft, unreviewed, reviewed"),
    "HTML in the short answer": (put("Because\n", "Because <b>\n"), 3, "without HTML"),
    "a short answer of two paragraphs": (put("Because\n", "Because\n\n"), 3, "one paragraph"),
    "a short answer that is a list": (
        put("short: >-\n  Because\n  of this.", "short: [a]"),
        3,
        "must be a text",
    ),
    "a Python object": (put("question: Why?", "question: !!python/name:os.system"), 2, "must be a text"),
    "notes that are no list": (
        put("  - date: 2026-11-24\n    text: It moved.", "  soon"),
        8,
        "must be a list",
    ),
    "a note without a text": (drop("    text: It moved."), 9, "a date and a text"),
    "a note with more": (put("    text:", "    by: me\n    text:"), 9, "nothing else"),
    "a note that is a word": (put("date: 2026-11-24\n    text: It moved.", "x"), 9, "key: value"),
    "a date in quotes": (put("2026-11-24", '"2026-11-24"'), 9, "date must be a day"),
    "a date that is none": (put("2026-11-24", "2026-02-30"), 9, "date must be a day"),
    "a time of day": (put("2026-11-24", "2026-11-24 10:00:00"), 9, "date must be a day"),
    "HTML in a note": (put("It moved.", "It <i>moved</i>."), 10, "without HTML"),
    "no answer": (lambda text: text[: text.index("First")], 12, "the answer is empty"),
    "HTML in the answer": (put("- b", "- <script>b</script>"), 15, "no HTML"),
    "a comment in the answer": (put("- b", "- <!-- b -->"), 15, "no HTML"),
    "a heading too large": (put("### More", "## More"), 17, "three signs"),
    "a heading underlined": (put("### More", "More\n===="), 17, "three signs"),
    "a picture": (put("### More", "![x](https://example.org/x.png)"), 17, "no form for this: image"),
    "a quotation": (put("### More", "> More"), 17, "no form for this: blockquote"),
    "code": (put("### More", "`More`"), 17, "no form for this: code_inline"),
    "a link to a script": (put("https://example.org", "http://example.org"), 20, "https:// or mailto:"),
    "a mark of direction": (put("First", "\u202eFirst"), 12, "U+202E"),
    "a null": (put("First", "\x00First"), 12, "U+0000"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_right_is_refused_by_file_and_line(name: str) -> None:
    spoil, line, what = BROKEN[name]
    text = spoil(GOOD)
    assert text != GOOD

    with pytest.raises(ValueError, match=r"^en/04\.md, line ") as caught:
        parse(text)

    assert str(caught.value).startswith(f"en/04.md, line {line}: "), str(caught.value)
    assert what in str(caught.value)


def refusal(text: str) -> str:
    """Return why a text is refused; "" where it is not."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_by_line(text: str) -> None:
    for whole in (text, f"---\n{text}\n---\n{text}", GOOD.replace("Why?", text), GOOD.replace("First", text)):
        assert refusal(whole) == "" or refusal(whole).startswith("en/04.md, line ")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of two languages of the reviewed content."""
    for language in OFFICIAL:
        shutil.copytree(CONTENT / language, tmp_path / language)
    return tmp_path


def test_a_language_may_lack_answers(folder: Path) -> None:
    (folder / "sv" / f"{SLUGS[3]}.md").unlink()

    assert len(read_content(folder)) == 2 * len(SLUGS) - 1


@pytest.mark.parametrize(
    "name", ["fi/12-more.md", "fi/01-why-analysed.txt", "fi/.01-why-analysed.md", "xx/01-why-analysed.md"]
)
def test_a_file_that_belongs_nowhere_is_refused(folder: Path, name: str) -> None:
    place = folder / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(GOOD, encoding="utf-8")

    with pytest.raises(ValueError, match=r"no answer has this slug|no folder of a language"):
        read_content(folder)


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "fi" / f"{SLUGS[0]}.md").write_bytes("---\nquestion: Millä?".encode("latin-1"))

    with pytest.raises(ValueError, match=r"^fi/01-why-analysed.md, line 1: the file is not UTF-8"):
        read_content(folder)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [('"2021"', '"2022"', "written differs"), ("2026-11-24", "2026-11-25", "the dates of the notes differ")],
)
def test_languages_that_disagree_are_refused(folder: Path, old: str, new: str, what: str) -> None:
    place = folder / "sv" / f"{SLUGS[0]}.md"
    place.write_text(place.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ValueError, match=f"^sv/{SLUGS[0]}.md, line 1: {what}"):
        read_content(folder)


# ------------------------------------------------------------------------------------------------------ digests


def test_a_digest_knows_every_part() -> None:
    answer = parse(GOOD)
    others = [
        parse(GOOD.replace("Why?", "Why not?")),
        parse(GOOD.replace("of this.", "of that.")),
        parse(GOOD.replace("First", "Second")),
        parse(GOOD.replace("It moved.", "It stayed.")),
        parse(GOOD.replace("2026-11-24", "2026-11-25")),
    ]

    assert len({answer.digest, *(other.digest for other in others)}) == 6


def test_a_digest_is_blind_to_how_a_browser_ends_lines() -> None:
    assert text_digest("a", "b", "c\n\nd", []) == text_digest("a", "b ", "c\r\n\r\nd\r\n", [])


def test_a_digest_keeps_parts_apart() -> None:
    assert text_digest("ab", "c", "d", []) != text_digest("a", "bc", "d", [])


def test_the_statuses_are_those_of_the_model() -> None:
    from portal.faq.models import Translation

    assert list(STATUSES) == Translation.Status.values
