"""Requests as a registrar and their signer read them: what they say, what they never say, how they fit the page."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from portal.languages import LANGUAGES, OFFICIAL
from requests_app.doors import letters
from requests_app.rules.register import read_register
from requests_app.rules.vocabulary import CATEGORIES
from requests_app.wording import letter_terms
from tests.unit.requests_app.doors.letter_samples import (
    CASES,
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

REQUIRED = {
    "fi": (
        "Amina Testi Testikatu 4 B 17 00100 Helsinki amina@example.org +358 40 123 4567",
        "Kansaneläkelaitos (Kela) Kirjaamo PL 450 00056 KELA",
        "5.3.2026",
        "Viite 26-7Q4M-2X",
        "(EU) 2016/679 15 artiklan nojalla vahvistamaan, käsittelettekö minua koskevia henkilötietoja",
        "jäljennöksen",
        "myös pseudonymisoiduista",
        "syntymäaika 1.5.1994, henkilötunnus",
        "vuosilta 2012–2024",
        "Etuudet: hakemukset",
        "Lääkkeiden erityiskorvaukset: korvausoikeudet",
        "käsittelyn tarkoitukset",
        "henkilötietoryhmät",
        "nimeltä yksilöityinä, ellei se ole mahdotonta (unionin tuomioistuin, C-154/21)",
        "säilytysaika",
        "oikaisemista, poistamista tai käsittelyn rajoittamista ja vastustaa",
        "valitus valvontaviranomaiselle",
        "alkuperä",
        "automaattinen päätöksenteko ja profilointi: logiikka",
        "suojatoimista (15 artiklan 2 kohta)",
        "postitse yllä olevaan osoitteeseeni",
        "maksutta (12 artiklan 5 kohta)",
        "viimeistään kuukauden kuluessa pyynnön vastaanottamisesta (12 artiklan 3 kohta)",
        "perustelut sekä tiedon oikeussuojakeinoista (12 artiklan 4 kohta)",
        "(12 artiklan 6 kohta)",
        "toimivaltaiselle viranomaiselle ja ilmoittakaa siitä minulle (hallintolaki 434/2003, 21 §)",
        "julkisuuslaki 621/1999, 12 §",
        "Paikka ja päiväys",
        "Allekirjoitus",
        "Tarkistuskoodi 7Q4M-2XKP-9TGH-3BCD",
        "https://tietoni.example/fi/verify/",
        "1 (1)",
    ),
    "sv": (
        "Amina Testi Testikatu 4 B 17 00100 Helsinki amina@example.org +358 40 123 4567",
        "Kansaneläkelaitos (Kela) Registratorskontoret PL 450 00056 KELA",
        "5.3.2026",
        "Referens 26-7Q4M-2X",
        "artikel 15 i EU:s allmänna dataskyddsförordning (EU) 2016/679",
        "bekräfta om ni behandlar personuppgifter som gäller mig",
        "kopia",
        "även pseudonymiserade",
        "födelsetid 1.5.1994, personbeteckning",
        "åren 2012–2024",
        "Förmåner: ansökningar",
        "Specialersättning för läkemedel: ersättningsrättigheter",
        "ändamålen med behandlingen",
        "kategorier av personuppgifter",
        "angivna vid namn om det inte är omöjligt (EU-domstolen, C-154/21)",
        "lagringstiden",
        "rättelse, radering eller begränsning och att invända",
        "klagomål till tillsynsmyndigheten",
        "varifrån uppgifterna kommer",
        "automatiserat beslutsfattande och profilering: logiken",
        "skyddsåtgärderna (artikel 15.2)",
        "per post på min adress ovan",
        "avgiftsfritt (artikel 12.5)",
        "senast en månad efter att ni har mottagit begäran (artikel 12.3)",
        "motivering och information om rättsmedlen (artikel 12.4)",
        "(artikel 12.6)",
        "behöriga myndigheten och underrätta mig om det (21 § i förvaltningslagen 434/2003)",
        "12 § i offentlighetslagen 621/1999",
        "Ort och datum",
        "Underskrift",
        "Kontrollkod 7Q4M-2XKP-9TGH-3BCD",
        "https://tietoni.example/fi/verify/",
        "1 (1)",
    ),
}

STUDY = (
    "VTT",
    "Maahanmuuttaj",
    "tekoäly",
    "AI-studien",
    "Fiona",
    "espooskillscentre",
    "tutkimuksen palvelupiste",
)


@pytest.mark.parametrize("language", OFFICIAL)
def test_a_request_asks_all_that_article_15_lists(language: str) -> None:
    printed = text(make("request", language=language, facts=replace(WHOLE, letter_language=language)))
    assert [words for words in REQUIRED[language] if words not in printed] == []


@pytest.mark.parametrize(
    ("language", "case"), [*product(OFFICIAL, [case for case in CASES if not case.startswith("research")])]
)
def test_a_request_names_no_study_no_other_holder_and_no_reader(language: str, case: str) -> None:
    its = facts(case, letter_language=language, categories=CATEGORIES)
    printed = text(make("request", language=language, facts=its)).casefold()
    names = {
        name
        for row in read_register().holders
        for tongue, name in row.name.items()
        if row.key != its.recipient.key and tongue in OFFICIAL
    }
    names -= {"Esbo stad", "Espoon kaupunki"} if its.recipient.key.startswith("espoo") else set()
    assert [name for name in (*names, *STUDY) if name.casefold() in printed] == []
    others = {
        letters.html("request", language=language, facts=replace(its, reader_language=r)) for r in READERS
    }
    assert len(others) == 1


def test_an_ombudsman_is_not_named_before_there_is_a_refusal() -> None:
    assert "tietosuojavaltuut" not in text(make("request", language="fi", facts=WHOLE)).casefold()


@pytest.mark.parametrize("language", OFFICIAL)
@pytest.mark.parametrize("case", list(CASES))
def test_requests_keep_both_standards_and_two_pages(language: str, case: str) -> None:
    pdf = make("request", language=language, facts=facts(case, letter_language=language))
    assert faults(pdf) == []
    assert len(pages(pdf)) <= 2
    assert letters.check_pdf(pdf).ours
    assert letters.check_pdf(pdf).unchanged


@pytest.mark.parametrize("language", OFFICIAL)
@pytest.mark.parametrize("answer_by", ["post", "email", "pickup"])
def test_any_two_categories_fit_one_page(language: str, answer_by: str) -> None:
    longest = sorted(CATEGORIES, key=lambda key: -len(letter_terms.CATEGORIES[language][key].what))[:2]
    its = replace(WHOLE, letter_language=language, answer_by=answer_by, categories=tuple(longest))
    assert len(pages(make("request", language=language, facts=its))) == 1


@pytest.mark.parametrize("language", OFFICIAL)
def test_all_categories_fit_two_pages(language: str) -> None:
    its = facts("client", letter_language=language, categories=CATEGORIES)
    printed = pages(make("request", language=language, facts=its))
    assert len(printed) == 2
    assert all(term.name in " ".join(printed) for term in letter_terms.CATEGORIES[language].values())
    assert "1 (2)" in printed[0]
    assert "2 (2)" in printed[1]


@pytest.mark.parametrize(
    ("years", "fi", "sv"),
    [
        ((None, None), "vuodesta 2009 alkaen", "från och med år 2009"),
        ((2015, None), "vuodesta 2015 alkaen", "från och med år 2015"),
        ((None, 2015), "vuosilta 2009–2015", "för åren 2009–2015"),
        ((None, 2005), "vuoden 2005 loppuun", "till och med år 2005"),
        ((2015, 2015), "vuodelta 2015", "för år 2015"),
    ],
)
def test_years_are_said_as_they_were_asked(years: tuple[int | None, int | None], fi: str, sv: str) -> None:
    for language, words in (("fi", fi), ("sv", sv)):
        its = replace(WHOLE, letter_language=language, from_year=years[0], to_year=years[1])
        assert words in words_of(letters.html("request", language=language, facts=its))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("child", ("lapsen huoltaja", "Nguyễn Thị Ánh, syntymäaika 7.6.2015", "selvitys huoltajuudesta")),
        ("child_authorised", ("huoltajan valtuutus", "huoltajan allekirjoittama valtakirja")),
        ("client", ("hänen valtuutuksensa", "henkilön allekirjoittama valtakirja", "häntä koskevia")),
        ("client_guardian", ("edunvalvoja", "selvitys edunvalvonnasta", "Pyynnön tekijä: Amina Testi")),
        ("email", ("sähköisesti osoitteeseen amina@example.org", "vain suojatusti")),
        ("pickup", ("Noudan vastauksen", "todistan silloin henkilöllisyyteni")),
        ("identity_code", ("henkilötunnus 010594Y9032",)),
        ("drawn", ("piirretty näytölle", "ei yksin todista henkilöllisyyttä")),
        ("electronic", ("Sähköinen allekirjoitus",)),
        (
            "desk",
            ("Tietonin palvelupiste", "En tiedä, kuka on", "siirtämään tämän pyynnön rekisterinpitäjälle"),
        ),
        (
            "research",
            ("Jos vetoatte 11 artiklaan, teidän on pystyttävä osoittamaan", "tietosuojalaki 1050/2018, 31 §"),
        ),
    ],
)
def test_the_words_follow_the_facts(case: str, words: tuple[str, ...]) -> None:
    printed = text(make("request", language="fi", facts=facts(case)))
    assert [some for some in words if some not in printed] == []


def test_a_line_is_left_for_what_is_written_by_hand() -> None:
    def blanks(case: str) -> int:
        return letters.html("request", language="fi", facts=facts(case)).count('class="blank"')

    assert [blanks(case) for case in ("identity_code", "self", "email_by_hand", "no_address")] == [0, 1, 2, 2]


def test_authorities_and_the_researcher_are_told_different_law() -> None:
    authority = words_of(letters.html("request", language="fi", facts=WHOLE))
    researcher = words_of(letters.html("request", language="fi", facts=facts("research")))
    assert "hallintolaki" in authority
    assert "hallintolaki" not in researcher
    assert "julkisuuslaki" not in researcher
    assert "artiklaan" not in authority


def test_another_category_sent_to_vtt_is_an_ordinary_request_without_the_study() -> None:
    its = replace(WHOLE, recipient=RECIPIENTS["vtt"])
    assert "Maahanmuuttaj" not in letters.html("request", language="fi", facts=its)


@pytest.mark.parametrize(
    ("kind", "language", "changes"),
    [
        ("request", "en", {}),
        ("extension", "ar", {}),
        ("invitation", "fi", {}),
        ("request", "fi", {"kind": "portability"}),
        ("reading_copy", "fi", {"kind": "portability"}),
    ],
)
def test_there_is_no_letter_that_nobody_wrote(kind: str, language: str, changes: dict[str, Any]) -> None:
    with pytest.raises(letters.NoSuchLetter):
        letters.html(kind, language=language, facts=replace(WHOLE, **changes))


_NAMES = r"Kela|FPA|Omnia|Verohall|Skatteförv|Migri|Espoo|Esbo|TE-|VTT|maahanmuutt|invandrar"


def test_every_category_has_words_in_both_official_languages() -> None:
    assert set(letter_terms.CATEGORIES) == set(OFFICIAL)
    assert all(set(terms) == set(CATEGORIES) for terms in letter_terms.CATEGORIES.values())


def test_the_words_for_categories_name_no_holder_and_no_study() -> None:
    words = " ".join(
        f"{name} {what}" for terms in letter_terms.CATEGORIES.values() for name, what in terms.values()
    )
    assert re.findall(_NAMES, words, re.IGNORECASE) == []


def test_every_letter_has_a_whole_template_with_a_version_in_both_official_languages() -> None:
    folder = Path(letters.__file__).parents[2] / "templates" / "letters"
    for kind, language in product(("request", *letters.NOTICES), OFFICIAL):
        source = (folder / kind / f"{language}.html").read_text()
        assert re.match(r"\{# version: [0-9]+ #\}\n", source)
        assert "{% include" not in source
        assert "{% translate" not in source
