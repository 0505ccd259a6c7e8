"""Builds the letters' fonts out of Debian's Noto packages: static TrueType subsets, their Fontconfig file, coverage.

Run through `tools/fonts.py`; needs fontTools and Debian's fonts-noto-core, fonts-noto-cjk and fontconfig, and nothing
of Django.  Static TrueType because the PDF engine is slowest and heaviest with collections, variable fonts and CFF
outlines: the system's CJK collection alone costs hundreds of megabytes of memory where the subset costs a few.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

from portal.papers import font_marks, fonts
from portal.papers.errors import FontsMissing

SYSTEM: Final = Path("/usr/share/fonts")
"""Where Debian puts fonts; also searched for rare characters, with /usr/local/share/fonts."""


@dataclass(frozen=True, slots=True)
class Source:
    """One font to build: Debian's file, the face inside it, our family and style, and how its characters are chosen."""

    file: Path
    family: str
    bold: bool
    characters: Callable[[], set[int]]
    face: int = 0

    @property
    def target(self) -> str:
        """File name of the built font."""
        return f"{self.family.replace(' ', '')}-{'Bold' if self.bold else 'Regular'}.ttf"


def build(folder: Path = fonts.FOLDER, *, system: Path = SYSTEM, force: bool = False) -> bool:
    """Build everything into `folder` unless it is up to date; gives whether anything was built.

    Safe to run twice at once: the second run waits and then finds the work done.  Raises `FontsMissing` when a
    package is not installed.
    """
    sources = _sources(system)
    if absent := [str(source.file) for source in sources if not source.file.is_file()]:
        wanted = ", ".join(fonts.PACKAGES)
        raise FontsMissing(
            f"Cannot build the letters' fonts: {absent[0]} is missing. Install Debian's {wanted}."
        )
    if shutil.which("fc-list") is None:
        raise FontsMissing(
            "Cannot build the letters' fonts: fc-list is missing. Install Debian's fontconfig."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.with_name(f".{folder.name}.lock")):
        stamp = _stamp(sources, folder=folder, system=system)
        kept = folder / fonts.STAMP
        if not force and kept.is_file() and kept.read_text(encoding="ascii") == stamp:
            return False
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        with ProcessPoolExecutor(max_workers=2) as pool:
            list(pool.map(_make, sources, [fresh] * len(sources)))
        _write_configuration(fresh / fonts.CONFIGURATION, folder=folder, system=system)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
        _write_coverage(folder)
        kept.write_text(stamp, encoding="ascii")
    return True


def _sources(system: Path) -> list[Source]:
    """The six fonts, the slow ones first so that two processes share the work evenly."""
    noto, cjk = system / "truetype" / "noto", system / "opentype" / "noto"
    return [
        *(
            Source(cjk / f"NotoSansCJK-{style}.ttc", fonts.HAN, style == "Bold", _han, face=2)
            for style in ("Regular", "Bold")
        ),
        *(
            Source(noto / f"NotoNaskhArabic-{style}.ttf", fonts.ARABIC, style == "Bold", _arabic)
            for style in ("Regular", "Bold")
        ),
        *(
            Source(noto / f"NotoSans-{style}.ttf", fonts.SANS, style == "Bold", _latin)
            for style in ("Regular", "Bold")
        ),
    ]


def _latin() -> set[int]:
    """Latin with all its extensions (Vietnamese, Azerbaijani, Somali …), Greek, Cyrillic, and print's punctuation."""
    blocks = (
        (0x0020, 0x036F), (0x0370, 0x03FF), (0x0400, 0x052F), (0x1E00, 0x1EFF), (0x2000, 0x209F), (0x20A0, 0x20CF),
        (0x2100, 0x218F), (0x2200, 0x22FF), (0x25A0, 0x25FF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF), (0xFB00, 0xFB06),
        (0xFFFD, 0xFFFD),
    )  # fmt: skip
    return _union(blocks)


def _arabic() -> set[int]:
    """The whole Arabic script: Arabic, Persian, Sorani, Urdu and the rest, with its digits and punctuation."""
    blocks = (
        (0x0020, 0x007E), (0x00A0, 0x00BF), (0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0x2000, 0x206F),
        (0xFB50, 0xFDFF), (0xFE70, 0xFEFF),
    )  # fmt: skip
    return _union(blocks)


def _han() -> set[int]:
    """GB 2312 (6,763 characters, the common ones), its punctuation, full-width forms, and the Latin of addresses."""
    lead, trail = range(0xA1, 0xF8), range(0xA1, 0xFF)
    codes = bytes(value for first in lead for second in trail for value in (first, second))
    text = codes.decode("gb2312", errors="ignore")
    blocks = ((0x0020, 0x017F), (0x2010, 0x2060), (0x3000, 0x303F), (0xFF00, 0xFFEF))
    return {ord(character) for character in text} | _union(blocks)


def _union(blocks: Iterable[tuple[int, int]]) -> set[int]:
    return {code for first, last in blocks for code in range(first, last + 1)}


def _make(source: Source, folder: Path) -> None:
    """Subset, turn into TrueType outlines, place Arabic marks, rename, save."""
    font = TTFont(source.file, fontNumber=source.face, lazy=True)
    options = subset.Options(
        hinting=False, desubroutinize=True, name_IDs=["*"], notdef_outline=True, glyph_names=False,
        drop_tables=["BASE", "DSIG", "VORG", "vhea", "vmtx", "STAT", "MVAR"],
    )  # fmt: skip
    if source.family == fonts.HAN:
        # The alternates for other countries, for vertical text and for half widths would double the font.
        options.layout_features = ["ccmp", "liga", "kern", "mark", "mkmk"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=source.characters())
    subsetter.subset(font)
    if "CFF " in font:
        _to_truetype(font)
    if source.family == fonts.ARABIC:
        font_marks.place_marks(font)
    _rename(font, source)
    font.save(folder / source.target)


def _to_truetype(font: TTFont) -> None:
    """Replace cubic CFF outlines by quadratic ones, within one unit in a thousand; the shapes stay, the order too."""
    order = font.getGlyphOrder()
    drawn = font.getGlyphSet()
    glyphs: dict[str, Any] = {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    outlines = font["glyf"] = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, glyphs
    del font["CFF "]
    outlines.compile(font)
    for name, glyph in glyphs.items():
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    limits = font["maxp"] = newTable("maxp")
    limits.tableVersion, limits.numGlyphs = 0x00010000, len(order)
    limits.maxZones = 1
    for name in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements",
    ):  # fmt: skip
        setattr(limits, name, 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def _rename(font: TTFont, source: Source) -> None:
    """Give the subset a name of its own; copyright and licence (SIL OFL 1.1) stay as they are."""
    style = "Bold" if source.bold else "Regular"
    names = font["name"]
    copyright_and_licence = {0: None, 13: None, 14: None}
    for number in copyright_and_licence:
        copyright_and_licence[number] = names.getDebugName(number)
    names.names = []
    ours = {
        **copyright_and_licence,
        1: source.family, 2: style, 3: f"{source.family} {style}", 4: f"{source.family} {style}",
        5: "Version 1.000", 6: f"{source.family.replace(' ', '')}-{style}",
    }  # fmt: skip
    for number, text in ours.items():
        if text:
            names.setName(text, number, 3, 1, 0x409)
    font["head"].created = font["head"].modified = 0
    font.recalcTimestamp = False


def _write_configuration(path: Path, *, folder: Path, system: Path) -> None:
    """Our folder first, the system's fonts behind it, nothing of the machine's own settings: all print alike."""
    generic = "\n".join(
        f"<alias binding='same'><family>{name}</family><prefer>"
        + "".join(f"<family>{family}</family>" for family in fonts.FAMILIES)
        + "</prefer></alias>"
        for name in ("sans-serif", "serif", "monospace", "system-ui")
    )
    behind = "".join(
        f"<string>{name}</string>" for name in (*fonts.FAMILIES, "Noto Sans", "Noto Sans CJK SC")
    )
    path.write_text(
        f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>{escape(str(folder))}</dir>
<dir>{escape(str(system))}</dir>
<dir>/usr/local/share/fonts</dir>
<cachedir>{escape(str(folder))}/cache</cachedir>
<!-- What cannot be embedded in a PDF/A, or needs colour, is no help. -->
<selectfont><rejectfont>
<pattern><patelt name="scalable"><bool>false</bool></patelt></pattern>
<pattern><patelt name="color"><bool>true</bool></patelt></pattern>
<pattern><patelt name="variable"><bool>true</bool></patelt></pattern>
<pattern><patelt name="fontformat"><string>Type 1</string></patelt></pattern>
</rejectfont></selectfont>
{generic}
<match target="pattern">
<edit name="family" mode="append" binding="weak">{behind}</edit>
</match>
<match target="font">
<edit name="hinting" mode="assign"><bool>false</bool></edit>
<edit name="autohint" mode="assign"><bool>false</bool></edit>
</match>
</fontconfig>
""",
        encoding="utf-8",
    )


def _write_coverage(folder: Path) -> None:
    """Ask Fontconfig, under our configuration, which characters its fonts have; also fills its cache in the folder."""
    listing = subprocess.run(
        ["fc-list", "--format", "%{charset}\n"],  # noqa: S607  (Debian's fontconfig, wherever PATH has it)
        env={**os.environ, "FONTCONFIG_FILE": str(folder / fonts.CONFIGURATION)},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    covered = sorted({_range(token) for token in set(listing.split())})
    merged: list[tuple[int, int]] = []
    for first, last in covered:
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    lines = "".join(f"{first:x}-{last:x}\n" for first, last in merged)
    (folder / fonts.COVERAGE).write_text(lines, encoding="ascii")


def _range(token: str) -> tuple[int, int]:
    first, _, last = token.partition("-")
    return int(first, 16), int(last or first, 16)


def _stamp(sources: list[Source], *, folder: Path, system: Path) -> str:
    """A fingerprint of everything that the result depends on; cheap, as it reads no font."""
    parts = [str(folder)]
    for source in sources:
        state = source.file.stat()
        parts.append(f"{source.file} {state.st_size} {state.st_mtime_ns}")
    recipes = (Path(__file__), Path(font_marks.__file__), Path(fonts.__file__))
    parts.extend(hashlib.sha256(recipe.read_bytes()).hexdigest() for recipe in recipes)
    # A package of fonts that comes or goes changes its directory, and with it which characters can be printed.
    for directory in (system, Path("/usr/local/share/fonts")):
        for place, _, _ in sorted(os.walk(directory)):
            parts.append(f"{place} {Path(place).stat().st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the build lock; released by the system even when the process is killed."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
