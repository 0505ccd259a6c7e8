"""How wide a text will be: SVG wraps nothing by itself, and the reader's font is not known.

Widths are in em and on the wide side, measured on the system fonts of the look (look.md, "Type").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

_NARROW: Final = frozenset("ijlIftr.,;:!'’()|·-–/ ا")
_WIDE: Final = frozenset("mwMWщжшюЩЖШЮФ%@—…سشصضـ")
_ADVANCE_NARROW: Final = 0.36
_ADVANCE: Final = 0.58
_ADVANCE_WIDE: Final = 0.9
_ADVANCE_CAPITAL: Final = 0.7
_ADVANCE_CYRILLIC: Final = 0.63
_NOT_FIRST: Final = frozenset("，。、；：？！）》」』”’,.;:?!)")
"""Signs that never begin a line (UAX 14, classes CL and EX)."""


def width(text: str) -> float:
    """Return about how wide `text` is, in em."""
    return sum(map(_advance, text))


def wrapped(text: str, room: float) -> list[str]:
    """Return `text` in lines of at most `room` em, parted between words; a word too long for a line is broken."""
    lines = [""]
    for piece in _pieces(text, room):
        if lines[-1] and width((lines[-1] + piece).rstrip()) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines if line.strip()]


def _advance(sign: str) -> float:
    if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in _NARROW:
        return _ADVANCE_NARROW
    if sign in _WIDE:
        return _ADVANCE_WIDE
    if sign.isupper():
        return _ADVANCE_CAPITAL
    return _ADVANCE_CYRILLIC if "а" <= sign <= "ӿ" else _ADVANCE


def _pieces(text: str, room: float) -> Iterator[str]:
    """Yield what may stand at the end of a line: words with the space after them, and single Chinese characters."""
    for word in text.split():
        part = ""
        for place, sign in enumerate(word):
            wide = unicodedata.east_asian_width(sign) in "WF"
            # A hyphen of our own would be a letter of the word to who copies it; so a word breaks without.
            if part and sign not in _NOT_FIRST and (wide or width(part + sign) > room):
                yield part
                part = ""
            part += sign
            if place == len(word) - 1:
                yield part + " "
