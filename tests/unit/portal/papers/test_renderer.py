"""The renderer: both standards in every script, text that can be read back, the same bytes for the same input."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

from portal.papers import codes, fonts, libraries, renderer
from portal.papers.errors import EngineMissing, FontsMissing, MissingGlyphs, PaperError, RenderFailed
from portal.papers.renderer import Attachment
from tests.unit.portal.papers import samples

ROOT = Path(__file__).resolve().parents[4]
LANGUAGES = sorted(samples.TEXTS)
FACTS = Attachment("letter.json", b'{"kind": "access"}', "application/json", "What the letter says")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_keeps_both_standards(language: str) -> None:
    made = samples.make(samples.letter(language), language, attachments=[FACTS])
    assert samples.failures(made.pdf) == []
    assert made.pages == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reading_copy_keeps_both_standards_over_pages(language: str) -> None:
    made = samples.make(samples.reading_copy(language), language)
    assert samples.failures(made.pdf) == []
    assert made.pages >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_reads_back_in_order(language: str) -> None:
    title, sentence = samples.TEXTS[language]
    read = "".join(samples.text(samples.make(samples.letter(language), language).pdf).split())
    # One long line may be two; spaces are what a reader makes of gaps.
    for words in (title, sentence):
        for word in words.rstrip(".。").split():
            assert word.strip("،.,") in read


@pytest.mark.poppler
@pytest.mark.parametrize("layout", [[], ["-layout"]])
@pytest.mark.parametrize("language", LANGUAGES)
def test_poppler_reads_whole_lines_in_order(language: str, layout: list[str], tmp_path: Path) -> None:
    title, sentence = samples.TEXTS[language]
    html = (
        f'<html dir="{"rtl" if language in samples.RTL else "ltr"}"><body><h1>{title}</h1><p>{sentence}</p>'
    )
    file = tmp_path / "letter.pdf"
    file.write_bytes(samples.make(html, language).pdf)
    read = subprocess.run(
        ["pdftotext", *layout, file, "-"], capture_output=True, text=True, check=True
    ).stdout
    plain = "".join(c for c in read if c not in "\u202a\u202b\u202c\u200e\u200f")
    # It puts a space before a comma between right-to-left words, so commas and stops are left out.
    lines = [re.sub(r"[،,.]", " ", line).split() for line in plain.splitlines() if line.strip()]
    assert lines[:2] == [title.split(), re.sub(r"[،,.]", " ", sentence).split()]


def test_arabic_reads_back_with_its_marks() -> None:
    words = "وفقًا للقانون، شكرًا، نسخةً، تخصّني، محمّد عليّ، إنّ حقَّكم"
    made = samples.make(f'<html dir="rtl"><body><p>{words}</p>', "ar")
    assert words in samples.text(made.pdf)


def test_a_phone_number_keeps_its_order_in_arabic() -> None:
    made = samples.make('<html dir="rtl"><body><p>الهاتف <span dir="ltr">+358 40 123 4567</span></p>', "ar")
    assert "+358 40 123 4567" in samples.text(made.pdf)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_glyph_is_a_box_and_every_font_is_ours(language: str) -> None:
    made = samples.make(samples.letter(language), language)
    shown = samples.glyphs(made.pdf)
    assert shown
    assert not [font for font, glyph in shown if glyph == 0]
    assert all("+Tietoni-" in font for font, _ in shown)


def test_a_rare_name_prints_from_the_systems_fonts() -> None:
    name = "𠮷野 ሰላም Қазыбек ដារា नमस्ते שָׁלוֹם မြန်မာ"
    made = samples.make(f"<p>{name}</p>")
    assert samples.failures(made.pdf) == []
    assert not [font for font, glyph in samples.glyphs(made.pdf) if glyph == 0]
    for word in ("𠮷野", "ሰላም", "Қазыбек"):
        assert word in samples.text(made.pdf)


def test_a_character_without_font_is_an_error_that_names_it() -> None:
    with pytest.raises(MissingGlyphs, match=r"U\+E000, U\+F0000") as caught:
        samples.make("<p>a \ue000 \U000f0000</p>")
    assert caught.value.characters == ("\ue000", "\U000f0000")
    assert fonts.missing_characters("a \ue000 \U000f0000") == list(caught.value.characters)


def test_the_same_input_gives_the_same_bytes() -> None:
    first = samples.make(samples.letter("ar"), "ar", attachments=[FACTS]).pdf
    samples.make(samples.letter("zh-hans"), "zh-hans")
    samples.make("<p>𠮷 ሰላም</p>")
    assert samples.make(samples.letter("ar"), "ar", attachments=[FACTS]).pdf == first
    later = samples.make(
        samples.letter("ar"), "ar", attachments=[FACTS], made_at=samples.MADE_AT + timedelta(days=1)
    )
    assert later.pdf != first


def test_another_process_gives_the_same_bytes() -> None:
    script = (
        "import hashlib, sys; from tests.unit.portal.papers import samples;"
        "print(hashlib.sha256(samples.make(samples.letter('zh-hans'), 'zh-hans').pdf).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    here = samples.make(samples.letter("zh-hans"), "zh-hans").pdf
    assert done.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_title_language_and_dates_are_those_given() -> None:
    html = '<html lang="en"><head><title>Other</title><meta name="author" content="x"></head><body><p>Hei</p>'
    moment = datetime(2026, 11, 24, 11, 30, tzinfo=timezone(timedelta(hours=2)))
    made = samples.make(html, "zh-hans", title="  A\n title ", made_at=moment)
    reader = pypdf.PdfReader(io.BytesIO(made.pdf))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-Hans"
    information: Any = reader.metadata
    assert information["/Title"] == "A title"
    assert "/Author" not in information
    assert (
        information.creation_date
        == information.modification_date
        == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    )
    metadata = root["/Metadata"].get_data().decode()
    assert "2026-11-24T09:30:00Z" in metadata
    assert 'pdfuaid:part="1"' in metadata
    assert 'pdfaid:conformance="A"' in metadata


def test_parts_in_another_language_say_so_and_right_to_left_keeps_its_characters() -> None:
    html = f'<p>Hei <span lang="fa" dir="rtl">{samples.JOINED}</span></p><p lang="sv">Hej</p><p>Moi</p>'
    found = samples.elements(samples.make(html).pdf)
    assert [item["Lang"] for item in found if "Lang" in item] == ["fa", "sv"]
    assert [item["ActualText"] for item in found if "ActualText" in item] == [samples.JOINED]


def test_headings_lists_tables_and_images_are_tagged() -> None:
    kinds = [item["S"] for item in samples.elements(samples.make(samples.letter("fi")).pdf)]
    for kind in ("/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD", "/Figure", "/P"):
        assert kind in kinds
    figures = [
        item for item in samples.elements(samples.make(samples.letter("fi")).pdf) if item["S"] == "/Figure"
    ]
    assert [item["Alt"] for item in figures] == ["QR"]


def test_the_foot_of_the_page_is_no_content() -> None:
    made = samples.make('<footer class="foot">Tietoni</footer><p>Hei</p>')
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        stream = document.pages[0].Contents.read_bytes()
    # Two texts in the foot, its words and the page number, besides what the engine itself marks.
    assert stream.count(b"/Artifact") >= 2
    assert stream.count(b"/MCID") == 1
    assert "1 (1)" in samples.text(made.pdf)


def test_attachments_are_whole_and_described() -> None:
    second = Attachment("a.xml", b"<a/>", "application/vnd.x+xml", "More", "Source")
    made = samples.make("<p>Hei</p>", attachments=[FACTS, second])
    assert samples.failures(made.pdf) == []
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        assert {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()} == {
            "letter.json": FACTS.content,
            "a.xml": second.content,
        }
        assert [str(spec.AFRelationship) for spec in document.Root.AF] == ["/Data", "/Source"]
        assert [str(spec.EF.F.Subtype) for spec in document.Root.AF] == [
            "/application/json",
            "/application/vnd.x+xml",
        ]
        assert [str(spec.Desc) for spec in document.Root.AF] == [FACTS.description, second.description]
        assert str(document.Root.AF[0].EF.F.Params.ModDate) == "D:20261124093000Z"


def test_no_attachment_leaves_no_trace() -> None:
    with pikepdf.open(io.BytesIO(samples.make("<p>Hei</p>").pdf)) as document:
        assert "/AF" not in document.Root
        assert not document.attachments


def test_places_are_told_in_points_from_the_lower_left() -> None:
    html = (
        "<style>@page {margin: 0; size: 400pt 500pt} body {margin: 0} .p {width: 100pt; height: 20pt}</style>"
        '<div class="p" style="margin-top: 30pt; margin-left: 40pt" data-place="resident"></div>'
        '<div class="p" style="break-before: page" data-place="other">x</div>'
    )
    made = samples.make(html, stylesheet=ROOT / "tests" / "unit" / "portal" / "papers" / "nothing.css")
    assert made.places["resident"].page == 0
    assert made.places["resident"].box == pytest.approx((40, 450, 140, 470), abs=0.1)
    assert made.places["other"].page == 1
    assert made.pages == 2


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("fi", "fi"),
        ("zh-hans", "zh-Hans"),
        ("zh_Hans", "zh-Hans"),
        ("fi-simple", "fi-simple"),
        ("en-gb", "en-GB"),
        ("CKB", "ckb"),
    ],
)
def test_language_tags_are_spelled_as_the_rfc_does(given: str, tag: str) -> None:
    assert renderer.language_tag(given) == tag


def test_an_image_without_words_is_an_error() -> None:
    with pytest.raises(RenderFailed, match=r'^Image "data:…" has no required alt description$'):
        samples.make(f'<img src="{samples.QR}">')


def test_nothing_of_a_letter_reaches_the_log(request: pytest.FixtureRequest) -> None:
    # A handler of our own: pytest's attaches itself to loggers that do not propagate.
    seen: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: seen.append(record.getMessage())  # type: ignore[method-assign]  # A test double.
    logging.getLogger().addHandler(handler)
    request.addfinalizer(lambda: logging.getLogger().removeHandler(handler))
    for html in (f'<img src="{samples.QR}">', "<p>\ue000</p>", "<p style='colour: red'>x</p>"):
        with contextlib.suppress(PaperError):
            samples.make(html)
    assert seen == []


@pytest.mark.parametrize("content", ["data:image/png;base64,AAAA", "data:image/svg+xml,%3Csvg"])
def test_a_broken_image_is_an_error_though_it_was_allowed(content: str) -> None:
    with pytest.raises(RenderFailed, match="Failed to load image"):
        samples.make(f'<img alt="x" src="{content}">', images=[content])


def test_a_drawing_may_be_shown() -> None:
    drawing = codes.qr_svg("abc")
    made = samples.make(f'<img alt="QR" style="width: 2cm" src="{drawing}">', images=[drawing])
    assert samples.failures(made.pdf) == []


def test_a_date_without_zone_and_an_empty_title_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        samples.make("<p>x</p>", made_at=datetime(2026, 11, 24))  # noqa: DTZ001  (that is the point)
    with pytest.raises(ValueError, match="title"):
        samples.make("<p>x</p>", title=" \n ")


def test_render_gives_the_bytes_alone() -> None:
    settings: Any = {"stylesheet": "letter.css", "language": "fi", "title": "T", "made_at": samples.MADE_AT}
    assert renderer.render("<p>x</p>", **settings) == renderer.render_with_places("<p>x</p>", **settings).pdf


def test_a_changed_stylesheet_is_read_again(tmp_path: Path) -> None:
    sheet = tmp_path / "one.css"
    sheet.write_text("p { break-after: auto }")
    html = "<p>a</p><p>b</p>"
    assert samples.make(html, stylesheet=sheet).pages == 1
    sheet.write_text("p { break-after: page }")
    assert samples.make(html, stylesheet=sheet).pages == 2


class TestWhenSomethingIsMissing:
    """The engine, its libraries and the fonts: a sentence that names the packages, never an empty file."""

    @pytest.fixture(autouse=True)
    def _fresh_engine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(renderer, "_engine", None)

    def test_all_is_there(self) -> None:
        assert renderer.engine_ready() is None

    def test_a_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            libraries, "LIBRARIES", {**libraries.LIBRARIES, "libabsent.so.0": "libharfbuzz-subset0"}
        )
        assert "libharfbuzz-subset0" in (renderer.engine_ready() or "")
        with pytest.raises(EngineMissing, match="install Debian's libharfbuzz-subset0"):
            samples.make("<p>x</p>")

    def test_weasyprint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "weasyprint", None)
        with pytest.raises(EngineMissing, match="weasyprint"):
            samples.make("<p>x</p>")

    def test_the_fonts(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(fonts.problem, "__defaults__", (tmp_path,))
        monkeypatch.setattr(fonts.use, "__defaults__", (tmp_path,))
        assert "fonts-noto-cjk" in (renderer.engine_ready() or "")
        with pytest.raises(FontsMissing, match="make setup"):
            samples.make("<p>x</p>")


def test_an_engine_that_fails_or_gives_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    samples.make("<p>x</p>")
    from weasyprint import Document

    monkeypatch.setattr(Document, "write_pdf", lambda *_, **__: b"")
    with pytest.raises(RenderFailed, match="no PDF"):
        samples.make("<p>x</p>")

    def fail(*_: object, **__: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(Document, "write_pdf", fail)
    with pytest.raises(RenderFailed, match="AssertionError"):
        samples.make("<p>x</p>")


@pytest.mark.poppler
@pytest.mark.parametrize("language", ["fi", "ar", "zh-hans"])
def test_a_page_prints_black_on_white_with_its_code(language: str, tmp_path: Path) -> None:
    from PIL import Image

    assert shutil.which("pdftoppm")
    file = tmp_path / "letter.pdf"
    file.write_bytes(samples.make(samples.letter(language), language).pdf)
    subprocess.run(["pdftoppm", "-r", "60", "-png", file, tmp_path / "page"], check=True)
    with Image.open(tmp_path / "page-1.png") as picture:
        colours = picture.convert("RGB")
        grey = picture.convert("L")
        pixels: list[Any] = colours.getcolors(1 << 20) or []
        assert all(max(pixel) - min(pixel) < 12 for _, pixel in pixels)
        histogram = grey.histogram()
        dark = sum(histogram[:128]) / (grey.width * grey.height)
        assert 0.005 < dark < 0.15
