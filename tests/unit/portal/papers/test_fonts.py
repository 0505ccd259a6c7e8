"""Fonts: built from Debian's, complete for the portal's scripts, honest about what they cannot print."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from portal.papers import font_build, font_marks, fonts
from portal.papers.errors import FontsMissing

ROOT = Path(__file__).resolve().parents[4]
FILES = sorted(fonts.FOLDER.glob("*.ttf"))


def characters(family: str, style: str) -> set[int]:
    """The code points of one built font."""
    with TTFont(fonts.FOLDER / f"{family.replace(' ', '')}-{style}.ttf") as font:
        return set(font.getBestCmap())


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_sans_has_latin_vietnamese_cyrillic_greek_and_punctuation(style: str) -> None:
    wanted = "ÅÄÖåäöŠšŽžËëÇçĞğİıŞşÑñ¿¡Œœ Ạạệơưđ Əə ЇїЄєҐґ Ққ Ωα „”“’–—…•€№"
    assert {ord(c) for c in wanted} <= characters(fonts.SANS, style)


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_arabic_has_arabic_persian_sorani_and_urdu(style: str) -> None:
    wanted = "ابتةىئؤإأآ پچژگکی ڕڵۆێەھ ٹڈڑںےہ ٠١٩ ۰۱۹ ،؛؟ ًٌٍَُِّْ 0123456789"
    assert {ord(c) for c in wanted} <= characters(fonts.ARABIC, style)


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_han_has_all_of_gb2312(style: str) -> None:
    rows = (bytes([lead, trail]) for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF))
    common = {row.decode("gb2312", errors="ignore") for row in rows} - {""}
    assert len(common) == 6763
    assert {ord(c) for c in common} | {ord(c) for c in "，。；：？！“”（）《》、"} <= characters(
        fonts.HAN, style
    )


def test_the_built_fonts_are_small_static_truetype_under_their_own_names() -> None:
    assert len(FILES) == 6
    assert sum(file.stat().st_size for file in FILES) < 7_000_000
    for file in FILES:
        with TTFont(file) as font:
            assert {"glyf", "loca"} <= set(font.keys())
            assert not {"CFF ", "CFF2", "fvar", "fpgm"} & set(font.keys())
            assert font["name"].getDebugName(1) in fonts.FAMILIES
            assert "Open Font License" in font["name"].getDebugName(13)


def test_marks_are_drawn_in_their_place_without_width() -> None:
    with TTFont(fonts.FOLDER / "TietoniArabic-Regular.ttf") as font:
        order = font.getGlyphOrder()
        variation = [record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord]
        placed = len(order) - max(
            font.getGlyphID(name) for code, name in font.getBestCmap().items() if code < 0x0700
        )
        assert "liga" in variation
        assert placed > 1000
        assert sum(1 for name in order if font["hmtx"][name][0] == 0) > 1000


def test_marks_need_a_font_with_anchors() -> None:
    with TTFont("/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf") as font:
        before = len(font.getGlyphOrder())
        count = font_marks.place_marks(font)
        assert count > 1000
        assert len(font.getGlyphOrder()) == before + count


def test_nothing_is_built_where_nothing_changed() -> None:
    font_build.build()
    begun = time.perf_counter()
    assert font_build.build() is False
    assert time.perf_counter() - begun < 2


def test_the_tool_is_quick_and_silent_when_up_to_date() -> None:
    font_build.build()
    done = subprocess.run([sys.executable, ROOT / "tools" / "fonts.py"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="fonts-noto-core, fonts-noto-cjk"):
        font_build.build(tmp_path / "fonts", system=tmp_path / "nothing")
    assert not (tmp_path / "fonts").exists()


def test_a_missing_fontconfig_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FontsMissing, match="Install Debian's fontconfig"):
        font_build.build(tmp_path / "fonts")


def test_fonts_that_were_not_built_are_a_sentence_for_the_operator(tmp_path: Path) -> None:
    assert fonts.problem() is None
    assert "make setup" in (fonts.problem(tmp_path) or "")
    with pytest.raises(FontsMissing, match="fonts-noto-cjk"):
        fonts.use(tmp_path)
    with pytest.raises(FontsMissing, match="make setup"):
        fonts.missing_characters("a", folder=tmp_path)


def test_our_fonts_come_first_and_the_systems_behind_them() -> None:
    environment = {"FONTCONFIG_FILE": str(fonts.FOLDER / fonts.CONFIGURATION), "PATH": "/usr/bin:/bin"}
    listed = subprocess.run(
        ["fc-match", "--sort", "--format", "%{family[0]}\n", "sans-serif"],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert listed[:3] == list(fonts.FAMILIES)
    assert any(family.startswith("Noto Sans Ethiopic") for family in listed)


@pytest.mark.parametrize(
    "name",
    ["Нұрсұлтан Қазыбекұлы", "ሰላም ኪዳነ", "𠮷野 龘 王喆", "Nguyễn Thị Ánh", "کوردۆ ڕەشید", "می‌خواهم", "Þórður Ǆ", "Ọlá",
     "ﷲ", "தமிழ்", "မြန်မာ", "ქართული", "\u2066+358\u2069\n\t "],
)  # fmt: skip
def test_names_of_the_world_can_be_printed(name: str) -> None:
    assert fonts.missing_characters(name) == []


def test_what_cannot_be_printed_is_told_once_and_in_order() -> None:
    assert fonts.missing_characters("a\U000f0000b\ue000\U000f0000\x01\U0001f9ff\ud800") == [
        "\U000f0000", "\ue000", "\x01", "\U0001f9ff", "\ud800",
    ]  # fmt: skip
