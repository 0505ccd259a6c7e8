"""Search forgives case, accents, mixed-up letters, endings and missing spaces; it ranks, and marks what it found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.faq.folding import folded
from portal.faq.search import LONGEST_QUERY, Document, Hit, mentions, search

ZWNJ = "\u200c"


def keys(query: str, *texts: str) -> list[str]:
    """Return which of the texts, counted from 0, answer the query."""
    return [
        hit.key for hit in search(query, [Document(str(n), text, "", "") for n, text in enumerate(texts)])
    ]


def only(query: str, *, first: str = "", second: str = "", third: str = "") -> Hit:
    (hit,) = search(query, [Document("one", first, second, third)])
    return hit


@pytest.mark.parametrize(
    ("query", "text"),
    [
        # Case and accents.
        ("HENKILÖTUNNUS", "Mikä on henkilötunnus?"),
        ("henkilotunnus", "Mikä on henkilötunnus?"),
        ("forskningsmiljo", "I forskningsmiljön undersöks uppgifter."),
        ("etude", "L’étude porte sur l’intégration."),
        ("l'etude", "Une étude de VTT"),
        ("proteccion", "La protección de datos"),
        ("te dhenat", "Të dhënat personale"),
        ("strasse", "Die Straße"),
        # A text that came in another normal form.
        ("henkilötunnus", "henkilo\u0308tunnus"),
        ("henkilo\u0308tunnus", "henkilötunnus"),
        # Finnish and Estonian endings.
        ("Kela", "Kelan rekisterissä"),
        ("henkilötietojani", "henkilötietoja käsitellään"),
        ("rekisterinpitäjältä", "jokainen rekisterinpitäjä"),
        ("uuringus", "Uuringu andmed"),
        ("isikuandmeid", "Teie isikuandmed"),
        # Russian and Ukrainian.
        ("учет", "Учёт данных"),
        ("учёт", "учет данных"),
        ("исследованию", "Исследование VTT"),
        ("обовязок", "Це обов’язок установи"),
        ("обов'язок", "Це обовʼязок установи"),
        ("ґрунт", "грунт"),
        # Arabic: hamza, alef, taa marbuta, alef maqsura, tatweel, vowel marks, the article and what stands before it.
        ("اسبو", "سكان إسبو"),
        ("إسبو", "سكان اسبو"),
        ("آسبو", "سكان اسبو"),
        ("مسئول", "الجهة المسؤولة عن السجل"),
        ("المسؤولة", "جهة مسئوله"),
        ("الدراسه", "تقول الدراسة"),
        ("على", "علي"),
        ("بيانات", "البـــيانات الشخصية"),
        ("مشفرة", "البيانات المُشَفَّرة"),
        ("البيانات", "وبيانات الدراسة"),
        ("دراسة", "للدراسة"),
        ("بياناتي", "البيانات الشخصية"),
        ("شخصيه", "والشخصية"),
        # Persian: Arabic and Persian kaf and yeh, the zero-width non-joiner.
        ("كتاب", "کتاب"),
        ("یکی", "يكي"),
        ("داده ها", f"داده{ZWNJ}های شخصی"),
        ("دادههای", f"داده{ZWNJ}های شخصی"),
        (f"می{ZWNJ}شود", "ميشود"),
        # Sorani.
        ("توێژینەوە", "تويژينه‌وه"),
        ("كوردى", "کوردی"),
        ("هەموو", "ھه‌موو"),
        ("زانيارى", "زانیاری"),
        # Turkish: both letters i, with and without a dot.
        ("ISPARTA", "ısparta"),
        ("istatistik", "İstatistik Finlandiya"),
        ("KIMLIK", "kimlik numarası"),
        ("verilerim", "Kişisel veriler"),
        # Vietnamese.
        ("du lieu", "Dữ liệu của tôi"),
        ("DƯ LIỆU", "dữ liệu"),
        ("duoc", "được lưu trữ"),
        # Somali.
        ("la'aan", "magac la’aan"),
        ("laaan", "magac la’aan"),
        # Chinese without spaces.
        ("个人数据", "研究如何保护个人数据？"),
        ("数据保护", "研究如何保护个人数据？"),
        ("研究如何处理我的数据", "研究如何处理数据？"),
        ("税", "收入、税务和福利"),
        ("VTT", "由VTT进行的研究"),
        # Figures, however they are written.
        ("3000", "noin 3\u00a0000 ihmistä"),
        ("3 000", "about 3,000 people"),
        ("3,000", "نحو 3000 شخص"),
        ("٢٠٢٩", "في عام 2029"),
        ("۲۰۲۹", "2029"),
        ("3000", "约3000人"),
        # A query is a question with words that the text has not.
        ("where is Kela?", "The registers of Kela"),
        ("Kela xyzzy", "The registers of Kela"),
    ],
)  # fmt: skip
def test_a_query_finds_what_it_means(query: str, text: str) -> None:
    assert keys(query, "", text) == ["1"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "data"),
        ("  ", "data"),
        ("?!", "what?!"),
        ("zebra", "data of people"),
        # The middle of a word is no word; one or two letters are whole words.
        ("ata", "data"),
        ("a", "authorities"),
        ("te", "terveys"),
        ("ai", "aika"),
        # A parent is not what the study says.
        ("والد", "الدراسة"),
        ("猫", "研究如何保护个人数据？"),
        ("今天天气很好", "研究如何保护个人数据？"),
        ("300", "3 000"),
    ],
)
def test_a_query_does_not_find_what_is_something_else(query: str, text: str) -> None:
    assert keys(query, text) == []


def test_a_word_s_beginning_goes_before_a_likeness() -> None:
    """What only looks like the query is shown where nothing begins as it does."""
    assert keys("tiedotus", "tiedot", "tiedotustilaisuus") == ["1"]
    assert keys("tiedotus", "tiedot", "muuta") == ["0"]


def test_question_before_short_answer_before_the_rest() -> None:
    documents = [
        Document("rest", "Why?", "Because.", "It is in Fiona."),
        Document("short", "Why?", "It is in Fiona.", "Because."),
        Document("question", "Is it in Fiona?", "Yes.", "Because."),
    ]
    assert [hit.key for hit in search("fiona", documents)] == ["question", "short", "rest"]


def test_what_is_rare_weighs_more_and_equals_keep_their_order() -> None:
    documents = [
        Document("a", "data of the study", "", ""),
        Document("b", "data of the tax office", "", ""),
        Document("c", "data of the study", "", ""),
        Document("d", "what the study is", "", ""),
    ]
    assert search("data tax", documents)[0].key == "b"
    assert [hit.key for hit in search("study", documents)] == ["a", "c", "d"]


def test_hits_are_marked_whole_and_everything_is_escaped() -> None:
    hit = only("kela <b>", first="Kelan <b>tiedot</b> & muut", second="Vain Kela.")
    assert hit.title == "<mark>Kelan</mark> &lt;<mark>b</mark>&gt;tiedot&lt;/<mark>b</mark>&gt; &amp; muut"
    assert hit.excerpt == "Vain <mark>Kela</mark>."


def test_marks_keep_letters_and_their_signs_together() -> None:
    assert only("مشفرة", first="بيانات مُشَفَّرَة.").title == "بيانات <mark>مُشَفَّرَة</mark>."
    assert only("个人数据", first="保护个人数据吗").title == "保护<mark>个人数据</mark>吗"
    assert (
        only("dữ", first="du\u031b\u0303 lie\u0323\u0302u").title
        == "<mark>du\u031b\u0303</mark> lie\u0323\u0302u"
    )


def test_an_excerpt_is_short_and_shows_where_the_hit_is() -> None:
    filler = "words and more words " * 60
    hit = only("fiona", first="Where?", second="Nothing here.", third=f"{filler}in Fiona, {filler}")
    assert "<mark>Fiona</mark>" in hit.excerpt
    assert hit.excerpt.startswith("… ")
    assert hit.excerpt.endswith(" …")
    assert len(hit.excerpt) < 230
    assert not re.search(r"… (ords|rds|ds|nd|ore)\b", hit.excerpt)


def test_without_a_hit_in_them_the_short_answer_is_the_excerpt() -> None:
    assert only("where", first="Where?", second="In Fiona.", third="More.").excerpt == "In Fiona."


def test_a_long_query_is_cut_and_harmless() -> None:
    assert keys("kela " + "x" * LONGEST_QUERY + " fiona", "fiona") == []
    assert keys("data " * 10_000, "data") == ["0"]


@given(query=st.text(max_size=40), text=st.text(max_size=80))
def test_any_query_on_any_text_keeps_the_text(query: str, text: str) -> None:
    from html import unescape

    for hit in search(query, [Document("one", text, text, "")]):
        assert unescape(re.sub("</?mark>", "", hit.title)) == text


@given(text=st.text(max_size=80))
def test_folding_twice_is_folding_once_and_knows_each_place(text: str) -> None:
    once = folded(text)
    assert folded(once.text).text == once.text
    assert len(once.places) == len(once.text) + 1
    assert list(once.places) == sorted(once.places)


@pytest.mark.parametrize(
    ("phrase", "text", "is_there"),
    [
        ("henkilötunnus", "Salataan nimi, henkilötunnukset ja osoite.", True),
        ("pseudonymisoitu", "Tiedot ovat pseudonymisoituja.", True),
        ("verrokkiryhmä", "مجموعة ضابطة (verrokkiryhmä)", True),
        ("control group", "The control groups are large.", True),
        ("control group", "The group is under control.", False),
        ("بيئة البحث", "نُقلت إلى بيئةِ البحث", True),
        ("研究环境", "数据进入研究环境。", True),
        ("研究环境", "研究的环境", False),
        ("tunniste", "", False),
        ("", "text", False),
    ],
)
def test_a_text_mentions_a_phrase(phrase: str, text: str, is_there: bool) -> None:
    assert mentions(text, phrase) is is_there
