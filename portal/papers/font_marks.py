"""Draws Arabic marks at their place while the fonts are built, so that the text of a PDF stays readable by programs.

A shadda or tanwin is a glyph of its own that the shaping engine lifts above its letter.  In a PDF it then stands on
another baseline than its word, and programs that read text by its position (pdftotext, search, copying) tear the word
apart: «تخصّني» comes out on three lines.  So for each letter form and mark the font gets a mark that is already drawn
in its place, without width, and a last substitution that takes it unless a second mark follows.  Letter and mark stay
two glyphs, each with its own character: a joined glyph with two characters comes out in the wrong order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

MARKS: Final = (*range(0x064B, 0x0653), 0x0670)
"""Fathatan to sukun, with shadda, and superscript alef: the marks of Arabic, Persian, Sorani and Urdu text."""

LETTERS: Final = (0x0620, 0x06FF)
"""First and last code point whose letters get placed marks (Unicode block Arabic)."""

_MARK_CLASS: Final = 3
_BASE_CLASS: Final = 1


def place_marks(font: TTFont) -> int:
    """Add the placed marks and their substitution to `font`, a TrueType font; gives how many marks were added."""
    classes = font["GDEF"].table.GlyphClassDef.classDefs
    every_mark = sorted(name for name, kind in classes.items() if kind == _MARK_CLASS)
    placed: dict[str, dict[str, str]] = defaultdict(dict)
    drawn = font.getGlyphSet()
    count = 0
    for base, mark, x, y in list(_pairs(font)):
        name = f"placed{count:04d}"
        pen = TTGlyphPen(drawn)
        pen.addComponent(mark, (1, 0, 0, 1, x, y))
        glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        font["glyf"][name] = glyph
        font["hmtx"][name] = (0, getattr(glyph, "xMin", 0))
        classes[name] = _MARK_CLASS
        placed[base][mark] = name
        count += 1
    font.setGlyphOrder(font["glyf"].glyphOrder)
    if placed:
        _substitute(font, placed, every_mark)
    return count


def _pairs(font: TTFont) -> Iterator[tuple[str, str, int, int]]:
    """Letter form, mark, and the offset that the font's own anchors give the mark, in font units."""
    letters, marks = _letter_forms(font), _marks(font)
    for table in _subtables(font, "GPOS", 4):
        anchors = dict(zip(table.BaseCoverage.glyphs, table.BaseArray.BaseRecord, strict=True))
        for mark, record in zip(table.MarkCoverage.glyphs, table.MarkArray.MarkRecord, strict=True):
            if mark not in marks:
                continue
            for base in sorted(letters & anchors.keys()):
                anchor = anchors[base].BaseAnchor[record.Class]
                if anchor is not None:
                    x = anchor.XCoordinate - record.MarkAnchor.XCoordinate
                    y = anchor.YCoordinate - record.MarkAnchor.YCoordinate
                    yield base, mark, x, y


def _marks(font: TTFont) -> set[str]:
    """The glyphs of the marks, and of two marks that the font draws as one (shadda with a vowel)."""
    cmap = font.getBestCmap()
    single = {cmap[mark] for mark in MARKS if mark in cmap}
    classes = font["GDEF"].table.GlyphClassDef.classDefs
    marks = {name for name, kind in classes.items() if kind == _MARK_CLASS}
    return single | {name for name in marks if "_" in name and set(name.split("_")) <= single}


def _letter_forms(font: TTFont) -> set[str]:
    """The glyphs of Arabic letters in all their joining forms, found by following the font's single substitutions."""
    forms = {name for code, name in font.getBestCmap().items() if LETTERS[0] <= code <= LETTERS[1]}
    singles = [table.mapping for table in _subtables(font, "GSUB", 1)]
    while new := {mapping[name] for mapping in singles for name in forms & mapping.keys()} - forms:
        forms |= new
    classes = font["GDEF"].table.GlyphClassDef.classDefs
    return {name for name in forms if classes.get(name) == _BASE_CLASS}


def _subtables(font: TTFont, tag: str, kind: int) -> Iterator[Any]:
    """All subtables of one lookup type, with extension lookups opened."""
    for lookup in font[tag].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            table = getattr(subtable, "ExtSubTable", subtable)
            if table.LookupType == kind:
                yield table


def _substitute(font: TTFont, placed: dict[str, dict[str, str]], every_mark: list[str]) -> None:
    """Append the substitution to the font's `liga` feature, which runs after all joining is done.

    fontTools writes a whole table from feature text, so the text is compiled beside the font and its lookups are moved
    over.
    """
    bases = " ".join(sorted(placed))
    marks = " ".join(sorted({mark for by_mark in placed.values() for mark in by_mark}))
    lookups, rules = [], []
    for number, (base, by_mark) in enumerate(sorted(placed.items())):
        singles = " ".join(f"sub {mark} by {name};" for mark, name in sorted(by_mark.items()))
        lookups.append(f"lookup B{number} {{ {singles} }} B{number};")
        rules.append(f"sub {base} [{' '.join(sorted(by_mark))}]' lookup B{number};")
    text = f"""
        {" ".join(lookups)}
        lookup PLACE {{
          ignore sub [{bases}] [{marks}]' [{" ".join(every_mark)}];
          {" ".join(rules)}
        }} PLACE;
        feature liga {{ lookup PLACE; }} liga;
    """
    scratch = TTFont()
    scratch.setGlyphOrder(font.getGlyphOrder())
    addOpenTypeFeaturesFromString(scratch, text, tables=["GSUB"])
    compiled = scratch["GSUB"].table
    table = font["GSUB"].table
    first = len(table.LookupList.Lookup)
    for lookup in compiled.LookupList.Lookup:
        for subtable in lookup.SubTable:
            _shift(subtable, first)
        table.LookupList.Lookup.append(lookup)
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    (place,) = (
        index for record in compiled.FeatureList.FeatureRecord for index in record.Feature.LookupListIndex
    )
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "liga":
            record.Feature.LookupListIndex.append(first + place)
            record.Feature.LookupCount = len(record.Feature.LookupListIndex)


def _shift(subtable: Any, by: int) -> None:
    """Renumber the lookups that a contextual subtable calls, in whichever of the three formats it was written."""
    for holder in (subtable, *_rules(subtable)):
        for record in getattr(holder, "SubstLookupRecord", None) or ():
            record.LookupListIndex += by


def _rules(subtable: Any) -> Iterator[Any]:
    for sets in ("ChainSubRuleSet", "ChainSubClassSet"):
        for rule_set in getattr(subtable, sets, None) or ():
            for rules in ("ChainSubRule", "ChainSubClassRule"):
                yield from getattr(rule_set, rules, None) or ()
