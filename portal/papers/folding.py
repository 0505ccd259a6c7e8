"""Pages two to a side of a sheet, so that sheets printed on both sides and folded once make a booklet.

A4 sheets folded to A5 are printed with "flip on short edge".  The pages are laid out one by one, in the order in which
they are read, and only the finished ones are moved to their places on the sheets: so the structure that a screen
reader follows stays in reading order, whatever the order on paper (PDF/UA-1, 7.1; docs/decisions/).

`fold` is handed the engine's own objects (pydyf's) and changes them in place; `portal.papers.renderer` calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pydyf

Side = tuple[int | None, int | None]
"""The pages on the left and on the right of one side of a sheet, from 0; None is left white."""

PAGES_OF_A_SHEET: Final = 4


def sides(pages: int, *, direction: Literal["ltr", "rtl"]) -> tuple[Side, ...]:
    """Return the sides of the sheets in the order of printing, the outermost sheet first, front before back.

    The last page is always the back of the booklet: white pages that fill the last sheet come before it.  A booklet
    read from right to left opens on the other edge, so each of its sides is the other way round.
    """
    white = -pages % PAGES_OF_A_SHEET
    order: list[int | None] = [*range(pages - 1), *[None] * white, pages - 1]
    found: list[Side] = []
    for sheet in range(len(order) // PAGES_OF_A_SHEET):
        first, last = 2 * sheet, len(order) - 1 - 2 * sheet
        found += [(order[last], order[first]), (order[first + 1], order[last - 1])]
    return tuple(found if direction == "ltr" else [(right, left) for left, right in found])


def fold(pdf: Any, *, direction: Literal["ltr", "rtl"]) -> None:
    """Move the pages of a tagged PDF, all of one size, to the sides of its sheets, each twice as wide.

    Raises ValueError for links from page to page, which the portal's booklets have none of.
    """
    if "Dests" in pdf.catalog.get("Names", {}):
        raise ValueError("A booklet has no links inside itself")
    numbers: list[int] = pdf.pages["Kids"][::3]
    pages = [pdf.objects[number] for number in numbers]
    tree = pdf.objects[_number(pdf.objects[_number(pdf.catalog["StructTreeRoot"])]["ParentTree"])]
    parents: list[Any] = tree["Nums"]
    contents: list[Any] = parents[1 : 2 * len(pages) : 2]
    _, _, width, height = pages[0]["MediaBox"]

    sheets: list[Any] = []
    nums: list[Any] = []
    moves: dict[bytes, tuple[_Move, bytes]] = {}
    for number, side in enumerate(sides(len(pages), direction=direction)):
        moved = list(_moves(side, contents, width=width))
        sheet = pages[moved[0].page] if moved else _white(pdf)
        sheet |= dict.fromkeys(("MediaBox", "TrimBox", "BleedBox"), pydyf.Array([0, 0, 2 * width, height]))
        sheets.append(sheet)
        if moved:
            _fill(sheet, pdf, pages, moved, number=number)
        moves |= {pages[move.page].reference: (move, sheet.reference) for move in moved}
        nums += [number, pydyf.Array(parent for move in moved for parent in contents[move.page])]
    _follow(pdf.objects, moves)
    tree["Nums"] = pydyf.Array([*nums, *parents[2 * len(pages) :]])
    pdf.pages["Kids"] = pydyf.Array(part for sheet in sheets for part in (sheet.number, 0, "R"))
    pdf.pages["Count"] = len(sheets)
    # Asked for where the reader prints: both sides, turned over the short edge, not scaled (ISO 32000-1, table 150).
    pdf.catalog["ViewerPreferences"] |= {"Duplex": "/DuplexFlipShortEdge", "PrintScaling": "/None"}


@dataclass(frozen=True, slots=True)
class _Move:
    """One page's way to its sheet: how far to the right, and behind how many pieces of tagged content."""

    page: int
    right: float
    behind: int


def _moves(side: Side, contents: list[Any], *, width: float) -> Iterator[_Move]:
    """Yield the moves to one side in the order in which its pages are read."""
    behind = 0
    places = {page: place * width for place, page in enumerate(side) if page is not None}
    for page in sorted(places):
        yield _Move(page, places[page], behind)
        behind += len(contents[page])


def _white(pdf: Any) -> Any:
    """Return a new page with nothing on it."""
    page = pydyf.Dictionary(
        {"Type": "/Page", "Parent": pdf.pages.reference, "Resources": pydyf.Dictionary(), "Tabs": "/S"}
    )
    pdf.add_object(page)
    return page


def _fill(sheet: Any, pdf: Any, pages: list[Any], moves: list[_Move], *, number: int) -> None:
    """Give one side of a sheet the content of its pages; the page objects that are no longer needed are emptied."""
    streams, links = pydyf.Array(), pydyf.Array()
    for move in moves:
        page = pages[move.page]
        stream = pdf.objects[_number(page["Contents"])]
        for item in stream.stream:
            if isinstance(item, pydyf.Dictionary) and "MCID" in item:
                item["MCID"] += move.behind
        stream.stream = [b"q", f"1 0 0 1 {move.right:g} 0 cm".encode(), *stream.stream, b"Q"]
        streams.append(stream.reference)
        for link in page.get("Annots", ()):
            rectangle = pdf.objects[_number(link)]["Rect"]
            rectangle[0::2] = [edge + move.right for edge in rectangle[0::2]]
            links.append(link)
        if page is not sheet:
            page.clear()
    sheet |= {"Contents": streams, "StructParents": number}
    if links:
        sheet["Annots"] = links


def _follow(objects: Iterable[Any], moves: Mapping[bytes, tuple[_Move, bytes]]) -> None:
    """Turn what names a page, or a piece of its content, to the page's new place."""
    for item in objects:
        if not isinstance(item, pydyf.Dictionary):
            continue
        if item.get("Pg") in moves:
            move, item["Pg"] = moves[item["Pg"]]
            if "K" in item:
                item["K"] = pydyf.Array(
                    kid + move.behind if isinstance(kid, int) else kid for kid in item["K"]
                )
        if "Dest" in item and item["Dest"][0] in moves:
            # A bookmark: page, /XYZ, left, top, zoom.
            move, item["Dest"][0] = moves[item["Dest"][0]]
            item["Dest"][2] += move.right


def _number(reference: bytes) -> int:
    """The number of an object out of its reference, `12 0 R`."""
    return int(reference.split()[0])
