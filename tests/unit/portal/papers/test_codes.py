"""QR codes: the same each time, with their quiet zone, in a form that the renderer may show."""

from __future__ import annotations

import base64
import io
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from portal.papers import codes

ADDRESS = "https://tietoni.example/fi/verify/?code=7Q4M2XKP9T"


def pixels(address: str) -> Image.Image:
    """The picture in a data address."""
    head, _, body = address.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(body))).convert("L")


def test_a_png_is_black_on_white_with_four_modules_of_quiet_zone() -> None:
    picture = pixels(codes.qr_png(ADDRESS, pixels_per_module=2))
    assert picture.width == picture.height
    assert {value for _, value in picture.getcolors() or []} == {0, 255}
    quiet = codes.BORDER * 2
    assert picture.getpixel((quiet - 1, quiet - 1)) == 255
    assert picture.getpixel((quiet, quiet)) == 0


def test_the_three_finder_patterns_are_there() -> None:
    picture = pixels(codes.qr_png(ADDRESS, pixels_per_module=1))
    far = picture.width - codes.BORDER - 7
    for left, top in ((codes.BORDER, codes.BORDER), (far, codes.BORDER), (codes.BORDER, far)):
        ring = [picture.getpixel((left + at, top)) for at in range(7)]
        assert ring == [0] * 7
        assert [picture.getpixel((left + at, top + 3)) for at in range(7)] == [0, 255, 0, 0, 0, 255, 0]


def test_the_mask_is_fixed() -> None:
    # Format information (ISO/IEC 18004, 7.9): its first five bits, level and mask, are XORed with 10101.
    picture = pixels(codes.qr_png(ADDRESS, pixels_per_module=1))
    row = codes.BORDER + 8
    bits = [int(picture.getpixel((codes.BORDER + at, row)) == 0) for at in range(5)]
    level_and_mask = [bit ^ mask for bit, mask in zip(bits, (1, 0, 1, 0, 1), strict=True)]
    assert level_and_mask == [0, 0, *(int(digit) for digit in f"{codes.MASK:03b}")]


def test_the_same_text_gives_the_same_code() -> None:
    assert codes.qr_png(ADDRESS) == codes.qr_png(ADDRESS)
    assert codes.qr_png(ADDRESS) != codes.qr_png(ADDRESS + "x")


def test_an_svg_is_whole_and_refers_to_nothing() -> None:
    head, _, body = codes.qr_svg(ADDRESS).partition(",")
    assert head.startswith("data:image/svg+xml")
    drawing = ET.fromstring(unquote(body))  # noqa: S314  (our own drawing)
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert not any("href" in name for element in drawing.iter() for name in element.attrib)


@pytest.mark.parametrize("text", ["", "x" * 5000])
def test_no_text_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        codes.qr_png(text)
