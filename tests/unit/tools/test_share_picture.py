"""The share picture is a whole PNG that shows the mark, and a mark that can't be drawn is refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from tools import share_picture
from tools.share_picture import HEIGHT, MARK, WIDTH, boxes, colour, png, rows

PINE, PAPER = colour("#0b5351"), colour("#fbf8f3")


def pixels() -> list[bytes]:
    return list(rows(list(boxes(MARK.read_text(encoding="utf-8")))))


def test_the_picture_is_a_whole_png_with_the_mark_in_its_middle() -> None:
    lines = pixels()
    file = png(iter(lines))
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    at, kinds, data = 8, [], b""
    while at < len(file):
        (size,) = struct.unpack(">I", file[at : at + 4])
        kind, content = file[at + 4 : at + 8], file[at + 8 : at + 8 + size]
        assert struct.unpack(">I", file[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + content)
        kinds.append(kind)
        data += content if kind == b"IDAT" else b""
        at += 12 + size
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    assert zlib.decompress(data) == b"".join(b"\0" + line for line in lines)
    assert (len(lines), {len(line) for line in lines}) == (HEIGHT, {WIDTH * 3})

    def at_point(x: int, y: int) -> tuple[int, ...]:
        return tuple(lines[y][x * 3 : x * 3 + 3])

    assert at_point(2, 2) == PAPER
    # The mark: pine, and on it a sheet of paper.
    assert at_point(WIDTH // 2 - 200, HEIGHT // 2) == PINE
    assert at_point(WIDTH // 2, HEIGHT // 2 - 150) == PAPER
    # Its corners are round.
    assert at_point(WIDTH // 2 - 222, HEIGHT // 2 - 222) == PAPER


@pytest.mark.parametrize(
    "shape",
    [
        '<circle cx="1" cy="1" r="1" fill="#000000"/>',
        '<path d="M1 1L5 5" stroke="#000000" stroke-width="1"/>',
        '<rect x="1" y="1" width="2" height="2" fill="red"/>',
    ],
)
def test_a_mark_that_cannot_be_drawn_is_refused(shape: str) -> None:
    with pytest.raises(ValueError, match=r"can.t be drawn|not a colour"):
        list(boxes(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{shape}</svg>'))


def test_a_broken_mark_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "mark.svg"
    broken.write_text("<svg")
    monkeypatch.setattr(share_picture, "MARK", broken)
    assert share_picture.main() == 1
    assert "favicon.svg" in capsys.readouterr().err
