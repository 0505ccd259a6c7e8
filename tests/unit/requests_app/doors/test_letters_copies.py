"""Reading copies: the letter beside the person's language, paragraph by paragraph, and never sent."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import product
from typing import Any

import pypdf
import pytest
from django.conf import settings

from portal.languages import BY_CODE, LANGUAGES, OFFICIAL
from requests_app.doors import letters
from requests_app.rules.vocabulary import CATEGORIES
from requests_app.wording import letter_terms
from tests.unit.requests_app.doors.letter_samples import (
    CASES,
    MADE_AT,
    RECIPIENTS,
    facts,
    faults,
    make,
    pages,
    text,
    words_of,
)

READERS = tuple(language.code for language in LANGUAGES)
WHOLE = facts()
OF_ACCESS = frozenset(
    re.findall(
        r'{% part "([^"]+)" %}', (settings.BASE_DIR / "templates/letters/request/fi.html").read_text("utf-8")
    )
)
"""The parts of a request for access; a reading copy has those of all letters of the person."""


SCRIPTS = ("fi", "ru", "ar", "zh-hans", "vi")
"""A reader of each script; every reader's copy is rendered at least once."""


@pytest.mark.parametrize(("case", "official", "reader"), [*product(CASES, OFFICIAL, READERS)])
def test_each_paragraph_has_its_twin(case: str, official: str, reader: str) -> None:
    its = facts(case, letter_language=official, categories=CATEGORIES)
    found = letters.pairs(its, language=reader)
    assert all(pair.official and pair.reader for pair in found)
    # What the reader's side says besides is about the copy itself, or about categories that were not asked for.
    extra = letters._both_sides(its, of="request", language=reader)[1].parts.keys() - {
        pair.name for pair in found
    }
    assert {name for name in extra if name in OF_ACCESS} == set()


def test_the_paragraphs_of_a_request_are_all_of_it() -> None:
    whole = words_of(re.sub(r"(?s)^.*?<main>", "", letters.html("request", language="fi", facts=WHOLE)))
    body = whole.split("Aitouden tarkistus")[0]
    joined = " ".join(words_of(pair.official) for pair in letters.pairs(WHOLE, language="en"))
    assert body.split() == joined.split()


@pytest.mark.parametrize("reader", READERS)
def test_a_reading_copy_is_marked_on_every_page_as_no_request(reader: str) -> None:
    its = replace(WHOLE, categories=CATEGORIES)
    keep = letters._both_sides(its, of="request", language=reader)[1].parts["copy-keep"]
    foot = re.search(
        r'(?s)<footer class="foot">(.*?)</footer>', letters.html("reading_copy", language=reader, facts=its)
    )
    assert foot is not None
    assert " ".join(keep.split()) in " ".join(foot[1].split())
    if reader in SCRIPTS:
        sheets = pages(make("reading_copy", language=reader, facts=its))
        assert letter_terms.KEEP["fi"] in sheets[0]
        # What runs from right to left is printed in another order than it is read.
        assert BY_CODE[reader].direction == "rtl" or all(" ".join(keep.split()) in sheet for sheet in sheets)


def test_a_reading_copy_in_arabic_reads_from_right_to_left_with_codes_from_left_to_right() -> None:
    html = letters.html("reading_copy", language="ar", facts=WHOLE)
    assert '<html lang="ar" dir="rtl">' in html
    assert '<td lang="fi" dir="ltr">' in html
    assert '<span class="nowrap" dir="ltr">26-7Q4M-2X</span>' in html
    assert '<span dir="ltr">1.5.1994</span>' in html
    assert "تحتفظ" in html


@pytest.mark.parametrize("language", ["de", "xx", "../request/fi"])
def test_a_language_without_a_text_falls_back_to_english_and_says_so(language: str) -> None:
    made = letters.make("reading_copy", language=language, facts=WHOLE, made_at=MADE_AT)
    assert "does not exist in your language yet" in text(made.pdf)
    assert made.template_version == "2/en1"


def test_a_text_that_is_there_makes_no_excuse() -> None:
    assert "does not exist in your language" not in letters.html("reading_copy", language="en", facts=WHOLE)


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        (RECIPIENTS["luvn"], "We do not know the postal address"),
        (replace(RECIPIENTS["kela"], unconfirmed=("postal",)), "We are not sure that the postal address"),
    ],
)
def test_a_doubtful_address_is_told_to_the_person_and_not_on_the_letter(recipient: Any, words: str) -> None:
    its = replace(WHOLE, recipient=recipient)
    assert words in letters.html("reading_copy", language="en", facts=its)
    assert words not in letters.html("reading_copy", language="en", facts=WHOLE)
    assert letters.html("request", language="fi", facts=its) == letters.html(
        "request", language="fi", facts=replace(its, recipient=replace(recipient, unconfirmed=()))
    )


@pytest.mark.parametrize(("official", "reader"), [*product(["fi"], READERS), *product(["sv"], SCRIPTS)])
def test_reading_copies_keep_both_standards(official: str, reader: str) -> None:
    pdf = make("reading_copy", language=reader, facts=replace(WHOLE, letter_language=official))
    assert faults(pdf) == []
    assert len(pages(pdf)) <= 3
    document: Any = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert document["/Lang"] == BY_CODE[reader].html
