"""The holder's own letters to the person: what the law asks of each."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from portal.languages import OFFICIAL
from requests_app.doors import letters
from requests_app.rules.register import read_register
from requests_app.wording import letter_terms
from tests.unit.requests_app.doors.letter_samples import (
    RECIPIENTS,
    STEP,
    facts,
    faults,
    make,
    pages,
    text,
    words_of,
)

WHOLE = facts()


@pytest.mark.parametrize(
    ("kind", "language", "words"),
    [
        (
            "extension",
            "fi",
            ("viimeistään 5.6.2026", "ilmoitettiin jatkamisesta 20.3.2026", "12 artiklan 3 kohdan"),
        ),
        ("extension", "sv", ("senast den 5.6.2026", "förlängningen den 20.3.2026", "artikel 12.3")),
        ("identity_request", "fi", ("perusteltua syytä epäillä", "12 artiklan 6 kohta", "määräaika ei kulu")),
        ("identity_request", "sv", ("rimliga skäl att betvivla", "artikel 12.6", "Svarstiden löper inte")),
        ("refusal", "fi", ("12 artiklan 4 kohdan", "34 §", "77 artikla", "79 artikla", "hallinto-oikeuteen")),
        ("refusal", "sv", ("artikel 12.4", "34 §", "artikel 77", "artikel 79", "förvaltningsdomstolen")),
        (
            "transfer",
            "fi",
            ("Maahanmuuttovirasto", "PL 10, 00086", "hallintolaki 434/2003, 21 §", "20.3.2026"),
        ),
        (
            "transfer",
            "sv",
            ("Migrationsverket", "PL 10, 00086", "21 § i förvaltningslagen 434/2003", "20.3.2026"),
        ),
        ("answer", "fi", ("postitse", "16 artikla", "77 artikla", "20.3.2026", "Se on maksuton")),
        ("answer", "sv", ("per post", "artikel 16", "artikel 77", "20.3.2026", "avgiftsfritt")),
    ],
)
def test_a_notice_says_what_the_law_asks_of_it(kind: str, language: str, words: tuple[str, ...]) -> None:
    printed = text(make(kind, language=language, facts=replace(WHOLE, letter_language=language, **STEP)))
    assert [some for some in words if some not in printed] == []
    always = (
        "Kansaneläkelaitos (Kela)",
        "Amina Testi Testikatu",
        "26-7Q4M-2X",
        "KELA 12/345/2026",
        "020 634 11",
    )
    assert [some for some in always if some not in printed] == []
    assert "Tiedot ovat kahdessa järjestelmässä." in printed
    assert "5.3.2026" in printed


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("saapunut meille 5.3.2026", "viimeistään 5.6.2026", "12 artiklan 3 kohta", "maksutonta")),
        ("sv", ("kommit in till oss den 5.3.2026", "senast den 5.6.2026", "artikel 12.3", "avgiftsfri")),
    ],
)
def test_an_acknowledgement_tells_receipt_and_last_day(language: str, words: tuple[str, ...]) -> None:
    facts = replace(WHOLE, letter_language=language, **STEP)
    printed = text(make("acknowledgement", language=language, facts=facts))
    assert [some for some in words if some not in printed] == []
    assert "Tiedot ovat kahdessa järjestelmässä." not in printed


@pytest.mark.parametrize("kind", ["acknowledgement", "extension", "identity_request", "refusal", "answer"])
@pytest.mark.parametrize("language", OFFICIAL)
def test_a_notice_tells_where_to_complain(kind: str, language: str) -> None:
    printed = text(make(kind, language=language, facts=replace(WHOLE, letter_language=language, **STEP)))
    row = next(row for row in read_register().holders if row.key == letter_terms.OMBUDSMAN)
    for words in (row.name[language], "PL 800, 00531 HELSINKI", "029 566 6700", "tietosuoja@om.fi"):
        assert words in printed


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("post", "postitse"),
        ("email", "sähköpostitse"),
        ("pickup", "noudat"),
        ("e_service", "asiointipalvelussamme"),
    ],
)
def test_an_answer_says_how_it_was_delivered(way: str, words: str) -> None:
    its = replace(WHOLE, **{**STEP, "delivered_by": way, "reason": ""})
    assert words in words_of(letters.html("answer", language="fi", facts=its))


def test_the_desk_passes_on_without_naming_the_study_or_the_law_of_authorities() -> None:
    its = facts("desk", **STEP)
    words = words_of(letters.html("transfer", language="fi", facts=its))
    assert "Selvitimme, kenelle pyyntösi kuuluu." in words
    assert "Tutkimuksen" not in words
    assert "hallintolaki" not in words


def test_vtt_promises_no_decision_under_the_openness_act() -> None:
    its = replace(WHOLE, recipient=RECIPIENTS["vtt"], **STEP)
    assert "hallinto-oikeuteen" not in words_of(letters.html("refusal", language="fi", facts=its))


@pytest.mark.parametrize(("kind", "language"), [*product(letters.NOTICES, OFFICIAL)])
def test_notices_keep_both_standards_on_one_page(kind: str, language: str) -> None:
    pdf = make(kind, language=language, facts=replace(WHOLE, letter_language=language, **STEP))
    assert faults(pdf) == []
    assert len(pages(pdf)) == 1
    assert letters.check_pdf(pdf).unchanged
