"""The letters' stylesheet: understood by the engine to the last rule, free of left and right, on its places."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from portal.papers import renderer
from tests.unit.portal.papers import samples

SHEET = renderer.HERE / "letter.css"


def test_every_rule_is_understood() -> None:
    assert samples.complaints(SHEET) == []


def test_directions_are_logical() -> None:
    rules = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    # Margin boxes have no logical names.
    rules = re.sub(r"@bottom-(left|right)", "", rules)
    assert not re.search(r"\b(left|right)\b", rules)


def test_every_family_is_one_that_is_built() -> None:
    families = set(re.findall(r'"(Tietoni [A-Z][a-z]+)"', SHEET.read_text(encoding="utf-8")))
    assert families == {"Tietoni Sans", "Tietoni Arabic", "Tietoni Han"}


def millimetres(place: renderer.Place) -> tuple[float, float, float, float]:
    """Left, top, right, bottom from the upper left corner of an A4 page."""
    left, bottom, right, top = (edge / 72 * 25.4 for edge in place.box)
    return left, 297 - top, right, 297 - bottom


@pytest.mark.parametrize("language", ["fi", "ar"])
@pytest.mark.parametrize("compact", ["", "compact"])
def test_the_recipient_stands_in_the_window_in_every_language(language: str, compact: str) -> None:
    html = samples.letter(language).replace("<body>", f'<body class="{compact}">')
    html = html.replace('class="recipient"', 'class="recipient" data-place="window"')
    left, top, right, bottom = millimetres(samples.make(html, language).places["window"])
    assert (left, top) == pytest.approx((20, 43), abs=0.2)
    assert right <= 110
    assert bottom <= 67.2


def test_the_body_stands_at_the_second_tab() -> None:
    html = samples.letter("fi").replace('<div class="body">', '<div class="body" data-place="body">')
    left, _, right, _ = millimetres(samples.make(html).places["body"])
    assert (left, right) == pytest.approx((66, 190), abs=0.2)


def test_a_signature_is_never_torn_and_never_alone_on_a_page() -> None:
    sentence = samples.TEXTS["fi"][1]
    pages = set()
    for count in range(20, 34):
        html = f"""<main><h1>x</h1><div class="body">{f"<p>{sentence}</p>" * count}</div>
        <div class="closing"><aside class="verify"><img alt="QR" src="{samples.QR}"></aside>
        <section class="signature" data-place="signature"><div class="line" data-place="line"></div>
        <p data-place="name">Nguyễn</p></section></div></main>"""
        made = samples.make(html)
        places = made.places
        pages.add(made.pages)
        assert places["line"].page == places["name"].page == places["signature"].page == made.pages - 1
        with pypdf.PdfReader(io.BytesIO(made.pdf)) as reader:
            assert reader.pages[-1].extract_text().startswith(sentence if made.pages == 2 else "x")
    assert pages == {1, 2}


def test_further_pages_count_on() -> None:
    read = samples.text(samples.make(samples.reading_copy("fi")).pdf)
    assert "1 (2)" in read
    assert "2 (2)" in read


def test_arabic_lines_are_looser_than_latin_ones() -> None:
    def height(language: str, words: str) -> float:
        html = f'<html lang="{language}"><body><p data-place="p">{words}<br>{words}</p>'
        box = samples.make(html, language).places["p"].box
        return (box[3] - box[1]) / 2

    assert height("fi", "abc") == pytest.approx(10.5 * 1.42, abs=0.1)
    for language in ("ar", "fa", "ckb"):
        assert height(language, "سلام") == pytest.approx(12 * 1.7, abs=0.1)
    assert height("zh-hans", "你好") == pytest.approx(10.5 * 1.6, abs=0.1)
