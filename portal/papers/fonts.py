"""The letters' fonts: where they are, how the engine finds them, and which characters they can print.

`tools/fonts.py` (run by `make setup`) builds small static subsets out of Debian's Noto packages into
`build/fonts/`, with a Fontconfig configuration of their own that puts them first and leaves the system's fonts
behind them, so that a rare character in a name prints as itself and not as a box.  This module only reads what was
built; nothing here needs fontTools, WeasyPrint or Django.
"""

from __future__ import annotations

import bisect
import functools
import os
import unicodedata
from pathlib import Path
from typing import Final

from portal.papers.errors import FontsMissing

FOLDER: Final = Path(__file__).resolve().parents[2] / "build" / "fonts"
"""Where the built fonts live; outside version control."""

PACKAGES: Final = ("fonts-noto-core", "fonts-noto-cjk", "fontconfig")
"""The Debian packages that the fonts are built from."""

SANS: Final = "Tietoni Sans"
ARABIC: Final = "Tietoni Arabic"
HAN: Final = "Tietoni Han"
FAMILIES: Final = (SANS, ARABIC, HAN)
"""Family names of the built subsets: own names, so that no system font can be taken for one of them."""

STAMP: Final = "stamp"
COVERAGE: Final = "coverage.txt"
CONFIGURATION: Final = "fonts.conf"

_ASK: Final = f"install Debian's {', '.join(PACKAGES)} and run `make setup` (or `python tools/fonts.py`)"


def problem(folder: Path = FOLDER) -> str | None:
    """None when the built fonts are there, else one sentence for the operator that says what to do."""
    wanted = (STAMP, COVERAGE, CONFIGURATION)
    if all((folder / name).is_file() for name in wanted):
        return None
    return f"The letters' fonts are not in {folder}: {_ASK}."


def use(folder: Path = FOLDER) -> Path:
    """Point Fontconfig, for the rest of this process, at the built fonts; gives the configuration file.

    The variable stays set: Pango reads it again from a thread of its own, and taking it back under that thread would
    be a race.  Raises `FontsMissing`.
    """
    if reason := problem(folder):
        raise FontsMissing(reason)
    configuration = folder / CONFIGURATION
    os.environ["FONTCONFIG_FILE"] = str(configuration)
    return configuration


def missing_characters(text: str, *, folder: Path = FOLDER) -> list[str]:
    """The characters of `text` that no installed font can print, each once, in order of appearance.

    White space and invisible formatting (joiners, direction marks, variation selectors) never count.  Raises
    `FontsMissing` while the fonts are not built.
    """
    starts, ends = _coverage(folder)
    found: dict[str, None] = {}
    for character in text:
        if character in found or character.isspace() or _is_invisible(character):
            continue
        place = bisect.bisect_right(starts, ord(character)) - 1
        # Some fonts claim the control characters, and print nothing or a picture for them.
        control = unicodedata.category(character) in {"Cc", "Cs"}
        if control or place < 0 or ord(character) > ends[place]:
            found[character] = None
    return list(found)


def _is_invisible(character: str) -> bool:
    """Default-ignorable characters draw nothing in any font (Unicode, chapter 5.21)."""
    return (
        unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or character == "\u034f"
    )


def _coverage(folder: Path) -> tuple[list[int], list[int]]:
    """First and last code point of each covered range, sorted; read again only when the fonts are built anew."""
    path = folder / COVERAGE
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise FontsMissing(problem(folder) or f"{path} is missing: {_ASK}.") from None
    return _read_coverage(path, changed)


@functools.lru_cache(maxsize=4)
def _read_coverage(path: Path, _changed: int) -> tuple[list[int], list[int]]:
    pairs = [line.split("-") for line in path.read_text(encoding="ascii").split()]
    return [int(first, 16) for first, _ in pairs], [int(last, 16) for _, last in pairs]
