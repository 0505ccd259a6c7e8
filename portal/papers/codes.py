"""QR codes for letters, as data addresses that `portal.papers.renderer` may be told to show.

A fixed mask makes the code the same each time and spares trying all eight; every reader follows it (ISO/IEC 18004).
"""

from __future__ import annotations

from typing import Any, Final

import segno

MASK: Final = 3
"""One of the eight data masks, 0 to 7; which one does not matter to readers."""

BORDER: Final = 4
"""The quiet zone around the code, in modules, as the standard asks."""


def qr_png(text: str, *, pixels_per_module: int = 4) -> str:
    """A QR code of `text` as `data:image/png;base64,…`, black on white, 15 % of it may be damaged (level M).

    The cheaper form for letters.  Raises `ValueError` when the text is empty or too long for one code.
    """
    address: str = _code(text).png_data_uri(
        scale=pixels_per_module, border=BORDER, dark="black", light="white"
    )
    return address


def qr_svg(text: str) -> str:
    """The same code as `data:image/svg+xml;…`, sharp at any size.  Raises `ValueError` like `qr_png`."""
    address: str = _code(text).svg_data_uri(
        border=BORDER, dark="black", light="white", xmldecl=False, svgns=True
    )
    return address


def _code(text: str) -> Any:
    if not text:
        raise ValueError("A QR code needs a text")
    return segno.make_qr(text, error="m", boost_error=False, mask=MASK)
