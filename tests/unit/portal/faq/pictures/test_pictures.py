"""Pictures fit a narrow column whatever their words, mirror where the language does, and say the same in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.faq.pictures import picture_of
from portal.faq.pictures.drawing import FONT, WIDTH, Picture, Sheet
from portal.faq.pictures.measure import width, wrapped
from portal.languages import LANGUAGES, Language
from tests.unit.test_css import STYLESHEET

ON = date(2026, 11, 24)
WITH = (1, 3, 4, 6, 7)
ENGLISH = next(language for language in LANGUAGES if language.code == "en")
MIRRORED = Language("xx", "Mirrored", "rtl")


def drawn(number: int, language: Language = ENGLISH, on: date = ON) -> Picture:
    picture = picture_of(number, language=language, on=on)
    assert picture is not None
    return picture


def shapes(picture: Picture) -> Iterator[ET.Element]:
    return ET.fromstring(picture.svg).iter()  # noqa: S314 — our own.


def written(picture: Picture) -> str:
    return " ".join(one.text or "" for one in shapes(picture) if one.tag == "text")


def test_answers_with_a_picture() -> None:
    assert (
        tuple(number for number in range(1, 12) if picture_of(number, language=ENGLISH, on=ON) is not None)
        == WITH
    )


@pytest.mark.parametrize("number", WITH)
def test_a_picture_has_a_name_for_screen_readers_and_no_style(number: int) -> None:
    picture = drawn(number)
    root = ET.fromstring(picture.svg)  # noqa: S314
    assert root.attrib["role"] == "img"
    named = {one.attrib["id"]: one.text for one in root if one.tag in {"title", "desc"}}
    assert [root.attrib["aria-labelledby"], root.attrib["aria-describedby"]] == list(named)
    assert next(iter(named.values())) == picture.title
    assert "style" not in picture.svg
    known = STYLESHEET.read_text()
    for name in re.findall(r'class="(\w+)"', picture.svg):
        assert f".picture .{name}" in known or re.search(rf"\.picture :is\([^)]*\.{name}\b", known), name


@pytest.mark.parametrize("number", WITH)
def test_what_is_drawn_is_also_said(number: int) -> None:
    picture = drawn(number)
    said = " ".join(picture.words).split()
    left = [word for word in written(picture).split() if word not in said and f"{word}:" not in said]
    # What a dot stands for explains the drawing; the words need no dots.
    assert " ".join(left) in {"", "One dot is about 100 people."}


@pytest.mark.parametrize("number", WITH)
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_in_every_language_all_figures_are_those_of_the_facts(number: int, language: Language) -> None:
    """The figures of the facts, in Western digits; the year of today is the only other one."""
    with translation.override(language.code):
        picture = drawn(number, language)
    facts = {
        1: set(),
        4: {"3000", "6000", "100"},
        6: {"2009", "2019", "2021", "2024", "2029", "2026"},
    }
    wanted = facts[{3: 1, 7: 6}.get(number, number)]
    plain = re.sub(r"(?<=\d)[\s.,\u00a0\u202f](?=\d{3})", "", written(picture))
    # Chinese and Vietnamese write the name of a month as its number.
    plain = re.sub(r"\d{1,2}月|tháng \d{1,2}", "", plain)
    assert set(re.findall(r"\d+", plain)) == wanted
    assert not re.search("[٠-٩۰-۹]", picture.svg)


@pytest.mark.parametrize("number", WITH)
@pytest.mark.parametrize("language", [ENGLISH, MIRRORED], ids=lambda language: language.direction)
def test_long_words_stay_in_the_picture(
    monkeypatch: pytest.MonkeyPatch, number: int, language: Language
) -> None:
    long = "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas шжщюм " * 4
    for name in ("flow", "groups", "years"):
        monkeypatch.setattr(f"portal.faq.pictures.{name}._", lambda text: f"{text} {long}")
    picture = drawn(number, language)
    height = float(ET.fromstring(picture.svg).attrib["viewBox"].split()[3])  # noqa: S314
    for one in shapes(picture):
        numbers = {
            name: float(value) for name, value in one.attrib.items() if name in {"x", "y", "width", "height"}
        }
        if one.tag == "text":
            bold = 1.07 if one.get("class") else 1
            wide = width(one.text or "") * FONT * bold
            edge = numbers["x"] if language.direction == "ltr" else numbers["x"] - wide
            assert edge >= 0
            assert edge + wide <= WIDTH + 0.1
        elif one.tag == "rect":
            assert 0 <= numbers["x"] <= numbers["x"] + numbers["width"] <= WIDTH
        if "y" in numbers:
            assert 0 <= numbers["y"] + numbers.get("height", 0) <= height


def test_from_right_to_left_everything_begins_at_the_other_side() -> None:
    def places(language: Language) -> list[float]:
        sheet = Sheet(language)
        sheet.text("word", x=12)
        sheet.dot("full", x=20, y=5, radius=3)
        sheet.box("full", x=8, y=0, width=30, height=10)
        picture = sheet.picture("test", title="", words=())
        return [float(value) for value in re.findall(r' c?x="([\d.]+)"', picture.svg)]

    assert places(ENGLISH) == [12, 20, 9]
    assert places(MIRRORED) == [WIDTH - 12, WIDTH - 20, WIDTH - 8 - 30 + 1]


@pytest.mark.parametrize(
    ("on", "years"),
    [
        (date(2026, 1, 1), ["2009", "2019", "2021", "2024", "2026", "2029"]),
        (date(2029, 6, 1), ["2009", "2019", "2021", "2024", "2029", "2029"]),
        (date(2031, 1, 1), ["2009", "2019", "2021", "2024", "2029", "2031"]),
    ],
)
def test_today_has_its_place_among_the_years(on: date, years: list[str]) -> None:
    picture = drawn(6, on=on)
    assert [one.text for one in shapes(picture) if one.tag == "text" and one.get("class")] == years
    assert f"{on.year}: Today" in picture.words


def test_the_two_groups_have_a_dot_for_each_hundred() -> None:
    dots = [one.get("class") for one in shapes(drawn(4)) if one.tag == "circle"]
    assert dots == ["full"] * 30 + ["hollow"] * 30


def test_hostile_words_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.faq.pictures.flow._", lambda _text: "<script>&\"'")
    assert "<script" not in drawn(1).svg


@given(text=st.text(max_size=120), room=st.floats(min_value=3, max_value=30))
def test_wrapping_loses_no_letter_and_keeps_to_the_room(text: str, room: float) -> None:
    lines = wrapped(text, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    # Signs that never begin a line may stand over its end.
    for line in lines:
        assert width(line.rstrip("，。、；：？！）》」』”’,.;:?!)")) <= room or len(line) == 1
