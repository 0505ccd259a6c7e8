"""Folding: every page once and in its place on paper, and everything that names a page follows it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pikepdf
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.papers.errors import RenderFailed
from portal.papers.folding import Side, sides
from portal.papers.renderer import Rendered
from tests.unit.portal.papers import samples

Direction = Literal["ltr", "rtl"]

SHEET = "@page { size: 148.5mm 210mm; margin: 10mm } section { break-before: page }"
WORDS = (
    "ensimmäinen",
    "toinen",
    "kolmas",
    "neljäs",
    "viides",
    "kuudes",
    "seitsemäs",
    "kahdeksas",
    "yhdeksäs",
)


def leaves(found: tuple[Side, ...], direction: Direction) -> Iterator[int | None]:
    """Print the sides on both sides of sheets, turn each over its short edge, fold, and turn the leaves.

    Behind the left half of a side lies the right half of its sheet's other side.
    """
    fronts, backs = found[0::2], found[1::2]
    sheets = list(zip(fronts, backs, strict=True))
    if direction == "rtl":  # It opens on the other edge: seen in a mirror.
        sheets = [((front[1], front[0]), (back[1], back[0])) for front, back in sheets]
    for front, back in sheets:
        yield from (front[1], back[0])
    for front, back in reversed(sheets):
        yield from (back[1], front[0])


@pytest.mark.parametrize(
    ("pages", "direction", "found"),
    [
        (4, "ltr", ((3, 0), (1, 2))),
        (4, "rtl", ((0, 3), (2, 1))),
        (8, "ltr", ((7, 0), (1, 6), (5, 2), (3, 4))),
        (8, "rtl", ((0, 7), (6, 1), (2, 5), (4, 3))),
        (3, "ltr", ((2, 0), (1, None))),
        (2, "rtl", ((0, 1), (None, None))),
        (5, "ltr", ((4, 0), (1, None), (None, 2), (3, None))),
    ],
)
def test_sides(pages: int, direction: Direction, found: tuple[Side, ...]) -> None:
    assert sides(pages, direction=direction) == found


@given(pages=st.integers(1, 60), direction=st.sampled_from(["ltr", "rtl"]))
def test_folded_and_opened_the_pages_come_in_order(pages: int, direction: Direction) -> None:
    read = list(leaves(sides(pages, direction=direction), direction))
    assert [page for page in read if page is not None] == list(range(pages))
    assert len(read) % 4 == 0
    assert len(read) - pages < 4
    assert read[-1] == pages - 1


def booklet(folder: Path, *, pages: int, direction: Direction = "ltr", more: str = "") -> Rendered:
    """A booklet with a heading, a link and a picture on each of its pages."""
    sheet = folder / "booklet.css"
    sheet.write_text(SHEET)
    texts = "".join(
        f'<section><h1>{word}</h1><p>Sivu <a href="https://{number}.example/">{number}</a> ja {word}.</p>'
        f'<img alt="QR {number}" src="{samples.QR}"></section>'
        for number, word in enumerate(WORDS[:pages])
    )
    return samples.make(f"<main>{texts}{more}</main>", stylesheet=sheet, fold=direction)


@pytest.mark.parametrize("pages", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_booklet_keeps_both_standards(tmp_path: Path, pages: int, direction: Direction) -> None:
    made = booklet(tmp_path, pages=pages, direction=direction)
    assert made.pages == pages
    assert samples.failures(made.pdf) == []
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        assert len(document.pages) == len(sides(pages, direction=direction))
        for page in document.pages:
            assert [float(edge) for edge in page.MediaBox] == pytest.approx([0, 0, 841.89, 595.28], abs=0.01)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_structure_stays_in_reading_order(tmp_path: Path, direction: Direction) -> None:
    found = samples.elements(booklet(tmp_path, pages=4, direction=direction).pdf)
    assert [item["Alt"] for item in found if item["S"] == "/Figure"] == [
        f"QR {number}" for number in range(4)
    ]
    kinds = [item["S"] for item in found if item["S"] in ("/H1", "/Link", "/Figure")]
    assert kinds == ["/H1", "/Link", "/Figure"] * 4


def tagged(page: Any) -> dict[int, int]:
    """How many pieces of content of a page carry each number."""
    found: dict[int, int] = {}
    instructions: list[Any] = list(pikepdf.parse_content_stream(page))
    for operands, operator in instructions:
        if str(operator) == "BDC":
            number = int(operands[1].MCID)
            found[number] = found.get(number, 0) + 1
    return found


def test_every_piece_of_content_has_one_place_in_the_structure(tmp_path: Path) -> None:
    made = booklet(tmp_path, pages=8)
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        tree: Any = document.Root.StructTreeRoot.ParentTree.Nums
        parents = {int(tree[place]): tree[place + 1] for place in range(0, len(tree), 2)}
        for page in document.pages:
            pieces = tagged(page)
            owners = parents[int(page.StructParents)]
            assert sorted(pieces) == list(range(len(owners)))
            assert set(pieces.values()) == {1}
            for number, owner in enumerate(owners):
                assert owner.Pg.objgen == page.obj.objgen
                assert number in [int(kid) for kid in owner.K if not isinstance(kid, pikepdf.Dictionary)]


def test_words_links_and_bookmarks_are_on_their_half(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(io.BytesIO(booklet(tmp_path, pages=4).pdf))
    bookmarks: Any = reader.outline
    targets = {mark.title: (reader.get_destination_page_number(mark), float(mark.left)) for mark in bookmarks}
    middle = 841.89 / 2
    for number, side in enumerate(sides(4, direction="ltr")):
        page = reader.pages[number]
        found: dict[str, float] = {}

        def note(text: str, _cm: Any, matrix: Any, *_: Any, found: dict[str, float] = found) -> None:
            if text.strip() in WORDS:
                found[text.strip()] = matrix[4] + _cm[4]

        page.extract_text(visitor_text=note)
        annotations: Any = page["/Annots"]
        links = {item.get_object()["/A"]["/URI"]: item.get_object()["/Rect"] for item in annotations}
        for place, own in enumerate(side):
            assert own is not None
            left, right = place * middle, (place + 1) * middle
            assert left < found[WORDS[own]] < right
            rectangle = [float(edge) for edge in links[f"https://{own}.example/"]]
            assert left < rectangle[0] < rectangle[2] < right
            shown, edge = targets[WORDS[own]]
            assert shown == number
            assert left <= edge < right


def test_a_reader_is_told_how_to_print_it(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(booklet(tmp_path, pages=4).pdf)) as document:
        wishes = document.Root.ViewerPreferences
        assert (str(wishes.Duplex), str(wishes.PrintScaling)) == ("/DuplexFlipShortEdge", "/None")
        assert wishes.DisplayDocTitle


def test_a_link_inside_a_booklet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match="ValueError"):
        booklet(tmp_path, pages=4, more='<p id="here"><a href="#here">x</a></p>')


def test_the_same_booklet_has_the_same_bytes(tmp_path: Path) -> None:
    assert booklet(tmp_path, pages=5).pdf == booklet(tmp_path, pages=5).pdf
