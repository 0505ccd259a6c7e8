"""Rectification, erasure, restriction, objection, reminder, complaint: what each says and never says; the bundle."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from itertools import product
from typing import Any, Final

import pypdf
import pytest

from portal.languages import BY_CODE, LANGUAGES, OFFICIAL
from requests_app.doors import letter_data, letters
from requests_app.rules.letter_facts import LetterFacts, Recipient
from requests_app.rules.vocabulary import ARTICLES, CATEGORIES
from tests.unit.requests_app.doors.letter_samples import (
    CASES,
    MADE_AT,
    RECIPIENTS,
    STROKES,
    facts,
    faults,
    make,
    pages,
    text,
    words_of,
)

RIGHTS: Final = ("rectification", "erasure", "restriction", "objection")
READERS: Final = tuple(language.code for language in LANGUAGES)
SCRIPTS: Final = ("fi", "ru", "ar", "zh-hans", "vi")
OWN: Final = "Päätöksessä lukee, että asuin Vantaalla.\nAsuin Espoossa <b>koko ajan</b>."
OMBUDSMAN: Final = Recipient("ombudsman", "Tietosuojavaltuutetun toimisto", "PL 800, 00531 Helsinki")
LATE: Final[dict[str, Any]] = {
    "asked_on": "2026-03-05",
    "posted_on": "2026-03-06",
    "received_on": "2026-03-09",
    "due_on": "2026-04-09",
    "told_on": "2026-03-30",
    "holder_reference": "KELA 12/345/2026",
}
COMPLAINT: Final[dict[str, Any]] = {
    **LATE,
    "recipient": OMBUDSMAN,
    "about": RECIPIENTS["kela"],
    "reminded_on": "2026-04-20",
}


def right(kind: str, case: str = "self", **changes: Any) -> LetterFacts:
    """Return the facts of a request for one of RIGHTS."""
    return facts(case, kind=kind, **{"own": OWN, **changes})


ASKED: Final = {
    ("rectification", "fi"): (
        "16 artiklan nojalla oikaisemaan",
        "lisäselvitykseksi (16 artikla)",
        "(19 artikla)",
    ),
    ("rectification", "sv"): ("artikel 16", "rättar", "kompletterande utlåtande", "(artikel 19)"),
    ("erasure", "fi"): ("17 artiklan nojalla poistamaan", "17 artiklan 3 kohdassa", "(19 artikla)"),
    ("erasure", "sv"): ("artikel 17", "raderar", "artikel 17.3", "(artikel 19)"),
    ("restriction", "fi"): (
        "18 artiklan nojalla rajoittamaan",
        "18 artiklan 2 kohdan",
        "18 artiklan 3 kohta",
    ),
    ("restriction", "sv"): ("artikel 18", "begränsar", "artikel 18.2", "artikel 18.3"),
    ("objection", "fi"): ("21 artiklan 1 kohdan nojalla", "6 artiklan 1 kohdan e alakohtaan", "c alakohta"),
    ("objection", "sv"): ("artikel 21.1", "artikel 6.1 e", "tvingande berättigade skäl"),
}


@pytest.mark.parametrize(("kind", "language"), ASKED)
def test_each_right_is_asked_for_by_its_own_article(kind: str, language: str) -> None:
    printed = text(make("request", language=language, facts=right(kind, letter_language=language)))
    always = {
        "fi": (
            "maksutta (12 artiklan 5 kohta)",
            "12 artiklan 3 kohta",
            "12 artiklan 4 kohta",
            "12 artiklan 6 kohta",
        ),
        "sv": ("avgiftsfritt (artikel 12.5)", "artikel 12.3", "artikel 12.4", "artikel 12.6"),
    }[language]
    lines = ("Päätöksessä lukee, että asuin Vantaalla.", "Asuin Espoossa <b>koko ajan</b>.")
    assert [words for words in (*ASKED[kind, language], *always, *lines) if words not in printed] == []
    others = {"15", "16", "17", "18", "21"} - {str(ARTICLES[kind])}
    article = r"\b(%s)[ \xa0]artikla" if language == "fi" else r"artikel[ \xa0](%s)\b"
    assert re.findall(article % "|".join(others), printed) == []


@pytest.mark.parametrize(("kind", "case", "language"), [*product(RIGHTS, CASES, OFFICIAL)])
def test_no_right_names_the_study_or_another_holder_unless_it_is_about_research(
    kind: str, case: str, language: str
) -> None:
    its = right(kind, case, letter_language=language, reader_language="ar", own="")
    words = words_of(letters.html("request", language=language, facts=its))
    named = {key for key, holder in RECIPIENTS.items() if holder.name in words}
    assert named <= {its.recipient.key}
    about_research = its.recipient.key == "vtt"
    assert ("Maahanmuuttajien osaamiskeskuksen" in words) == about_research
    assert ("arab" in words.lower()) is False


@pytest.mark.parametrize("language", OFFICIAL)
def test_an_objection_to_research_is_one_under_its_own_paragraph(language: str) -> None:
    its = right("objection", "research", letter_language=language)
    words = words_of(letters.html("request", language=language, facts=its))
    assert {"fi": "21 artiklan 6 kohdan", "sv": "artikel 21.6"}[language] in words.replace("\xa0", " ")
    assert "31" in words
    assert ("6 artiklan 1 kohdan e" in words.replace("\xa0", " ")) is False


@pytest.mark.parametrize(("kind", "language"), [*product(RIGHTS, OFFICIAL)])
def test_lines_are_left_for_words_that_were_not_typed(kind: str, language: str) -> None:
    html = letters.html("request", language=language, facts=right(kind, letter_language=language, own=""))
    assert html.count('<div class="line"></div>') == 5
    assert 'class="ruled"' not in letters.html(
        "request", language=language, facts=right(kind, letter_language=language)
    )


@pytest.mark.parametrize(("kind", "language"), [*product((*RIGHTS, "reminder", "complaint"), OFFICIAL)])
def test_they_keep_both_standards_and_one_page(kind: str, language: str) -> None:
    if kind in RIGHTS:
        pdf = make("request", language=language, facts=right(kind, letter_language=language))
    else:
        its = facts(letter_language=language, outcome="silence", **COMPLAINT)
        pdf = make(kind, language=language, facts=its)
    assert faults(pdf) == []
    assert len(pages(pdf)) == 1


@pytest.mark.parametrize("kind", RIGHTS)
def test_the_longest_words_of_ones_own_take_two_pages_more_at_most(kind: str) -> None:
    its = right(kind, own="Näin on. " * 222, categories=CATEGORIES)
    pdf = make("request", language="fi", facts=its)
    assert text(pdf).count("Näin on.") == 222
    assert len(pages(pdf)) <= 3


PAIRED: Final = [
    *(("reading_copy", right(kind, case, own=own)) for kind in RIGHTS for case in CASES for own in ("", OWN)),
    *(
        ("reminder_copy", facts(case, kind=kind, **LATE))
        for kind in ("access", *RIGHTS)
        for case in ("self", "child")
    ),
    ("reminder_copy", facts(posted_on="2026-03-06")),
    *(
        ("complaint_copy", facts(case, kind=kind, outcome=outcome, **COMPLAINT))
        for kind in ("access", *RIGHTS)
        for outcome in ("silence", "refusal", "answer")
        for case in ("self", "child")
    ),
]


@pytest.mark.parametrize("reader", READERS)
def test_every_paragraph_of_every_letter_of_the_person_has_its_twin(reader: str) -> None:
    for official in OFFICIAL:
        for kind, its in PAIRED:
            it = replace(its, letter_language=official)
            of = letters.COPIES[kind]
            whole, its_reader, shown = letters._both_sides(it, of=of, language=reader)
            assert shown.code == reader
            for pair in letters._paired(whole, its_reader):
                # Lines to write on have no words; the reader is told that they are lines.
                assert words_of(pair.official) or "ruled" in pair.official, (kind, pair.name)
                assert words_of(pair.reader), (kind, pair.name)


@pytest.mark.parametrize(("kind", "reader"), [*product(("reading_copy", "complaint_copy"), SCRIPTS)])
def test_their_reading_copies_keep_both_standards(kind: str, reader: str) -> None:
    changes = COMPLAINT if kind == "complaint_copy" else {}
    pdf = make(kind, language=reader, facts=right("rectification", outcome="refusal", **changes))
    assert faults(pdf) == []
    assert len(pages(pdf)) <= 3


def test_a_reminder_reckons_from_the_day_of_receipt_where_it_is_known() -> None:
    known = text(make("reminder", language="fi", facts=facts(**LATE)))
    assert "Pyyntö saapui teille 9.3.2026." in known
    assert "viimeistään 9.4.2026 (12 artiklan 3 kohta)" in known
    assert "Ilmoititte minulle 30.3.2026 jatkavanne" in known
    assert "Diaarinumero KELA 12/345/2026" in known
    guessed = text(make("reminder", language="fi", facts=facts(posted_on="2026-03-06")))
    assert "Postitin tai toimitin sen 6.3.2026." in guessed
    assert "viimeistään" not in guessed


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("silence", "Vastaus olisi pitänyt antaa viimeistään 9.4.2026"),
        ("refusal", "Rekisterinpitäjä kieltäytyi 1.4.2026."),
        ("answer", "Rekisterinpitäjä vastasi 1.4.2026. Käsitykseni mukaan vastaus ei ole"),
    ],
)
def test_a_complaint_tells_what_happened_and_goes_to_the_ombudsman(outcome: str, words: str) -> None:
    its = facts(outcome=outcome, ended_on="2026-04-01", own=OWN, **COMPLAINT)
    printed = text(make("complaint", language="fi", facts=its))
    wanted = (
        words,
        "Tietosuojavaltuutetun toimisto PL 800 00531 Helsinki",
        "Kansaneläkelaitos (Kela), PL 450, 00056 KELA",
        "77 artikla",
        "Kirjoitin rekisterinpitäjälle 5.3.2026",
        "Kirjoitin muistutuksen 20.4.2026.",
        "Asuin Espoossa",
    )
    assert [some for some in wanted if some not in printed] == []
    assert ("Jäljennös rekisterinpitäjän vastauksesta" in printed) == (outcome != "silence")


@pytest.mark.parametrize("kind", ["reminder", "complaint"])
def test_a_drawn_signature_is_never_used_again(kind: str) -> None:
    its = facts("drawn", outcome="silence", **(COMPLAINT if kind == "complaint" else LATE))
    assert its.drawing == STROKES
    assert "Piirretty" not in letters.html(kind, language="fi", facts=its)


# ------------------------------------------------------------------------------------------ what machines read
def test_the_request_carries_what_it_prints_as_json() -> None:
    its = right("rectification", "child", letter_language="fi", reader_language="ar")
    reader = pypdf.PdfReader(io.BytesIO(make("request", language="fi", facts=its)))
    (content,) = reader.attachments[letter_data.NAME]
    data = json.loads(content)
    assert data["format"] == letter_data.FORMAT
    assert (data["kind"], data["reference"], data["own_words"]) == ("rectification", "26-7Q4M-2X", OWN)
    assert data["subject"]["full_name"] == "Nguyễn Thị Ánh"
    assert "reader_language" not in content.decode()
    assert '"ar"' not in content.decode()


@pytest.mark.parametrize(("kind", "case"), [*product(("access", *RIGHTS), CASES)])
def test_the_json_holds_nothing_that_the_letter_does_not_print(kind: str, case: str) -> None:
    its = facts(case, kind=kind, own=OWN if kind != "access" else "")
    printed = words_of(letters.html("request", language="fi", facts=its)).replace("\xa0", " ")

    def leaves(found: Any) -> list[str]:
        if isinstance(found, dict):
            return [leaf for value in found.values() for leaf in leaves(value)]
        return [str(found)]

    data = letter_data.data(its)
    codes = ("format", "kind", "law", "on_behalf", "categories", "answer_by", "signature")
    for text_ in leaves({key: value for key, value in data.items() if key not in codes}):
        for line in text_.splitlines():
            day = re.fullmatch(r"(\d{4})-0?(\d+)-0?(\d+)", line)
            shown = f"{day[3]}.{day[2]}.{day[1]}" if day else line
            assert shown in printed or shown in CASES[case].values(), (case, line)


# -------------------------------------------------------------------------------------------------- the bundle
@pytest.mark.parametrize("reader", SCRIPTS)
def test_a_bundle_holds_each_request_behind_a_sheet_for_the_person(reader: str) -> None:
    first = facts(reader_language=reader)
    second = right("erasure", own="", recipient=replace(RECIPIENTS["luvn"], asked_how="Kysy näin."))
    made = letters.make_bundle([first, second], own=first, language=reader, title="Kirjeet", made_at=MADE_AT)
    assert faults(made.pdf) == []
    sheets = pages(made.pdf)
    assert len(sheets) == 4
    assert ["Viite 26-7Q4M-2X" in sheet for sheet in sheets] == [False, True, False, True]
    # Each letter counts its own pages.
    assert all("1 (1)" in sheet for sheet in sheets)
    document: Any = pypdf.PdfReader(io.BytesIO(made.pdf)).trailer["/Root"]
    assert document["/Lang"] == BY_CODE[reader].html
    report = letters.check_pdf(made.pdf)
    assert report.ours
    assert report.unchanged
