"""Draws the picture that goes with a shared link, out of the mark: build/share/share.png; run by `make setup`.

Standard library only. It understands what static/favicon.svg is made of, rectangles and strokes along the axes, and
refuses anything else, so that a new mark can't be drawn wrong.
"""

from __future__ import annotations

import math
import re
import struct
import sys
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A script's own folder is on the path, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.setup import BUILD, ROOT

MARK = ROOT / "static" / "favicon.svg"
PICTURE = BUILD / "share" / "share.png"
WIDTH, HEIGHT = 1200, 630
"""What the shared links of the large networks show without cutting (1.91 : 1)."""

PAPER = "#fbf8f3"
MARK_SIZE = 448

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners, in pixels of the picture."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    colour: Colour

    def cover(self, x: int, y: int) -> float:
        """Return how much of a pixel the box covers, from 0 to 1."""
        # The distance of the pixel's middle from the box whose corners are round (negative inside it).
        across = abs(x + 0.5 - self.x - self.width / 2) - self.width / 2 + self.radius
        down = abs(y + 0.5 - self.y - self.height / 2) - self.height / 2 + self.radius
        outside = math.hypot(max(across, 0.0), max(down, 0.0))
        return min(1.0, max(0.0, 0.5 - (outside + min(max(across, down), 0.0) - self.radius)))


def colour(text: str) -> Colour:
    """Return `#rrggbb` as three numbers; raises ValueError for anything else."""
    if not re.fullmatch("#[0-9a-f]{6}", text):
        raise ValueError(f"not a colour: {text}")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def boxes(svg: str) -> Iterator[Box]:
    """Yield what the mark is made of, from back to front; raises ValueError for what can't be drawn."""
    root = ET.fromstring(svg)  # noqa: S314 — a file of this repository.
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    scale = MARK_SIZE / max(width, height)
    left, top = (WIDTH - width * scale) / 2, (HEIGHT - height * scale) / 2

    def scaled(x: float, y: float, wide: float, high: float, radius: float, paint: str) -> Box:
        return Box(
            left + x * scale, top + y * scale, wide * scale, high * scale, radius * scale, colour(paint)
        )

    for shape in root:
        kind, of = shape.tag.rpartition("}")[2], shape.attrib
        if kind == "rect":
            x, y, wide, high, radius = (float(of.get(key, 0)) for key in ("x", "y", "width", "height", "rx"))
            yield scaled(x, y, wide, high, radius, of["fill"])
        elif kind == "path" and re.fullmatch(r"(M[\d.]+ [\d.]+h[\d.]+)+", of["d"]):
            thick = float(of["stroke-width"])
            for x, y, wide in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", of["d"]):
                yield scaled(float(x), float(y) - thick / 2, float(wide), thick, 0, of["stroke"])
        else:
            raise ValueError(f"the mark has a shape that can't be drawn: {kind} {of.get('d', '')}")


def rows(shapes: list[Box]) -> Iterator[bytes]:
    """Yield the picture row by row, three bytes a pixel."""
    paper = colour(PAPER)
    for y in range(HEIGHT):
        row = [paper] * WIDTH
        for box in shapes:
            if not box.y - 1 < y < box.y + box.height + 1:
                continue
            for x in range(max(0, int(box.x) - 1), min(WIDTH, int(box.x + box.width) + 2)):
                if cover := box.cover(x, y):
                    row[x] = _mixed(row[x], box.colour, cover)
        yield b"".join(map(bytes, row))


def _mixed(under: Colour, over: Colour, cover: float) -> Colour:
    red, green, blue = (round(a + (b - a) * cover) for a, b in zip(under, over, strict=True))
    return red, green, blue


def png(lines: Iterator[bytes]) -> bytes:
    """Return rows of pixels as a PNG file (ISO/IEC 15948): 8 bits a channel, no filter."""
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def main() -> int:
    """Draw the picture; return the exit status."""
    try:
        content = png(rows(list(boxes(MARK.read_text(encoding="utf-8")))))
    except (OSError, ValueError, KeyError, ET.ParseError) as error:
        print(f"static/favicon.svg: {error}", file=sys.stderr)
        return 1
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
